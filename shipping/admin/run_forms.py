"""What is asked before something is done with many orders at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shipping.models import BulkRun, Carrier
from shop.admin.kit import Select, TextInput
from shop.processes.bulk import MOST

Kind = BulkRun.Kind
# (order id, parcel id or None): "17,18" or "17:4,18:5" in the form.
Rows = Sequence[tuple[int, int | None]]


class RunForm(forms.Form):
    """The rows travel with the form: a run is of what was ticked, whatever the list shows by now."""

    rows = forms.RegexField(
        r"^[0-9]{1,18}(:[0-9]{1,18})?(,[0-9]{1,18}(:[0-9]{1,18})?)*$",
        max_length=MOST * 40,
        widget=forms.HiddenInput(),
    )

    def chosen(self) -> Rows:
        pairs = (pair.partition(":") for pair in self.cleaned_data["rows"].split(","))
        return [(int(order), int(parcel) if parcel else None) for order, _colon, parcel in pairs]

    def options(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "rows"}


class LabelForm(RunForm):
    carrier = forms.ChoiceField(
        label=_("Carrier"),
        required=False,
        widget=Select(),
        help_text=_("Without one: the carrier of the delivery the buyer chose."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Carrier.objects.filter(is_active=True).order_by("name")
        choices = [("", _("As ordered")), *known.values_list("code", "name")]
        self.fields["carrier"].choices = choices  # type: ignore[attr-defined]


class SendForm(RunForm):
    carrier = forms.CharField(
        label=_("Carrier"),
        required=False,
        max_length=40,
        widget=TextInput(),
        help_text=_("For parcels without a label; the others keep theirs."),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of run as staff meet it."""

    kind: Kind
    words: Promise
    question: Promise
    right: str
    form: type[RunForm] = RunForm


ASKED = {
    one.kind.value: one
    for one in (
        Asked(
            Kind.CONFIRM,
            _("Confirm"),
            _("Confirm these orders? They can be shipped from then on."),
            "orders.confirm_order",
        ),
        Asked(
            Kind.PICK,
            _("Pick without a walk"),
            _("Begin with these orders? From then on nobody changes them any more."),
            "orders.pick_order",
        ),
        Asked(
            Kind.PACK,
            _("Pick and pack"),
            _("Pack all that is set aside, each order in the box proposed for it?"),
            "orders.pick_order",
        ),
        Asked(
            Kind.LABEL,
            _("Buy labels"),
            _("Buy a label for each packed parcel? Carriers are asked one after the other."),
            "shipping.buy_label",
            LabelForm,
        ),
        Asked(
            Kind.SHIP,
            _("Send"),
            _("Did the packed parcels leave? Customers are told by mail."),
            "orders.ship_order",
            SendForm,
        ),
    )
}
