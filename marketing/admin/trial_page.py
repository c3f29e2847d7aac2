"""The trial: a basket, what it would cost, and what became of every promotion and why."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from marketing.admin.promotion_acts import page_of
from marketing.admin.trial_form import TrialForm
from marketing.models import Promotion
from marketing.queries.promotion_words import descriptions
from orders.services.pricing import Code, Outcome, Taken
from shop.processes.promotion_trial import try_out
from shop.processes.quoting import Priced

if TYPE_CHECKING:
    from marketing.admin.promotion_page import PromotionPage

WAITING = 20
LOSING = (Code.LOST, Code.EXCLUDED, Code.NOTHING_LEFT)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the basket. off: the promotion's staff name and what it took."""

    title: str
    sku: str
    quantity: int
    listed: Decimal
    amount: Decimal
    off: list[tuple[str, str, Decimal]]
    note: str
    is_gift: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one promotion."""

    name: str
    words: str
    link: str
    code: str
    amount: Decimal
    why: str


def show(page: "PromotionPage", request: HttpRequest) -> HttpResponse:
    """The form, and once it was filled in what comes of it. Nothing is kept."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    is_asked = "try" in request.GET
    given = request.GET.get("promotion", "")
    first = {"promotion": given} if given.isdecimal() else {}
    form = TrialForm(request.GET if is_asked else None, initial=first)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Try promotions"),
        "opts": page.opts,
        "media": page.media,
        "form": form,
        "skus": page.skus(),
        "back": page_of(int(given)) if given.isdecimal() and len(given) < 18 else "",
    }
    if is_asked and form.is_valid():
        context |= _tried(form)
    return TemplateResponse(request, "admin/marketing/promotion/try.html", context)


def _tried(form: TrialForm) -> dict[str, Any]:
    wish, now = form.wish(), form.now
    priced = try_out(wish=wish, now=now)
    outcomes = priced.quote.outcomes
    names = {one.deal.key: one.deal.name for one in outcomes}
    told = _told(outcomes)
    applied = [told[one.deal.key] for one in outcomes if one.applies]
    losing = [told[one.deal.key] for one in outcomes if one.reason.code in LOSING]
    others = [
        told[one.deal.key] for one in outcomes if not one.applies and one.reason.code not in LOSING
    ]
    return {
        "quote": priced.quote,
        "currency": priced.quote.currency,
        "lines": _lines(priced, names),
        "unsold": [(one.variant.sku, one.problem) for one in _unsold(priced)],
        "delivery_off": _off(priced.quote.delivery_taken, names),
        "groups": [
            (_heading(len(applied)), "success", applied),
            (_("These lose"), "warning", losing),
            (_("These do not apply"), "default", others),
        ],
        "waiting": _waiting(set(names), now),
        "summary": _summary(applied, losing),
    }


def _heading(count: int) -> str:
    return _("These combine") if count > 1 else _("This applies")


def _summary(applied: list[Told], losing: list[Told]) -> str:
    """ "A and B combine; C loses." """
    if not applied:
        return _("No promotion applies to this basket.")
    names = _listed([one.name for one in applied])
    told = {"names": names}
    start = _("%(names)s combine.") if len(applied) > 1 else _("%(names)s applies.")
    if not losing:
        return start % told
    lost = {"names": _listed([one.name for one in losing])}
    end = _("%(names)s lose.") if len(losing) > 1 else _("%(names)s loses.")
    return f"{start % told} {end % lost}"


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    if len(quoted) == 1:
        return quoted[0]
    return _("%(most)s and %(last)s") % {"most": ", ".join(quoted[:-1]), "last": quoted[-1]}


def _told(outcomes: Iterable[Outcome]) -> dict[int, Told]:
    found = list(outcomes)
    known = Promotion.objects.filter(pk__in=[one.deal.key for one in found])
    words = descriptions(known)
    return {
        one.deal.key: Told(
            name=one.deal.name,
            words=words.get(one.deal.key, ""),
            link=page_of(one.deal.key) if one.deal.key in words else "",
            code=one.deal.code,
            amount=one.amount,
            why=one.reason.staff_words,
        )
        for one in found
    }


def _off(taken: Iterable[Taken], names: dict[int, str]) -> list[tuple[str, str, Decimal]]:
    return [(names.get(one.deal, one.label), one.code, one.amount) for one in taken]


def _lines(priced: Priced, names: dict[int, str]) -> list[Line]:
    """Lines and gifts, as prices are entered."""
    variants = {one.line.pk: one.variant for one in priced.lines}
    variants |= {gift.key: gift.variant for gift in priced.gifts}
    return [
        Line(
            title=variants[one.item.key].product.title,
            sku=variants[one.item.key].sku,
            quantity=one.item.quantity,
            listed=one.listed,
            amount=one.listed - one.discount,
            off=_off(one.taken, names),
            note=one.item.price_note,
            is_gift=one.is_gift,
        )
        for one in priced.quote.items
    ]


def _unsold(priced: Priced) -> list[Any]:
    return [one for one in priced.all_lines if one.price is None]


def _waiting(seen: set[int], now: dt.datetime) -> list[Told]:
    """What runs but wants a code that is not in the basket."""
    rows = Promotion.objects.running(now=now).filter(is_automatic=False).exclude(pk__in=seen)
    found = list(rows.order_by("name")[:WAITING])
    words = descriptions(found)
    return [
        Told(one.name, words.get(one.pk, ""), page_of(one.pk), "", Decimal(0), "") for one in found
    ]
