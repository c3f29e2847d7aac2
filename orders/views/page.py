"""How lines and figures look on the shopper's pages."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.queries.cards import PictureWords
from catalog.queries.pictures import Picture, picture_of
from catalog.queries.quantities import Quantities
from inventory.queries import Availability, Waiting, availability
from orders.models import Cart, OrderLine
from orders.queries import LineInCart, picture_for
from orders.services.coming import follows_of, problem_of, waits_of
from orders.services.receipts import LineSums, Off, RowWords, rows_in_words, some_money
from shop.lib.money import ZERO
from shop.processes.quoting import GiftLine, Priced
from shop.templatetags.shop_text import money

ANY = Quantities(1, 1, 99)
NOTHING = LineSums(ZERO, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Added:
    """Something a shopper added to a piece, and what it costs per unit."""

    name: str
    words: str
    amount: Decimal

    def in_words(self, currency: str) -> "AddedWords":
        return AddedWords(self.name, self.words, some_money(self.amount, currency))


@dataclass(frozen=True, slots=True)
class AddedWords:
    name: str
    words: str
    amount: str


@dataclass(frozen=True, slots=True)
class Instead:
    """A piece that one click puts in the line's place."""

    title: str
    options_text: str
    url: str
    picture: Picture | None
    sku: str
    price: Decimal

    def in_words(self, currency: str) -> "InsteadWords":
        return InsteadWords(
            title=self.title,
            options_text=self.options_text,
            url=self.url,
            picture=PictureWords.of(self.picture) if self.picture else None,
            sku=self.sku,
            price=money(self.price, currency),
        )


@dataclass(frozen=True, slots=True)
class InsteadWords:
    title: str
    options_text: str
    url: str
    picture: PictureWords | None
    sku: str
    price: str


@dataclass(frozen=True, slots=True)
class Help:
    """What can be done about a line that ran out."""

    swap_url: str
    alert_url: str
    pieces: tuple[Instead, ...]

    def in_words(self, currency: str) -> "HelpWords":
        pieces = tuple([one.in_words(currency) for one in self.pieces])
        return HelpWords(self.swap_url, self.alert_url, pieces)


@dataclass(frozen=True, slots=True)
class HelpWords:
    swap_url: str
    alert_url: str
    pieces: tuple[InsteadWords, ...]


@dataclass(frozen=True, slots=True)
class Take:
    """A number of units that one click leaves in a line, and in words."""

    units: int
    words: str


@dataclass(frozen=True, slots=True)
class TakeWords:
    units: str
    words: str


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line as texts. most and step: of its quantity; extras: name, words, amount."""

    id: str
    title: str
    options_text: str
    url: str
    picture: PictureWords | None
    unit_price: str
    quantity: str
    total: str
    listed: str
    offs: tuple[RowWords, ...]
    price_note: str
    is_gift: bool
    most: str
    step: str
    extras: tuple[AddedWords, ...]
    parts: tuple[str, ...]
    problem: str
    follows: str
    canceled: str
    notes: tuple[str, ...]
    update_url: str
    help: HelpWords | None
    takes: tuple[TakeWords, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a basket, a summary or an order. listed: its sum before what came off."""

    id: int
    title: str
    options_text: str
    url: str
    picture: Picture | None
    sku: str
    unit_price: Decimal
    quantity: int
    total: Decimal
    listed: Decimal = ZERO
    offs: tuple[Off, ...] = ()
    price_note: str = ""
    is_gift: bool = False
    quantities: Quantities = ANY
    extras: tuple[Added, ...] = ()
    parts: tuple[str, ...] = ()
    problem: str = ""
    # When it is sent, if not all of it at once.
    follows: str = ""
    # What of a bought line is not sent any more.
    canceled: str = ""
    notes: tuple[str, ...] = ()
    update_url: str = ""
    help: Help | None = None
    takes: tuple[Take, ...] = ()

    def in_words(self, currency: str) -> LineWords:
        return LineWords(
            id=str(self.id),
            title=self.title,
            options_text=self.options_text,
            url=self.url,
            picture=PictureWords.of(self.picture) if self.picture else None,
            unit_price=money(self.unit_price, currency),
            quantity=str(self.quantity),
            total=money(self.total, currency),
            listed=money(self.listed, currency),
            offs=rows_in_words(self.offs, currency),
            price_note=self.price_note,
            is_gift=self.is_gift,
            most=str(self.quantities.most),
            step=str(self.quantities.step),
            extras=tuple([one.in_words(currency) for one in self.extras]),
            parts=self.parts,
            problem=self.problem,
            follows=self.follows,
            canceled=self.canceled,
            notes=self.notes,
            update_url=self.update_url,
            help=self.help.in_words(currency) if self.help else None,
            takes=tuple([TakeWords(str(one.units), one.words) for one in self.takes]),
        )


