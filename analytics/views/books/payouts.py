"""What the card provider sent to the bank: payouts, their lines, what is not understood."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import MatchForm
from analytics.queries.books import payouts as queries
from analytics.views.books.access import WRITE, readers_only, show, with_right
from analytics.views.books.tables import Cell, Table, amount, amounts, day, link, numbers, words
from analytics.views.sheets import attachment
from payments.models import Payout, PayoutLine
from payments.services import payouts as service
from payments.services.books.chart import account
from payments.services.books.roles import Role
from shop.lib.batches import read_in_parts
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day

ON_A_PAGE = 50
LINE_HEAD = (
    *("line", "kind", "about", "order", "happened_at", "currency", "amount", "fee", "net"),
    "matched",
)
TONES = {Payout.Status.FAILED: "bad", Payout.Status.CANCELED: "warn"}


@readers_only
def payouts(request: HttpRequest) -> HttpResponse:
    """Payouts, lines nobody understands, and the balance at the provider."""
    page = Paginator(queries.payouts(), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Payouts"),
        "here": "payouts",
        "table": _payout_table(page),
        "page": page,
        "page_url": f"{link('payouts')}?page=",
        "standings": _standing_table(),
        "unmatched": _line_table(_("Not matched"), queries.unmatched()[:200], is_open=True),
    }
    return show(request, "payouts", context)


def _payout_table(rows: Iterable[Payout]) -> Table:
    return Table(
        label=_("Payouts"),
        columns=[
            *words(_("Payout"), _("Sent"), _("Arrives"), _("Status")),
            *numbers(_("Amount"), _("Fees"), _("Lines"), _("Not matched"), _("Lines say")),
        ],
        rows=[
            [
                Cell(row.provider_ref, link("payout", row.pk)),
                Cell(day(shop_day(row.created_at))),
                Cell(day(row.arrives_on)),
                Cell(row.get_status_display(), tone=TONES.get(Payout.Status(row.status), "")),
                *amounts((row.amount, row.lines_fee), row.currency),  # type: ignore[attr-defined]
                Cell(str(row.lines_count), is_number=True),  # type: ignore[attr-defined]
                Cell(str(row.open_count), is_number=True),  # type: ignore[attr-defined]
                amount(row.lines_net, row.currency),  # type: ignore[attr-defined]
            ]
            for row in rows
        ],
    )


def _standing_table() -> Table:
    url = link("account", account(Role.PROVIDER).code, end=shop_day(timezone.now()))
    return Table(
        label=_("At the provider"),
        columns=[
            *words(_("Currency")),
            *numbers(_("In the books"), _("On the provider's list"), _("Difference")),
        ],
        rows=[
            [
                Cell(one.currency),
                amount(one.booked, one.currency, url),
                *amounts((one.told, one.difference), one.currency),
            ]
            for one in queries.standings()
        ],
    )


def _line_table(label: str, rows: Iterable[PayoutLine], *, is_open: bool = False) -> Table:
    now = timezone.now()
    last = _("Days") if is_open else _("Matched")
    return Table(
        label=label,
        columns=[
            *words(_("Line"), _("Kind"), _("About"), _("Order"), _("Date"), last),
            *numbers(_("Amount"), _("Fee"), _("After fees")),
        ],
        rows=[
            [
                Cell(
                    row.provider_ref, link("payout_line", row.pk) if row.matched_at is None else ""
                ),
                Cell(row.get_kind_display()),
                Cell(row.about or row.words),
                _order(row),
                Cell(day(shop_day(row.happened_at))),
                Cell(str(queries.days_old(row, now)) if is_open else _matched(row)),
                *amounts((row.gross, row.fee, row.net), row.currency),
            ]
            for row in rows
        ],
    )


def _order(line: PayoutLine) -> Cell:
    if line.payment is None:
        return Cell("")
    number = line.payment.order.number
    return Cell(number, link("journal", order=number))


def _matched(line: PayoutLine) -> str:
    return _("Yes") if line.matched_at else _("No")


@readers_only
def payout(request: HttpRequest, pk: int) -> HttpResponse:
    """One payout, with what it is made of."""
    found = get_object_or_404(queries.payouts(), pk=pk)
    currency = found.currency
    lines_net = found.lines_net  # type: ignore[attr-defined]
    context = {
        "title": found.provider_ref,
        "here": "payouts",
        "facts": [
            (_("Amount"), amount(found.amount, currency, link("journal", q=f"payout-{pk}"))),
            (_("Lines say"), amount(lines_net, currency)),
            (_("Difference"), amount(found.amount - lines_net, currency)),
            (_("Status"), Cell(found.get_status_display())),
            (_("Arrives"), Cell(day(found.arrives_on))),
        ],
        "table": _line_table(_("Lines"), queries.lines_of(found)),
        "csv_url": link("payout_csv", pk),
    }
    return show(request, "payout", context)


@readers_only
def payout_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    found = get_object_or_404(Payout, pk=pk)
    rows = (
        (
            *(line.provider_ref, line.kind, line.about, str(_order(line).text)),
            *(line.happened_at.isoformat(), line.currency, line.gross, line.fee, line.net),
            "yes" if line.matched_at else "no",
        )
        for line in read_in_parts(queries.lines_of(found), 2000)
    )
    return attachment(request, f"payout-{found.provider_ref}.csv", LINE_HEAD, rows)


@with_right(WRITE)
def payout_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which order's payment a line is about, or that it is about none."""
    line = get_object_or_404(PayoutLine, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = MatchForm(data)
    if data is not None and form.is_valid():
        try:
            service.match_to(line_id=pk, payment=form.payment(), now=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The line is matched."))
            return HttpResponseRedirect(link("payouts"))
    context = {
        "title": _("What is %(line)s about?") % {"line": line.provider_ref},
        "here": "payouts",
        "form": form,
        "words": " · ".join(filter(None, (line.get_kind_display(), line.about, line.words))),
        "button": _("Match"),
        "back_url": link("payouts"),
        "errors": form.non_field_errors(),
    }
    return show(request, "ask", context, status=400 if data is not None else 200)
