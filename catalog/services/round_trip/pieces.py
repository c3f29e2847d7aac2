"""A variant with its product, prices and answers: loaded together, changed, and saved together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import AttributeValue, Option, OptionValue, Price, Product, Variant
from catalog.services import options, products
from shop.lib.errors import Refused

LONGEST_REASON = 100


class Part(Enum):
    PRODUCT = "product"
    VARIANT = "variant"
    PRICE = "price"
    ANSWER = "answer"


class RowRefused(Refused):
    """Raised when a row's values, taken together, can't stand."""


@dataclass(frozen=True, slots=True)
class Why:
    """Who changes it, when, and in words: what the history of a product shows."""

    actor: User | None
    now: dt.datetime
    reason: str


@dataclass
class Goods:
    """A product and what it answers; shared by the pieces of its variants."""

    product: Product
    answers: dict[int, AttributeValue] = field(default_factory=dict)
    moving_to: str = ""
    is_changed: bool = False
    changed_answers: set[int] = field(default_factory=set)


@dataclass
class Piece:
    """`on_hand` is there to be shown. A product that has no variants yet stands alone."""

    goods: Goods
    variant: Variant | None = None
    prices: dict[int, Price] = field(default_factory=dict)
    on_hand: int | None = None
    choices: list[tuple[str, str]] = field(default_factory=list)
    is_changed: bool = False
    changed_prices: set[int] = field(default_factory=set)

    @property
    def product(self) -> Product:
        return self.goods.product

    # Reading and writing one value

    def value(self, part: Part, name: str, place: int) -> Any:
        if part is Part.PRODUCT:
            is_moving = name == "status" and self.goods.moving_to
            return self.goods.moving_to if is_moving else getattr(self.product, name)
        if part is Part.ANSWER:
            answer = self.goods.answers.get(place)
            return answer and getattr(answer, name)
        if part is Part.PRICE:
            price = self.prices.get(place)
            return price and getattr(price, name)
        return self._of_variant(name)

    def _of_variant(self, name: str) -> Any:
        if name == "on_hand":
            return self.on_hand
        if name == "options":
            return "; ".join(f"{option}: {value}" for option, value in self.choices)
        return getattr(self.variant, name, None)

    def put(self, part: Part, name: str, place: int, value: Any) -> None:
        if part is Part.PRODUCT and name == "status":
            self.goods.moving_to = value
        elif part is Part.PRODUCT:
            setattr(self.product, name, value)
            self.goods.is_changed = True
        elif part is Part.ANSWER:
            self._answer(name, place, value)
        elif part is Part.PRICE:
            self._price(name, place, value)
        else:
            setattr(self.variant, name, value)
            self.is_changed = True

    def _answer(self, name: str, attribute: int, value: Any) -> None:
        answer = self.goods.answers.setdefault(attribute, AttributeValue(attribute_id=attribute))
        setattr(answer, name, value)
        self.goods.changed_answers.add(attribute)

    def _price(self, name: str, market: int, value: Any) -> None:
        price = self.prices.setdefault(market, Price(market_id=market))
        setattr(price, name, value)
        price.is_fixed = True
        self.changed_prices.add(market)

    # Saving

    def save(self, *, why: Why) -> None:
        """Write what was changed: product, variant, prices, answers, and last the step it takes.

        Raises RowRefused, and what moving a product raises.
        """
        self._check()
        if self.goods.is_changed or self.product.pk is None:
            _keep(self.product, why)
        if self.variant is not None:
            self._save_variant(self.variant, why)
        self._save_answers()
        self._move(why)
        self.is_changed = self.goods.is_changed = False
        self.changed_prices, self.goods.changed_answers = set(), set()

    def _check(self) -> None:
        product, variant = self.product, self.variant
        begins, ends = product.published_at, product.unpublished_at
        if begins and ends and ends <= begins:
            raise RowRefused(_("It would go off sale before it goes on sale."))
        if product.status in Product.SOLD and not begins:
            raise RowRefused(_("What is on sale needs a date in “published_at”."))
        if variant is not None:
            _check_quantities(variant)
        for market in self.changed_prices:
            _check_price(self.prices[market])

    def _save_variant(self, variant: Variant, why: Why) -> None:
        if self.is_changed or variant.pk is None:
            is_new = variant.pk is None
            variant.product = self.product
            _keep(variant, why)
            if is_new and self.choices:
                _choose(variant, self.choices)
        for market in sorted(self.changed_prices):
            price = self.prices[market]
            price.variant = variant
            if self.value(Part.PRICE, "amount", market) is not None:
                _keep(price, why)
            elif price.pk is not None:
                _let_go(price, why)

    def _save_answers(self) -> None:
        for attribute in sorted(self.goods.changed_answers):
            answer = self.goods.answers[attribute]
            answer.product = self.product
            said = (answer.text, answer.number, answer.choice_id, answer.is_true, answer.day)
            if any(one is not None for one in said):
                answer.save()
            elif answer.pk is not None:
                answer.delete()

    def _move(self, why: Why) -> None:
        wanted, self.goods.moving_to = self.goods.moving_to, ""
        if not wanted or wanted == self.product.status:
            return
        products.move(product=self.product, to=wanted, now=why.now)
        last = self.product.history.order_by("-history_id").first()
        type(last).objects.filter(pk=last.pk).update(
            history_user=why.actor, history_change_reason=why.reason[:LONGEST_REASON]
        )


def sign(row: Any, why: Why) -> None:
    """Say in the row's history who writes it next, and why."""
    row._history_user = why.actor  # noqa: SLF001
    row._change_reason = why.reason[:LONGEST_REASON]  # noqa: SLF001


def _keep(row: Any, why: Why) -> None:
    sign(row, why)
    row.save()


def _let_go(row: Any, why: Why) -> None:
    sign(row, why)
    row.delete()


def _check_price(price: Price) -> None:
    if price.compare_at is not None and price.amount is None:
        raise RowRefused(_("A price that was needs a price that is."))
    if price.compare_at is not None and price.compare_at <= price.amount:
        raise RowRefused(_("“compare_at” must be higher than the price."))


def _check_quantities(variant: Variant) -> None:
    if variant.max_quantity < variant.min_quantity:
        raise RowRefused(_("“max_quantity” is below “min_quantity”."))
    if (variant.content is None) != (variant.content_unit == ""):
        raise RowRefused(_("“content” and “content_unit” go together."))


def _choose(variant: Variant, choices: Sequence[tuple[str, str]]) -> None:
    """Give a new variant its values; options and values that are new are made."""
    chosen = []
    for position, (name, word) in enumerate(choices):
        told = {"position": position}
        option, _new = Option.objects.get_or_create(
            product=variant.product, name=name, defaults=told
        )
        last = option.values.aggregate(models.Max("position"))["position__max"]
        told = {"position": 0 if last is None else last + 1}
        value, _new = OptionValue.objects.get_or_create(option=option, name=word, defaults=told)
        chosen.append(value)
    variant.values.set(chosen)
    options.relabel(product=variant.product)
