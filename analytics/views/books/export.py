"""The accountant's files: every line of some days, and the chart of accounts."""

from collections.abc import Iterator

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import DaysForm
from analytics.queries.books.journal import lines_in_order
from analytics.views.books.access import readers_only
from analytics.views.sheets import Row, attachment
from payments.models import JournalEntry, JournalLine, LedgerAccount
from payments.services.books.chart import books_currency
from shop.lib.batches import read_in_parts
from shop.lib.money import ZERO

AT_ONCE = 2000
# Explained column by column in docs/accountant.md; new ones are added at the end.
HEAD = (
    *("entry_id", "line_id", "date", "booked_at", "kind", "source", "reverses", "order", "memo"),
    *("account_number", "account_name", "account_kind", "debit", "credit", "books_currency"),
    *("amount", "currency", "exchange_rate", "tax_country", "tax_territory", "tax_rate"),
    "booked_by",
)
COLUMNS = (
    *("entry_id", "pk", "entry__on", "entry__at", "entry__kind", "entry__source"),
    *("entry__reverses__source", "entry__order__number", "entry__memo", "account__code"),
    *("account__name", "account__kind", "base", "amount", "entry__currency", "entry__rate"),
    *("country", "region", "tax_rate", "entry__actor__email"),
)
CHART_HEAD = ("number", "name", "kind", "role", "in_use")


@readers_only
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every line of some days, written while it is sent. Who asked for it is on record."""
    form = DaysForm(request.GET.dict(), now=timezone.now())
    if not form.is_valid():
        raise Http404
    period = form.period()
    days = f"{period.first}-{period.last}"
    _note(request, _("Exported the journal, %(days)s.") % {"days": days})
    lines = lines_in_order(period.first, period.last)
    return attachment(request, f"journal-{days}.csv", HEAD, _cells(lines))


@readers_only
def chart(request: HttpRequest) -> StreamingHttpResponse:
    """Every account."""
    _note(request, _("Exported the chart of accounts."))
    accounts = LedgerAccount.objects.order_by("code")
    rows = (
        (one.code, one.name, one.kind, one.role or "", "yes" if one.is_active else "no")
        for one in accounts
    )
    return attachment(request, "accounts.csv", CHART_HEAD, rows)


def _note(request: HttpRequest, words: str) -> None:
    LogEntry.objects.create(
        user=request.user,  # type: ignore[misc]  # signed in: readers_only saw to it
        content_type=ContentType.objects.get_for_model(JournalEntry),
        object_repr=str(_("Journal")),
        action_flag=CHANGE,
        change_message=words,
    )


def _cells(lines: "QuerySet[JournalLine]") -> Iterator[Row]:
    currency = books_currency()
    for one in read_in_parts(lines.values_list(*COLUMNS, named=True), AT_ONCE):
        yield (
            *(one.entry_id, one.pk, one.entry__on, one.entry__at.isoformat(), one.entry__kind),
            *(one.entry__source, one.entry__reverses__source or ""),
            *(one.entry__order__number or "", one.entry__memo),
            *(one.account__code, one.account__name, one.account__kind),
            *(max(one.base, ZERO), max(-one.base, ZERO), currency),
            *(one.amount, one.entry__currency, one.entry__rate),
            *(one.country, one.region, one.tax_rate, one.entry__actor__email or ""),
        )
