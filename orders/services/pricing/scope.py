"""Which lines a rule is about."""

from dataclasses import dataclass, field

from orders.services.pricing.items import Facts


@dataclass(frozen=True, slots=True)
class Scope:
    """Which lines a rule is about. Ids; nothing named means everything.

    A line is in when it is in any of products, categories, collections (or none are named), has
    any of the choices (or none are named), and is not on sale where sales are left out.
    name: what shoppers call it ("mugs"); empty when there is nothing short to say.
    """

    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    choices: frozenset[int] = frozenset()
    without_sale: bool = False
    name: str = field(default="", compare=False)

    @property
    def is_named(self) -> bool:
        return bool(self.products or self.categories or self.collections)

    def holds(self, facts: Facts) -> bool:
        if not facts.takes_promotions or (self.without_sale and facts.is_on_sale):
            return False
        if self.choices and self.choices.isdisjoint(facts.choices):
            return False
        return not self.is_named or (
            facts.product in self.products
            or not self.categories.isdisjoint(facts.categories)
            or not self.collections.isdisjoint(facts.collections)
        )


EVERYTHING = Scope()
