"""Rows into variants, with their options, values and prices."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Option, OptionValue, Price, Variant
from catalog.services.imports.batch import Batch, assign
from catalog.services.imports.rows import Choice, ProductRow, VariantRow
from shop.lib.money import round_money
from shop.lib.pouring import pour

Chosen = Variant.values.through


def write(batch: Batch) -> None:
    """Create and update the variants that were matched."""
    sold = list(batch.sold())
    answers = _Answers(batch, [row for row, _line, _variant in sold])
    chosen = {line.line: answers.of(row, line.choices) for row, line, _variant in sold}
    answers.save()
    _write_variants(batch, chosen)
    _write_chosen(batch, chosen)
    _write_prices(batch)
    batch.variant_count = len(sold)


class _Answers:
    """The options and values of the products of a batch: found whatever their case, or made."""

    def __init__(self, batch: Batch, rows: Sequence[ProductRow]) -> None:
        self.products = batch.products
        self.options: dict[int, list[Option]] = defaultdict(list)
        self.values: dict[int, list[OptionValue]] = defaultdict(list)
        self.new_options: list[Option] = []
        self.new_values: list[OptionValue] = []
        self.renamed: list[Option] = []
        ids = {batch.products[row.ref].pk for row in rows}
        for option in Option.objects.filter(product__in=ids).order_by("position", "pk"):
            self.options[option.product_id].append(option)
        for value in OptionValue.objects.filter(option__product__in=ids).order_by("position", "pk"):
            self.values[value.option_id].append(value)
        self.by_option = {id(option): self.values[option.pk] for option in self._all()}

    def _all(self) -> list[Option]:
        return [option for options in self.options.values() for option in options]

    def of(self, row: ProductRow, choices: Sequence[Choice]) -> list[OptionValue]:
        """The values a line chooses, in option order."""
        return [
            self._value(self._option(row, index, choice.option), choice.value)
            for index, choice in enumerate(choices)
        ]

    def _option(self, row: ProductRow, index: int, name: str) -> Option:
        product = self.products[row.ref]
        options = self.options[product.pk]
        if not name and index < len(options):
            return options[index]
        name = name or _("Option %(number)s") % {"number": index + 1}
        for option in options:
            if option.name.casefold() == name.casefold():
                return option
        option = Option(product=product, name=name, position=len(options))
        options.append(option)
        self.new_options.append(option)
        self.by_option[id(option)] = []
        return option

    def _value(self, option: Option, name: str) -> OptionValue:
        values = self.by_option[id(option)]
        for value in values:
            if value.name.casefold() == name.casefold():
                return value
        value = OptionValue(option=option, name=name, position=len(values))
        values.append(value)
        self.new_values.append(value)
        return value

    def save(self) -> None:
        pour(self.new_options)
        pour(self.new_values)


def _write_variants(batch: Batch, chosen: dict[int, list[OptionValue]]) -> None:
    new, changed, names = list[Variant](), list[Variant](), set[str]()
    for row, line, variant in batch.sold():
        fields = {**line.fields, "label": ", ".join(value.name for value in chosen[line.line])}
        if line.sku:
            fields["sku"] = line.sku
        news = assign(variant, fields)
        if not variant.pk:
            variant.product = batch.product_of(row)
            new.append(variant)
        elif news:
            changed.append(variant)
            names |= news
        else:
            continue
        batch.touched(row.ref)
    pour(new)
    if names:
        Variant.objects.bulk_update(changed, sorted(names))


def _write_chosen(batch: Batch, chosen: dict[int, list[OptionValue]]) -> None:
    """Tie variants to their values; those that chose otherwise before are tied anew."""
    ids = [variant.pk for _row, _line, variant in batch.sold()]
    before: dict[int, set[int]] = defaultdict(set)
    known = Chosen.objects.filter(variant__in=ids).values_list("variant", "optionvalue")
    for variant_id, value_id in known:
        before[variant_id].add(value_id)
    ties, moved = [], []
    for row, line, variant in batch.sold():
        values = {value.pk for value in chosen[line.line]}
        if values == before[variant.pk]:
            continue
        if before[variant.pk]:
            moved.append(variant.pk)
        ties += [Chosen(variant_id=variant.pk, optionvalue_id=value) for value in sorted(values)]
        batch.touched(row.ref)
    if moved:
        Chosen.objects.filter(variant__in=moved).delete()
    pour(ties)
    if moved:
        _drop_unchosen(moved)


def _drop_unchosen(moved: Sequence[int]) -> None:
    """Take away answers that nothing gives any more, after variants changed theirs."""
    products = Variant.objects.filter(pk__in=moved).values("product")
    OptionValue.objects.filter(option__product__in=products, variants=None).delete()
    Option.objects.filter(product__in=products, values=None).delete()


def _write_prices(batch: Batch) -> None:
    market = batch.target.market
    ids = [variant.pk for _row, _line, variant in batch.sold()]
    known = {
        price.variant_id: price for price in Price.objects.filter(variant__in=ids, market=market)
    }
    new, changed = [], []
    for row, line, variant in batch.sold():
        if line.price is None:
            continue
        price = known.get(variant.pk)
        fields = _price_fields(line, line.price, price, batch)
        if price is None:
            new.append(Price(variant=variant, market=market, **fields))
        elif assign(price, fields):
            changed.append(price)
        else:
            continue
        batch.touched(row.ref)
    pour(new)
    if changed:
        Price.objects.bulk_update(changed, ["amount", "compare_at", "is_fixed"])


def _price_fields(
    line: VariantRow, amount: Decimal, price: Price | None, batch: Batch
) -> dict[str, Any]:
    currency = batch.target.market.currency
    rounded = round_money(amount, currency)
    before = line.compare_at
    if not line.says_compare_at and price is not None:
        before = price.compare_at
    if before is not None and round_money(before, currency) <= rounded:
        if line.compare_at is not None:
            batch.notes.tally(
                line.line, _("The price before is not above the price, so it is not shown.")
            )
        before = None
    return {
        "amount": rounded,
        "compare_at": None if before is None else round_money(before, currency),
        # Whatever it was computed from: a file says what it is from now on.
        "is_fixed": True,
    }
