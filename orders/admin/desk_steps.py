"""Tags and colleagues: what is pinned to orders, and who looks after them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.admin.forms import StepForm
from orders.admin.step import Answer, Step
from orders.models import Order
from orders.services import assigning, tags
from orders.services.tags import BadTag
from shop.admin.kit import Select, TextInput

RIGHT = "add_orderevent"


class TagForm(StepForm):
    tags = forms.CharField(
        label=_("Tags"),
        max_length=400,
        help_text=_("With commas between: gift, express."),
        widget=TextInput(),
    )

    def clean_tags(self) -> list[str]:
        try:
            return tags.read(self.cleaned_data["tags"])
        except BadTag as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class AssignForm(StepForm):
    to = forms.ModelChoiceField(
        label=_("Who looks after it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody"),
        widget=Select(),
    )

    def __init__(self, data: Any = None, *, orders: list[Order]) -> None:
        super().__init__(data, orders=orders)
        people = User.objects.filter(is_staff=True, is_active=True)
        self.fields["to"].queryset = people.order_by("name", "email")  # type: ignore[attr-defined]
        if len(orders) == 1:
            self.initial["to"] = orders[0].assigned_to_id


def _tag(order: Order, answer: Answer) -> object:
    add = answer.form.cleaned_data["tags"]
    return tags.change(order_id=order.pk, add=add, actor=answer.actor, now=answer.now)


def _untag(order: Order, answer: Answer) -> object:
    remove = answer.form.cleaned_data["tags"]
    return tags.change(order_id=order.pk, remove=remove, actor=answer.actor, now=answer.now)


def _assign(order: Order, answer: Answer) -> object:
    person = answer.form.cleaned_data["to"]
    return assigning.give(order_id=order.pk, user=person, actor=answer.actor, now=answer.now)


DESK = (
    Step(
        slug="tags",
        permission=RIGHT,
        verb=_("Add tags"),
        question=_("What are these orders to be found by?"),
        done=_("Tagged"),
        form=TagForm,
        is_possible=lambda _order: True,
        run=_tag,
    ),
    Step(
        slug="tags-off",
        permission=RIGHT,
        verb=_("Remove tags"),
        question=_("Which tags are not true any more?"),
        done=_("Tags removed"),
        form=TagForm,
        is_possible=lambda order: bool(order.tags),
        run=_untag,
    ),
    Step(
        slug="assignment",
        permission=RIGHT,
        verb=_("Assign"),
        question=_("Who looks after these orders?"),
        done=_("Assigned"),
        form=AssignForm,
        is_possible=lambda _order: True,
        run=_assign,
    ),
)
SLUGS = tuple(step.slug for step in DESK)
