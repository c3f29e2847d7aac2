"""Marketplaces: orders that were placed and paid elsewhere join the queue and take from the stock."""

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Market, Variant
from catalog.queries.rates import exchange_rate
from channels.models import ImportedOrder, Marketplace, OrderImport
from channels.services import order_files
from channels.services.order_files import SoldLine, SoldOrder
from inventory.services.stock import OutOfStock
from orders.models import Order, OrderRule
from orders.services import orders, pricing, taxes
from orders.services.orders import Buyer, Goods, Move, Terms
from orders.services.pricing import Delivery, Item, Quote
from payments.gateways.base import Standing, State
from payments.services import payments
from shipping.queries import Destination, Piece, deliveries
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import ruling
from shop.processes.checkout import plain_goods, reserving, settling

PROVIDER = "marketplace"


class CannotTake(Refused):
    """Raised when an order of a marketplace can't become one of ours; it can be tried again."""


def bring(
    *, marketplace: Marketplace, file: "File[Any]", actor: User | None, now: dt.datetime
) -> OrderImport:
    """Keep a file and owe its reading to a worker."""
    with transaction.atomic():
        run = OrderImport(marketplace=marketplace, asked_by=actor, asked_at=now)
        run.name = Path(str(file.name)).name[:120]
        run.file.save(run.name, file, save=False)
        run.save()
        key = f"order-import-{run.pk}"
        post(topic="channels.import_orders", key=key, payload={"run_id": run.pk}, now=now)
        outbox.ring()
    return run


def work(*, run_id: int, now: dt.datetime) -> OrderImport:
    """Take every order of a file, each for itself. Safe to repeat: what was taken stays taken."""
    run = OrderImport.objects.select_related("marketplace__market").get(pk=run_id)
    try:
        found = _read(run)
    except Refused as refusal:
        run.problem, run.finished_at = refusal.message[:300], now
        run.save(update_fields=["problem", "finished_at"])
        return run
    run.total = len(found)
    run.save(update_fields=["total"])
    seen: set[str] = set()
    for sold in found:
        if sold.reference and sold.reference not in seen:
            seen.add(sold.reference)
            take(run=run, sold=sold, now=now)
    return _count(run, len(seen), now)


def _read(run: OrderImport) -> list[SoldOrder]:
    # The reader wants a file of the file system; storage may be elsewhere.
    with tempfile.NamedTemporaryFile() as copy:
        with run.file.open("rb") as file:
            for chunk in file.chunks():
                copy.write(chunk)
        copy.flush()
        return order_files.read(Path(copy.name))


def _count(run: OrderImport, told: int, now: dt.datetime) -> OrderImport:
    rows = ImportedOrder.objects.filter(run=run)
    run.created = rows.exclude(order=None).count()
    run.refused = rows.filter(order=None).count() + run.total - told
    run.known = told - run.created - rows.filter(order=None).count()
    run.finished_at = now
    run.save(update_fields=["created", "refused", "known", "finished_at"])
    return run


def take(*, run: OrderImport, sold: SoldOrder, now: dt.datetime) -> ImportedOrder:
    """Make one order of it, once; what can't be taken is kept with the reason."""
    try:
        return _take(run, sold, now)
    except (Refused, OutOfStock) as refusal:
        row, is_new = ImportedOrder.objects.get_or_create(
            marketplace=run.marketplace,
            reference=sold.reference,
            defaults={
                "run": run,
                "payload": sold.as_json(),
                "problem": refusal.message[:300],
                "at": now,
            },
        )
        if not is_new and row.order_id is None:
            row.problem, row.at = refusal.message[:300], now
            row.save(update_fields=["problem", "at"])
        return row


def try_again(*, row: ImportedOrder, now: dt.datetime) -> ImportedOrder:
    """Take an order that was refused, as it came."""
    return take(run=row.run, sold=order_files.read_one(row.payload), now=now)


@transaction.atomic(durable=True)
def _take(run: OrderImport, sold: SoldOrder, now: dt.datetime) -> ImportedOrder:
    # The row first: of two who bring the same order the second waits here.
    row, _new = ImportedOrder.objects.select_for_update().get_or_create(
        marketplace=run.marketplace,
        reference=sold.reference,
        defaults={"run": run, "payload": sold.as_json(), "at": now},
    )
    if row.order_id is not None:
        return row
    if sold.problem:
        raise CannotTake(sold.problem)
    market = run.marketplace.market
    quote, goods = _quoted(run.marketplace, market, sold, now)
    row.order = _recorded(run.marketplace, sold, quote, goods, now)
    row.problem = ""
    row.save(update_fields=["order", "problem"])
    reserving.set_aside(order=row.order, now=now)
    ruling.happened(order=row.order, when=OrderRule.When.PLACED, now=now)
    _paid(row.order, sold, now)
    return row


