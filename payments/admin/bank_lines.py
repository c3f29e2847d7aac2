"""Lines of bank statements: what each is about, and what nobody knows yet, with its age."""

import re
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from unfold.contrib.filters.admin import RangeDateFilter

from payments.admin.asking import ask
from payments.admin.bank_questions import QUESTIONS, RIGHT
from payments.models import BankLine, GrantedRefund, Payment
from payments.services import matching
from shop.admin.base import NEVER, ReadOnlyAdmin, badge
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day
from shop.processes import banking
from shop.templatetags.shop_text import money

NAME = "payments_bankline"
TONES = {"open": "warning", "matched": "success", "set_aside": "default"}
AT_ONCE = 200
AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,3})?")


class WayFilter(admin.SimpleListFilter):
    title = lazy("way")
    parameter_name = "way"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("in", _("Money in")), ("out", _("Money out"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BankLine]) -> QuerySet[BankLine]:  # noqa: ARG002
        match self.value():
            case "in":
                return queryset.filter(amount__gt=0)
            case "out":
                return queryset.filter(amount__lt=0)
        return queryset


class ExcessFilter(admin.SimpleListFilter):
    title = lazy("order")
    parameter_name = "order"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("overpaid", _("Paid too much"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BankLine]) -> QuerySet[BankLine]:  # noqa: ARG002
        return overpaid(queryset) if self.value() else queryset


def overpaid(lines: QuerySet[BankLine]) -> QuerySet[BankLine]:
    """Lines whose order has had more money than it costs, as matching.excess() counts it."""
    of_order = Payment.objects.filter(order=OuterRef("payment__order")).values("order")
    kept = of_order.annotate(
        sum=Sum(F("charged") - F("refunded") - F("refund_pending") - F("disputed"))
    )
    granted = GrantedRefund.objects.filter(order=OuterRef("payment__order")).values("order")
    return lines.filter(payment__order__status__in=["confirmed", "completed"]).filter(
        payment__order__total__lt=Subquery(kept.values("sum"))
        + Coalesce(Subquery(granted.annotate(sum=Sum("total")).values("sum")), ZERO)
    )


@admin.register(BankLine)
class BankLineAdmin(ReadOnlyAdmin):
    list_display = ("booked_on", "sum", "party", "text", "state", "about", "age")
    list_select_related = ("payment__order", "refund__payment__order", "payout")
    list_filter = (
        "status",
        WayFilter,
        ExcessFilter,
        "currency",
        ("booked_on", RangeDateFilter),
        "statement",
    )
    search_fields = ("text",)
    search_help_text = lazy("Purpose, name, account, amount or order number")
    ordering = ("-booked_on", "-id")
    list_per_page = 50
    actions = ("match_again",)
    fields = (
        "booked_on",
        "sum",
        "party",
        "party_account",
        "text",
        "state",
        "about",
        "likely",
        "excess",
        "note",
        "matched_by",
        "matched_at",
        "todo",
        "bank_ref",
        "statement",
    )
    readonly_fields = ("sum", "state", "about", "likely", "excess", "todo")

    def has_match_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return request.user.has_perm(RIGHT)

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[BankLine],
        search_term: str,
    ) -> tuple[QuerySet[BankLine], bool]:
        for word in search_term.split():
            queryset = queryset.filter(_about(word))
        return queryset, False

    @admin.display(description=lazy("amount"), ordering="amount")
    def sum(self, line: BankLine) -> str:
        return money(line.amount, line.currency)

    @badge(lazy("status"), TONES, ordering="status")
    def state(self, line: BankLine) -> tuple[str, str]:
        return line.status, line.get_status_display()

    @admin.display(description=lazy("about"))
    def about(self, line: BankLine) -> str | SafeString:
        """What it was matched with; an order by its number."""
        if line.payment:
            order = line.payment.order
            return _link("orders_order", order.pk, _("Order %s") % order.number)
        if line.refund:
            return _link("payments_refund", line.refund.pk, matching.reference_of(line.refund))
        if line.payout:
            return _("Payout %s") % line.payout.provider_ref
        return line.note or NEVER

    @admin.display(description=lazy("open for"), ordering="booked_on")
    def age(self, line: BankLine) -> str:
        if line.status != BankLine.Status.OPEN:
            return NEVER
        days = (shop_day(timezone.now()) - line.booked_on).days
        return _("%s days") % max(0, days)

    @admin.display(description=lazy("may be about"))
    def likely(self, line: BankLine) -> str | SafeString:
        if line.status != BankLine.Status.OPEN:
            return NEVER
        pages = {"order": "orders_order", "refund": "payments_refund"}
        rows = [
            (
                _link(pages[one.kind], one.pk, one.name) if one.kind in pages else one.name,
                money(one.amount, line.currency),
                one.words,
            )
            for one in matching.suggestions(line)
        ]
        listed = '<span class="piece__note">{}: {}, {}</span>'
        return format_html_join("", listed, rows) or _("Nothing we know.")

    @admin.display(description=lazy("paid too much"))
    def excess(self, line: BankLine) -> str:
        if line.payment is None:
            return NEVER
        found = matching.excess(line.payment.order)
        return money(found, line.currency) if found else NEVER

    @admin.display(description=lazy("to do"))
    def todo(self, line: BankLine) -> str | SafeString:
        rows = [
            (reverse(f"admin:{NAME}_question", args=[line.pk, slug]), one.verb)
            for slug, one in QUESTIONS.items()
            if one.is_open(line)
        ]
        return format_html_join(" ", '<a class="action" href="{}">{}</a>', rows) or NEVER

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.question_view)
        return [
            path("<int:pk>/questions/<slug:slug>/", view, name=f"{NAME}_question"),
            *super().get_urls(),
        ]

    def question_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        rows = BankLine.objects.select_related("payment__order", "refund", "payout")
        line = get_object_or_404(rows, pk=pk)
        if slug not in QUESTIONS:
            raise Http404
        return ask(request, self, QUESTIONS[slug].about(line))

    @admin.action(description=lazy("Look for a match again"), permissions=["match"])
    def match_again(self, request: HttpRequest, chosen: QuerySet[BankLine]) -> None:
        """A line for each that was ticked: what came of it."""
        for line in chosen.order_by("pk")[:AT_ONCE]:
            tell = partial(self.message_user, request)
            if line.status == BankLine.Status.OPEN and banking.match_if_sure(
                line, now=timezone.now()
            ):
                tell(_("%s: matched.") % line, messages.SUCCESS)
            else:
                tell(_("%s: nothing that is beyond doubt.") % line, messages.WARNING)


def _about(word: str) -> Q:
    """Where a word may stand: in the purpose, a name, an account, an order's number, the sum."""
    number = word.lstrip("#")
    found = (
        Q(text__icontains=word)
        | Q(party__icontains=word)
        | Q(party_account__iexact=word)
        | Q(bank_ref__iexact=word)
        | Q(payment__order__number=number)
        | Q(refund__payment__order__number=number)
    )
    if AMOUNT.fullmatch(word):
        found |= Q(amount__in=[Decimal(word), -Decimal(word)])
    return found


def _link(page: str, pk: int, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{page}_change", args=[pk]), words)
