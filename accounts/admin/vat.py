"""What VIES said of VAT numbers: read, and asked again; never typed in."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import VatCheck
from accounts.services import vat_numbers
from shop.admin.base import ReadOnlyAdmin, badge
from shop.processes import vat

State = VatCheck.State
TONES = {State.VALID: "success", State.INVALID: "danger", State.UNANSWERED: "warning"}
# Each may take seconds, and a person waits.
MOST = 10


@admin.register(VatCheck)
class VatCheckAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "answer",
        "holder",
        "answered_at",
        "counts_until",
        "asked_at",
        "tries",
    )
    list_filter = ("state",)
    search_fields = ("number", "holder", "consultation")
    search_help_text = lazy("VAT number, name or consultation number")
    ordering = ("-asked_at", "-id")
    actions = ("ask_again",)

    @badge(lazy("answer"), TONES, ordering="state")
    def answer(self, check: VatCheck) -> tuple[str, str]:
        return check.state, check.get_state_display()

    @admin.display(description=lazy("counts until"))
    def counts_until(self, check: VatCheck) -> Any:
        if check.state != State.VALID or check.answered_at is None:
            return None
        return check.answered_at + vat_numbers.PROOF_LASTS

    @admin.action(description=lazy("Ask VIES again"), permissions=["ask"])
    def ask_again(self, request: HttpRequest, chosen: QuerySet[VatCheck]) -> None:
        """One question after the other, each with its answer in words."""
        numbers = list(chosen.order_by("number").values_list("number", flat=True)[: MOST + 1])
        if len(numbers) > MOST:
            messages.error(request, _("Choose at most %(most)s numbers.") % {"most": MOST})
            return
        actor: Any = request.user
        for number in numbers:
            check = vat.ask(number=number, now=timezone.now(), actor=actor)
            level = messages.WARNING if check.last_error else messages.SUCCESS
            messages.add_message(request, level, _report(check))

    def has_ask_permission(self, request: HttpRequest) -> bool:
        """Whoever minds customers' numbers may have them asked about."""
        return request.user.has_perm("accounts.change_vatcheck")


def _report(check: VatCheck) -> str:
    if check.last_error:
        words = {"number": check.number, "why": check.last_error}
        return _("%(number)s: nobody answered (%(why)s). It is asked again by itself.") % words
    return f"{check.number}: {check.get_state_display()}"
