"""Gift cards and store credit: what the shop owes, to whom, and why."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.admin import giving
from payments.admin.asking import ask
from payments.admin.value_states import STATES, StateFilter, about, state_of
from payments.models import ValueAccount, ValueEntry
from payments.services import balances, gift_cards
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, badge, button
from shop.lib.errors import Refused
from shop.templatetags.shop_text import money

TONES = {"open": "success", "used": "default", "gone": "warning", "off": "danger"}


class EntryInline(ReadOnlyInline):
    model = ValueEntry
    fields = ("at", "kind", "amount", "balance_after", "source", "reason", "actor")
    ordering = ("-at", "-id")
    per_page = 25


@admin.register(ValueAccount)
class ValueAccountAdmin(ReadOnlyAdmin):
    """Balances move through questions with a reason. A card's code is shown nowhere."""

    list_display = ("name", "holder", "left", "expires_on", "state", "created_at", "sent_at")
    list_select_related = ("customer",)
    list_filter = ("kind", "currency", StateFilter, "created_at")
    list_before_template = "admin/payments/valueaccount/_list_head.html"
    search_fields = ("last4",)
    search_help_text = lazy("Last four characters, e-mail or order number")
    ordering = ("-created_at", "-id")
    fields = (
        "name",
        "left",
        "state",
        "expires_on",
        "customer",
        "order",
        "recipient_name",
        "recipient_email",
        "words",
        "send_on",
        "sent_at",
        "created_at",
    )
    readonly_fields = ("name", "left", "state", "order")
    inlines = (EntryInline,)
    actions = ("send_again", "switch_on", "switch_off")
    actions_detail = ("correct",)

    def has_issue_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return request.user.has_perm(giving.ISSUE)

    def has_adjust_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return request.user.has_perm(giving.ADJUST)

    @admin.display(description=lazy("account"), ordering="kind")
    def name(self, account: ValueAccount) -> str:
        return " ".join(filter(None, (account.get_kind_display(), _ending(account))))

    @admin.display(description=lazy("holder"))
    def holder(self, account: ValueAccount) -> str:
        return account.customer.email if account.customer else account.recipient_email

    @admin.display(description=lazy("balance"), ordering="balance")
    def left(self, account: ValueAccount) -> str:
        return money(account.balance, account.currency)

    @admin.display(description=lazy("bought with"))
    def order(self, account: ValueAccount) -> str:
        return account.line.order.number if account.line else ""

    @badge(lazy("state"), TONES)
    def state(self, account: ValueAccount) -> tuple[str, Any]:
        state = state_of(account)
        return state, STATES[state]

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[ValueAccount],
        search_term: str,
    ) -> tuple[QuerySet[ValueAccount], bool]:
        for word in search_term.split():
            queryset = queryset.filter(about(word))
        return queryset, False

    # The head of the list

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        owed = {"owed": list(balances.owed().items())}
        return super().changelist_view(request, owed | (extra_context or {}))

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        asked = [
            {"words": str(one.title), "link": _address(slug)}
            for slug, one in giving.questions().items()
            if request.user.has_perms(one.rights)
        ]
        return [*asked, *super().list_tools(request)]

    # Asking

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "payments_valueaccount"
        return [
            path("giving/<slug:slug>/", wrap(self.giving_view), name=f"{name}_giving"),
            path("<int:pk>/correction/", wrap(self.correction_view), name=f"{name}_correction"),
            *super().get_urls(),
        ]

    def giving_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        question = giving.questions().get(slug)
        if question is None:
            raise Http404
        return ask(request, self, question)

    def correction_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(ValueAccount.objects.select_related("customer"), pk=pk)
        return ask(request, self, giving.correction(account))

    @button(lazy("Correct the balance"), "edit_note")
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        page = reverse("admin:payments_valueaccount_correction", args=[object_id])
        return HttpResponseRedirect(page)

    correct.allowed_permissions = ["adjust"]  # type: ignore[attr-defined]

    # Ticked rows

    @admin.action(description=lazy("Mail again"), permissions=["issue"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[ValueAccount]) -> None:
        for card in chosen.order_by("pk")[:200]:
            try:
                gift_cards.resend(card=card, now=timezone.now())
            except Refused as refusal:
                self.message_user(request, f"{card}: {refusal.message}", messages.ERROR)
            else:
                words = _("%(card)s is mailed to %(email)s again.")
                told = words % {"card": card, "email": card.recipient_email}
                self.message_user(request, told, messages.SUCCESS)
                self.log_change(request, card, _("Mailed again."))

    @admin.action(description=lazy("Switch on"), permissions=["adjust"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[ValueAccount]) -> None:
        self._switch(request, chosen, is_active=True)

    @admin.action(description=lazy("Switch off"), permissions=["adjust"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[ValueAccount]) -> None:
        self._switch(request, chosen, is_active=False)

    def _switch(
        self, request: HttpRequest, chosen: QuerySet[ValueAccount], *, is_active: bool
    ) -> None:
        words = _("Switched on.") if is_active else _("Switched off.")
        for account in chosen.select_related("customer").order_by("pk")[:200]:
            if balances.switch(account=account, is_active=is_active):
                self.log_change(request, account, words)
                self.message_user(request, f"{account}: {words}", messages.SUCCESS)
            else:
                told = _("%(account)s: it was so already.") % {"account": account}
                self.message_user(request, told, messages.WARNING)


def _ending(account: ValueAccount) -> str:
    return f"…{account.last4}" if account.last4 else ""


def _address(slug: str) -> str:
    return reverse("admin:payments_valueaccount_giving", args=[slug])