def _quoted(
    marketplace: Marketplace, market: Market, sold: SoldOrder, now: dt.datetime
) -> tuple[Quote, dict[int, Goods]]:
    if sold.currency and sold.currency != market.currency:
        words = {"theirs": sold.currency, "ours": market.currency}
        raise CannotTake(_("It is in %(theirs)s; this market sells in %(ours)s.") % words)
    variants = _variants(marketplace.skus, sold)
    chosen = [variants[line.sku] for line in sold.lines]
    items = [
        Item(place, line.quantity, line.price, variant.product.type.tax_class.code)
        for place, (line, variant) in enumerate(zip(sold.lines, chosen, strict=True))
    ]
    buyer = sold.buyer
    rules = taxes.rules(
        market=market,
        country=buyer["country"],
        postcode=buyer["postcode"],
        on=shop_day(sold.placed_at or now),
    )
    quote = pricing.quote(
        items=items,
        delivery=_delivery(market, sold, chosen, now),
        rules=rules,
        currency=market.currency,
    )
    return quote, {place: plain_goods(variant) for place, variant in enumerate(chosen)}


def _variants(skus: Mapping[str, str], sold: SoldOrder) -> dict[str, Variant]:
    ours = {line.sku: skus.get(line.sku, line.sku).upper() for line in sold.lines}
    rows = Variant.objects.filter(sku__in=[*ours.values(), *skus.values(), *ours])
    found = {one.sku.upper(): one for one in rows.select_related("product__type__tax_class")}
    if missing := sorted(theirs for theirs, sku in ours.items() if sku not in found):
        raise CannotTake(_("Not one of our SKUs: %(what)s.") % {"what": ", ".join(missing)})
    return {theirs: found[sku] for theirs, sku in ours.items()}


def _delivery(
    market: Market,
    sold: SoldOrder,
    chosen: list[Variant],
    now: dt.datetime,
) -> Delivery | None:
    """The shop's cheapest way to the door, at the price that the buyer paid there."""
    if not any(variant.product.type.is_shipped for variant in chosen):
        return None
    offers: Iterator[Delivery] = (
        one
        for one in deliveries(
            to=Destination(sold.buyer["country"], sold.buyer["postcode"]),
            pieces=[_piece(*one) for one in zip(sold.lines, chosen, strict=True)],
            currency=market.currency,
            goods=ZERO,
            now=now,
        )
        if one.kind == "home"
    )
    way = next(offers, None)
    if way is None:
        words = {"country": sold.buyer["country"]}
        raise CannotTake(_("We don't deliver to %(country)s.") % words)
    return replace(way, price=sold.shipping)


def _piece(line: SoldLine, variant: Variant) -> Piece:
    return Piece(variant.pk, line.quantity, variant.grams)


def _recorded(
    marketplace: Marketplace,
    sold: SoldOrder,
    quote: Quote,
    goods: dict[int, Goods],
    now: dt.datetime,
) -> Order:
    terms = Terms(
        market=marketplace.market,
        cart=None,
        language=marketplace.market.language,
        payment_method=PROVIDER,
        policy=None,
        placed_at=sold.placed_at or now,
        expires_at=None,
        exchange_rate=exchange_rate(marketplace.market.currency, now) or Decimal(1),
        channel=Order.Channel.MARKETPLACE,
        reference=sold.reference,
    )
    order, _lines = orders.record(buyer=_buyer(sold), quote=quote, goods=goods, terms=terms)
    orders.note(
        order=order, text=_("Brought from %(name)s.") % {"name": marketplace.name}, move=Move(now)
    )
    return order


def _buyer(sold: SoldOrder) -> Buyer:
    who = sold.buyer
    return Buyer(
        email=who["email"],
        name=who["name"],
        company=who["company"],
        line1=who["line1"],
        line2=who["line2"],
        city=who["city"],
        postcode=who["postcode"],
        country=who["country"],
        phone=who["phone"],
    )


def _paid(order: Order, sold: SoldOrder, now: dt.datetime) -> None:
    if order.total <= ZERO:
        settling.settled(order=order, move=Move(now))
        return
    payment = payments.open_attempt(order=order, provider=PROVIDER, now=now)
    payment = payments.lock(payment_id=payment.pk)
    payment.order = order
    reference = f"{payment.idempotency_key}-{sold.reference}"[:120]
    standing = Standing(State.CHARGED, payment.amount, payment.currency, reference)
    settling.charged(order=order, payment=payment, standing=standing, now=now)
