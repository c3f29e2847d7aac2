"""What staff may ask of the dashboard and the books, read from the address."""

from analytics.forms.questions import (
    EARLIEST,
    LONGEST,
    CellForm,
    OrdersForm,
    PeriodForm,
    Question,
    TaxForm,
)

__all__ = [
    "EARLIEST",
    "LONGEST",
    "CellForm",
    "OrdersForm",
    "PeriodForm",
    "Question",
    "TaxForm",
]
