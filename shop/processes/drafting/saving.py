"""Saving a draft: its cart is what can be changed, its order what it costs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Customer, PolicyVersion, User
from catalog.models import Market, Variant
from catalog.queries.rates import exchange_rate
from orders.models import Cart, CartLine, Draft, Order
from orders.services import orders
from orders.services.orders import Buyer, Move, Terms
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.processes import quoting
from shop.processes.checkout import goods_of
from shop.processes.quoting import Asked, Priced


class CannotSave(Refused):
    """Raised when a plan can't become a draft. problems: in words, by the line's SKU or ""."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PlanLine:
    """So many of a SKU. price: agreed per unit, as the market shows prices; None: the shop's."""

    sku: str
    quantity: int
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff filled in. reserves: sent, it sets stock aside until the offer ends."""

    market: Market
    channel: str
    buyer: Buyer
    lines: Sequence[PlanLine]
    shipping_method: str
    payment_method: str
    language: str = "en-gb"
    reference: str = ""
    message: str = ""
    reserves: bool = False
    until: dt.datetime | None = None


def work_out(*, plan: Plan, now: dt.datetime) -> Priced:
    """What the plan would cost, nothing kept. Raises CannotSave."""
    with transaction.atomic():
        priced = _priced(_cart(None, plan, now), plan, now)
        transaction.set_rollback(True)
    return priced


@transaction.atomic(durable=True)
def save(*, draft: Draft | None, plan: Plan, actor: User | None, now: dt.datetime) -> Draft:
    """Write a draft, or write it anew. Raises CannotSave; nothing is changed then."""
    if draft is not None:
        order = orders.lock(order_id=draft.order_id)
        if order.status != Order.Status.DRAFT:
            raise CannotSave({"": _("This draft became an order in the meantime.")})
    cart = _cart(draft.cart if draft else None, plan, now)
    priced = _priced(cart, plan, now)
    terms = _terms(cart, plan, now)
    if draft is None:
        order, _lines = orders.record(
            buyer=plan.buyer, quote=priced.quote, goods=goods_of(priced), terms=terms
        )
        draft = Draft(cart=cart, order=order, made_by=actor, made_at=now)
    else:
        orders.rewrite(
            order=order,
            buyer=plan.buyer,
            quote=priced.quote,
            goods=goods_of(priced),
            terms=terms,
        )
    draft.reserves, draft.until, draft.message = plan.reserves, plan.until, plan.message
    draft.save()
    orders.note(order=draft.order, text=_("Draft saved."), move=Move(now, actor))
    return draft


def _cart(cart: Cart | None, plan: Plan, now: dt.datetime) -> Cart:
    variants = _variants(plan)
    if cart is None:
        cart = Cart.objects.create(market=plan.market, created_at=now, updated_at=now)
    cart.market, cart.customer, cart.updated_at = plan.market, _customer(plan.buyer.email), now
    cart.save(update_fields=["market", "customer", "updated_at"])
    cart.lines.all().delete()
    CartLine.objects.bulk_create(
        CartLine(
            cart=cart,
            variant=variants[line.sku.upper()],
            quantity=line.quantity,
            price_seen=line.price or ZERO,
            agreed_price=line.price,
            added_at=now + dt.timedelta(microseconds=place),
        )
        for place, line in enumerate(plan.lines)
    )
    return cart


def _variants(plan: Plan) -> dict[str, Variant]:
    if not plan.lines:
        raise CannotSave({"": _("Put at least one piece into it.")})
    wanted = [line.sku.upper() for line in plan.lines]
    found = {
        one.sku.upper(): one
        for one in Variant.objects.filter(sku__in={*wanted, *(line.sku for line in plan.lines)})
    }
    problems = {sku: _("%(sku)s is not one of ours.") % {"sku": sku} for sku in wanted}
    problems = {sku: words for sku, words in problems.items() if sku not in found}
    if len(set(wanted)) < len(wanted):
        problems[""] = _("A piece is named twice: put its units on one line.")
    if problems:
        raise CannotSave(problems)
    return found


def _customer(email: str) -> Customer | None:
    return Customer.objects.filter(email__iexact=email).order_by("pk").first() if email else None


def _priced(cart: Cart, plan: Plan, now: dt.datetime) -> Priced:
    buyer = plan.buyer
    asked = Asked(
        country=buyer.country,
        postcode=buyer.postcode,
        shipping_method=plan.shipping_method,
        email=buyer.email,
        vat_number=buyer.vat_number,
        channel=plan.channel,
        is_taken_along=not plan.shipping_method,
    )
    priced = quoting.quote(cart=cart, market=plan.market, asked=asked, now=now)
    problems = {one.variant.sku.upper(): one.problem for one in priced.all_lines if one.problem}
    chosen = priced.quote.delivery
    if plan.shipping_method and (chosen is None or chosen.code != plan.shipping_method):
        problems[""] = _("This way of delivery does not go there: choose another.")
    if problems:
        raise CannotSave(problems)
    return priced


def _terms(cart: Cart, plan: Plan, now: dt.datetime) -> Terms:
    return Terms(
        market=plan.market,
        cart=cart,
        language=plan.language,
        payment_method=plan.payment_method,
        customer=cart.customer,
        exchange_rate=exchange_rate(plan.market.currency, now) or Decimal(1),
        policy=PolicyVersion.objects.filter(slug="terms").current(now=now).first(),
        placed_at=now,
        expires_at=None,
        channel=plan.channel,
        reference=plan.reference,
        status=Order.Status.DRAFT,
    )
