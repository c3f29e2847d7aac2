"""What staff do with a line of a bank statement, each with its question."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.models import Order
from payments.admin.asking import Answer, Question
from payments.admin.bank_forms import MatchForm, NoteForm, SureForm
from payments.models import BankLine
from payments.services import matching
from shop.processes import banking
from shop.templatetags.shop_text import money

RIGHT = "payments.change_bankline"
Form = Callable[..., forms.Form]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to do with a line. is_open: whether it can be done now."""

    verb: Promise
    words: Callable[[BankLine], str]
    form: Callable[[BankLine], Form]
    run: Callable[[BankLine, Answer], str]
    is_open: Callable[[BankLine], bool]
    rights: tuple[str, ...] = (RIGHT,)

    def about(self, line: BankLine) -> Question:
        return Question(
            title=self.verb,
            words=self.words(line),
            form=self.form(line),
            rights=self.rights,
            run=partial(self.run, line),
            back=reverse("admin:payments_bankline_change", args=[line.pk]),
        )


def _facts(line: BankLine) -> str:
    return f"{line.booked_on}: {money(line.amount, line.currency)}, {line.party} {line.text}"


def _match_form(line: BankLine) -> Form:
    return partial(MatchForm, found=matching.suggestions(line), is_in=line.amount > 0)


def _match(line: BankLine, answer: Answer) -> str:
    choices = answer.data["choices"]
    banking.match(line_id=line.pk, choices=choices, actor=answer.actor, now=answer.now)
    if not choices[0].startswith("order"):
        return _("Matched.")
    orders = Order.objects.filter(pk__in=[int(one.partition("-")[2]) for one in choices])
    told = [f"{one.number}: {one.get_payment_status_display()}{_more(one)}" for one in orders]
    return "; ".join(told)


def _more(order: Order) -> str:
    found = matching.excess(order)
    amount = money(found, order.currency)
    return " " + _("(%s too much)") % amount if found else ""


def _set_aside(line: BankLine, answer: Answer) -> str:
    note = answer.data["note"]
    banking.set_aside(line_id=line.pk, note=note, actor=answer.actor, now=answer.now)
    return _("Set aside.")


def _undo(line: BankLine, answer: Answer) -> str:  # noqa: ARG001 - as the others
    banking.undo(line_id=line.pk)
    return _("The line is open again.")


def _refund(line: BankLine, answer: Answer) -> str:
    order = _order(line)
    amount = banking.refund_excess(order_id=order.pk, actor=answer.actor, now=answer.now)
    return _("%s goes back; send it from the list of refunds.") % money(amount, order.currency)


def _order(line: BankLine) -> Order:
    if line.payment is None:
        raise banking.NotMatched(_("No order is paid by this line."))
    return line.payment.order


def _is_open(line: BankLine) -> bool:
    return line.status == BankLine.Status.OPEN


def _has_excess(line: BankLine) -> bool:
    return line.payment is not None and bool(matching.excess(line.payment.order))


QUESTIONS = {
    "match": Ask(lazy("Match"), _facts, _match_form, _match, _is_open),
    "set-aside": Ask(lazy("Set aside"), _facts, lambda _line: NoteForm, _set_aside, _is_open),
    "undo": Ask(
        lazy("Open again"),
        _facts,
        lambda _line: SureForm,
        _undo,
        lambda line: line.status == BankLine.Status.SET_ASIDE,
    ),
    "excess": Ask(
        lazy("Refund what is too much"),
        _facts,
        lambda _line: SureForm,
        _refund,
        _has_excess,
        (RIGHT, "orders.cancel_order"),
    ),
}
