"""The questions of the list of cards and credit: make, give, find; and those about one account."""

import csv
import io
from functools import partial

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.admin.asking import Answer, Question
from payments.admin.forms import CardForm, CardsForm, CorrectionForm, CreditForm, FindForm
from payments.models import ValueAccount
from payments.services import balances, gift_cards, stored_value
from payments.services.balances import Cause
from payments.services.gift_cards import Present
from shop.audit import services as audit
from shop.audit.exports import mark_of
from shop.audit.models import Entry
from shop.lib.csvfiles import guard
from shop.lib.errors import Refused
from shop.processes import giving
from shop.templatetags.shop_text import money

ISSUE = "payments.issue_valueaccount"
ADJUST = "payments.adjust_valueaccount"
VIEW = "payments.view_valueaccount"
LIST = "admin:payments_valueaccount_changelist"
ACCOUNT = "admin:payments_valueaccount_change"


class UnknownCode(Refused):
    """Raised when no card has the code that was typed."""


def _issue(answer: Answer) -> str:
    data = answer.data
    card = gift_cards.issue(
        amount=data["amount"],
        currency=data["currency"],
        present=Present(data["email"], data["name"], data["words"], data["send_on"]),
        cause=_issued(answer),
    )
    return _("%(card)s is on its way to %(email)s.") % {"card": card, "email": data["email"]}


def _issue_many(answer: Answer) -> HttpResponse:
    """A file with the codes: made once, kept nowhere."""
    data = answer.data
    cards = gift_cards.issue_many(
        count=data["count"],
        amount=data["amount"],
        currency=data["currency"],
        cause=_issued(answer),
    )
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow([_("Code"), _("Amount"), _("Currency"), _("Expires")])
    for card in cards:
        code = gift_cards.code_of(card)
        rows.writerow([guard(code), card.balance, card.currency, card.expires_on])
    rows.writerow([mark_of(answer.actor, answer.now)])
    name = f"gift-cards-{answer.now:%Y-%m-%d}.csv"
    audit.note(
        kind=Entry.Kind.EXPORT, act=name, actor=answer.actor, count=len(cards), now=answer.now
    )
    return HttpResponse(
        "\ufeff" + file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store, private",
        },
    )


def _issued(answer: Answer) -> Cause:
    return Cause("issue", answer.now, answer.data["reason"], answer.actor)


def _give(answer: Answer) -> str:
    data = answer.data
    giving.give_credit(
        email=data["email"],
        amount=data["amount"],
        currency=data["currency"],
        reason=data["reason"],
        expires_on=data["expires_on"],
        actor=answer.actor,
        now=answer.now,
    )
    amount = money(data["amount"], data["currency"])
    return _("%(email)s has %(amount)s more.") % {"email": data["email"], "amount": amount}


def _find(answer: Answer) -> HttpResponse:
    card = stored_value.find(answer.data["code"], switched_off=True)
    if card is None:
        raise UnknownCode(_("We know no card with this code."))
    return HttpResponseRedirect(reverse(ACCOUNT, args=[card.pk]))


def _correct(account: ValueAccount, answer: Answer) -> str:
    data = answer.data
    balances.adjust(
        account=account,
        amount=data["amount"],
        reason=data["reason"],
        actor=answer.actor,
        now=answer.now,
    )
    return _("The balance is corrected.")


def questions() -> dict[str, Question]:
    """What is asked beside the list, by the noun in its address."""
    back = reverse(LIST)
    return {
        "card": Question(
            title=lazy("Issue a gift card"),
            words=lazy("It is mailed to its recipient; nobody here sees its code."),
            form=CardForm,
            rights=(ISSUE,),
            run=_issue,
            back=back,
        ),
        "cards": Question(
            title=lazy("Issue many gift cards"),
            words=lazy("Their codes come in one file, once. Keep it as you would keep cash."),
            form=CardsForm,
            # The file shows codes: only for those who may change balances as well.
            rights=(ISSUE, ADJUST),
            run=_issue_many,
            back=back,
        ),
        "credit": Question(
            title=lazy("Give store credit"),
            words=lazy("Added to what the customer has, and spent before anything is charged."),
            form=CreditForm,
            rights=(ISSUE,),
            run=_give,
            back=back,
        ),
        "code": Question(
            title=lazy("Find by code"),
            words=lazy("As the customer reads it out. It is kept in no log and no address."),
            form=FindForm,
            rights=(VIEW,),
            run=_find,
            back=back,
        ),
    }


def correction(account: ValueAccount) -> Question:
    words = _("%(account)s holds %(balance)s.") % {
        "account": account,
        "balance": money(account.balance, account.currency),
    }
    return Question(
        title=lazy("Correct the balance"),
        words=words,
        form=partial(CorrectionForm, currency=account.currency),
        rights=(ADJUST,),
        run=partial(_correct, account),
        back=reverse(ACCOUNT, args=[account.pk]),
    )