def stock_of(cart: Cart, priced: Priced, *, now: dt.datetime) -> dict[int, Availability]:
    """What there is of everything in a cart; what its shopper has reserved is his."""
    ids = {line.line.variant_id for line in priced.all_lines}
    if ids <= priced.stock.keys():
        return dict(priced.stock)
    return availability(sorted(ids), cart.holder, now=now)


def cart_lines(
    lines: Iterable[LineInCart],
    sums: Mapping[int, LineSums],
    stock: Mapping[int, Availability],
) -> list[Line]:
    """A basket's lines as they are shown. sums: by the line's id; none for what can't be had."""
    lines = list(lines)
    units = Counter[int]()
    for line in lines:
        units[line.line.variant_id] += line.line.quantity
    before = Counter[int]()
    found = []
    for line in lines:
        variant_id = line.line.variant_id
        shown = _cart_line(line, sums.get(line.line.pk, NOTHING))
        problem = shown.problem or problem_of(stock[variant_id], units[variant_id])
        quantity = line.line.quantity
        follows = follows_of(stock[variant_id], quantity, before=before[variant_id])
        found.append(replace(shown, problem=problem, follows="" if problem else follows))
        before[variant_id] += quantity
    return found


def gift_lines(gifts: Iterable[GiftLine]) -> list[Line]:
    """What promotions add, beside the lines and not to be changed."""
    return [_gift_line(gift) for gift in gifts]


def _gift_line(gift: GiftLine) -> Line:
    variant = gift.variant
    image = picture_for(variant)
    return Line(
        id=gift.key,
        title=variant.product.title,
        options_text=variant.label,
        url=f"{variant.product.get_absolute_url()}?v={variant.sku}",
        picture=picture_of(image) if image else None,
        sku=variant.sku,
        unit_price=ZERO,
        quantity=gift.quantity,
        total=ZERO,
        is_gift=True,
    )


def _cart_line(line: LineInCart, sums: LineSums) -> Line:
    variant, row = line.variant, line.line
    image = picture_for(variant)
    return Line(
        id=row.pk,
        title=variant.product.title,
        options_text=variant.label,
        url=f"{variant.product.get_absolute_url()}?v={variant.sku}",
        picture=picture_of(image) if image else None,
        sku=variant.sku,
        unit_price=sums.unit,
        quantity=row.quantity,
        total=sums.amount,
        listed=sums.listed,
        offs=sums.offs,
        price_note=line.price_note,
        quantities=Quantities.of(variant),
        extras=tuple(Added(one.name, one.words, one.amount) for one in line.extras),
        parts=tuple(
            part_text(one.quantity, one.part.product.title, one.part.label) for one in line.parts
        ),
        problem=line.problem,
        notes=_notes(line),
        update_url=reverse("orders:cart_line_update", args=[row.pk]),
    )


def part_text(quantity: int, title: str, label: str = "") -> str:
    """ "2 × Foot-ring mug, Ash"."""
    return f"{quantity} × {title}" + (f", {label}" if label else "")


def _notes(line: LineInCart) -> tuple[str, ...]:
    """What the price was when the line was put in, when it is another one now."""
    seen = line.line.price_seen
    if line.price is None or line.price == seen:
        return ()
    currency = line.line.cart.market.currency
    figures = {"was": money(seen, currency), "now": money(line.price, currency)}
    if line.price < seen:
        return (_("Good news: %(now)s each now, was %(was)s when you added it.") % figures,)
    return (_("The price has gone up: %(now)s each, was %(was)s when you added it.") % figures,)


def order_lines(
    lines: Iterable[OrderLine],
    sums: Mapping[int, LineSums],
    waiting: Mapping[UUID, Waiting],
) -> list[Line]:
    """An order's lines as they are shown. sums: by the line's id; waiting: what follows."""
    return [_order_line(line, sums[line.pk], waiting.get(line.holder)) for line in lines]


def _canceled(line: OrderLine) -> str:
    words = {"count": line.canceled, "all": line.quantity}
    return _("%(count)s of %(all)s cancelled") % words if line.canceled else ""


def _order_line(line: OrderLine, sums: LineSums, waiting: Waiting | None) -> Line:
    return Line(
        id=line.pk,
        title=line.title,
        options_text=line.variant_label,
        url="",
        picture=Picture.from_json(line.image) if line.image else None,
        sku=line.sku,
        unit_price=sums.unit,
        quantity=line.quantity,
        total=sums.amount,
        listed=sums.listed,
        offs=() if line.is_gift else sums.offs,
        price_note=line.price_note,
        is_gift=line.is_gift,
        follows=waits_of(waiting, line.quantity - line.canceled),
        canceled=_canceled(line),
        extras=tuple(
            Added(one["name"], one["value"], Decimal(one["amount"])) for one in line.extras
        ),
        parts=tuple(part_text(one.quantity, one.title) for one in line.parts.all()),
    )
