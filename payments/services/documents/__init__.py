"""Invoices and credit notes: numbered without a gap, frozen as issued, printed once.

`numbering` gives numbers, `issuing` the documents under them, `content` and its neighbours say what is on the page, `einvoice` says it
to machines, `printing` makes the PDF of both and `making` keeps it.
"""

from payments.services.documents.bundling import zipped
from payments.services.documents.issuing import (
    catch_up,
    credit_note,
    edited,
    happened,
    invoice_of,
    missing,
    of_order,
)
from payments.services.documents.making import Altered, ask_for, is_told, make, pdf_of, untold
from payments.services.documents.numbering import change, series_of

__all__ = [
    "Altered",
    "ask_for",
    "catch_up",
    "change",
    "credit_note",
    "edited",
    "happened",
    "invoice_of",
    "is_told",
    "make",
    "missing",
    "of_order",
    "pdf_of",
    "series_of",
    "untold",
    "zipped",
]
