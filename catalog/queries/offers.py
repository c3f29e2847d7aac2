"""The chosen variant as it is offered: price, tax, stock, how many."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Market, Product
from catalog.queries.options import Choice
from catalog.queries.quantities import Quantities
from catalog.queries.stock import sold_ahead, sold_out
from catalog.queries.unit_prices import unit_price
from shop.templatetags.shop_text import money


@dataclass(frozen=True, slots=True)
class PriceWords:
    """The price and what must be said beside it, as texts; empty for nothing."""

    now: str
    was: str
    lowest_30: str
    tax_note: str
    per_unit: str


@dataclass(frozen=True, slots=True)
class BuyWords:
    """What the form asks, as texts. takes_files: a file may be added to the piece."""

    sku: str
    can_buy: bool
    least: str
    step: str
    most: str
    hint: str
    takes_files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    sku: str
    price: Decimal
    compare_at: Decimal | None
    lowest_30: Decimal | None
    currency: str
    tax_note: str
    unit_price_text: str
    in_stock: bool
    stock_text: str
    stock_tone: str
    can_buy: bool
    quantities: Quantities

    @property
    def words(self) -> PriceWords:
        return PriceWords(
            now=money(self.price, self.currency),
            was=money(self.compare_at, self.currency),
            lowest_30=money(self.lowest_30, self.currency),
            tax_note=self.tax_note,
            per_unit=self.unit_price_text,
        )

    def form(self, *, takes_files: bool) -> BuyWords:
        asked = self.quantities
        return BuyWords(
            sku=self.sku,
            can_buy=self.can_buy,
            least=str(asked.least),
            step=str(asked.step),
            most=str(asked.most),
            hint=asked.hint,
            takes_files=takes_files,
        )


def offer_of(product: Product, choice: Choice, market: Market) -> Offer:
    """choice: with its prices on the side that the market shows."""
    quantities = _quantities(choice)
    can_buy = choice.can_be_had and quantities.is_possible
    text, tone = _stock(product, choice) if can_buy else sold_out(choice.stock)
    per = unit_price(
        choice.price, content=choice.content, unit=choice.content_unit, currency=market.currency
    )
    return Offer(
        sku=choice.sku,
        price=choice.price,
        compare_at=choice.was,
        lowest_30=choice.lowest_30,
        currency=market.currency,
        tax_note=_tax_note(product, market),
        unit_price_text=per.text if per else "",
        in_stock=can_buy,
        stock_text=text,
        stock_tone=tone,
        can_buy=can_buy,
        quantities=quantities,
    )


def _tax_note(product: Product, market: Market) -> str:
    if product.type.is_gift_card:
        return _("VAT is charged when it is spent")
    return _("including VAT") if market.shows_tax else _("plus VAT")


def _quantities(choice: Choice) -> Quantities:
    """How many can be asked for. What is left counts only when it is low.

    Pages are kept, and a count is soon out of date.
    """
    stock, most = choice.stock, choice.max_quantity
    if stock.is_low or stock.is_preorder:
        most = min(most, stock.sellable)
    return Quantities.within(choice.min_quantity, choice.quantity_step, most)


def _stock(product: Product, choice: Choice) -> tuple[str, str]:
    if choice.stock.is_low:
        return _("Only %(count)s left") % {"count": choice.stock.available}, "warn"
    if not product.type.is_shipped:
        return _("Always available"), "ok"
    if product.status == Product.Status.PHASE_OUT:
        return _("In stock, the last batch"), "ok"
    return sold_ahead(choice.stock) or (_("In stock, ready to post"), "ok")
