"""What may come back, how long and at whose cost: the shop's rules as rows, and the law's above."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import CollectionEntry, Product
from catalog.models.market import EU
from orders.models import Order, OrderLine, ReturnReason, ReturnRule
from orders.services import return_words
from orders.services.return_words import PolicyWords
from shop.lib import rulebook
from shop.lib.prepared import Prepared
from shop.lib.workdays import is_working_day

Exempt = ReturnRule.Exempt
# Where a consumer may withdraw: Directive 2011/83/EU with the EEA, and the United Kingdom's
# Consumer Contracts Regulations 2013.
LEGAL = EU | {"GB", "IS", "LI", "NO", "XI"}
LEGAL_DAYS = 14
RULES: tuple[dict[str, object], ...] = (
    {
        "name": "Made to the customer's wishes",
        "position": 10,
        "is_final_sale": True,
        "allows_exchange": False,
        "exempt": Exempt.CUSTOM_MADE,
    },
    {
        "name": "Downloads and keys",
        "position": 20,
        "is_final_sale": True,
        "allows_exchange": False,
        "exempt": Exempt.DIGITAL,
    },
    {"name": "Everything", "position": 1000, "approve_below": Decimal(100)},
)
# Code, words, whether it is our fault, whether a picture is asked for.
REASONS = (
    ("changed_mind", "Changed my mind", False, False),
    ("too_small", "Too small", False, False),
    ("too_big", "Too big", False, False),
    ("not_as_described", "Not as described", True, False),
    ("faulty", "Faulty or broken", True, True),
    ("wrong_item", "Not what I ordered", True, True),
    ("late", "Came too late", True, False),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at. path: of its category. is_digital: a file or a key, no gift card."""

    path: str = ""
    collections: frozenset[int] = frozenset()
    country: str = ""
    is_digital: bool = False
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A rule with what it is for, read once."""

    rule: ReturnRule
    paths: tuple[str, ...] = ()
    collections: frozenset[int] = frozenset()

    def fits(self, subject: Subject) -> bool:
        if self.rule.countries and subject.country not in self.rule.countries:
            return False
        if self.rule.exempt == Exempt.DIGITAL and not subject.is_digital:
            return False
        if not self.paths and not self.collections:
            # Without goods of its own it is about all that is made to somebody's wishes.
            return self.rule.exempt != Exempt.CUSTOM_MADE or subject.is_made
        return subject.path.startswith(self.paths) or bool(self.collections & subject.collections)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in use, in the order they are tried."""

    rules: tuple[Known, ...] = field(default=())

    def rule_for(self, subject: Subject) -> ReturnRule:
        found = next((one.rule for one in self.rules if one.fits(subject)), None)
        return found or ReturnRule(name=_("Everything"))


DEFAULTS = tuple(Known(ReturnRule(**one)) for one in RULES)


def policy() -> Policy:
    """Kept until a rule is changed."""
    found = rulebook.kept("return-rules", _read)
    if not found and not ReturnRule.objects.exists():
        _make_rules()
        found = _read()
    return Policy(found)


def _read() -> tuple[Known, ...]:
    rows = ReturnRule.objects.filter(is_active=True).order_by("position", "pk")
    return tuple(
        Known(
            rule,
            tuple(one.path for one in rule.categories.all()),
            frozenset(one.pk for one in rule.collections.all()),
        )
        for rule in rows.prefetch_related("categories", "collections")
    )


@transaction.atomic
def _make_rules() -> None:
    for one in RULES:
        ReturnRule.objects.get_or_create(name=one["name"], defaults=one)


def reasons() -> list[ReturnReason]:
    """What a customer may choose from."""
    if not ReturnReason.objects.exists():
        for position, (code, label, is_fault, wants_photo) in enumerate(REASONS):
            ReturnReason.objects.get_or_create(
                code=code,
                defaults={
                    "label": label,
                    "is_our_fault": is_fault,
                    "wants_photo": wants_photo,
                    "position": position,
                },
            )
    return list(ReturnReason.objects.filter(is_active=True).order_by("position", "pk"))


def subjects_of(order: Order, lines: Iterable[OrderLine]) -> dict[int, Subject]:
    """By line. Two queries."""
    lines = list(lines)
    rows = SOLD.rows(lines=[line.pk for line in lines])
    known = {pk: (product, path or "", bool(card)) for pk, product, path, card in rows}
    products = {product for product, _path, _card in known.values() if product}
    inside: dict[int, set[int]] = {}
    for product, collection in LIES_IN.rows(products=list(products)) if products else ():
        inside.setdefault(product, set()).add(collection)
    return {line.pk: _subject(order, line, known, inside) for line in lines}


# What was sold by a line: its product, where that stands, whether it is a gift card.
SOLD = Prepared(
    lambda lines: OrderLine.objects.filter(pk__in=lines).values_list(
        "pk",
        "variant__product_id",
        "variant__product__category__path",
        "variant__product__type__is_gift_card",
    )
)
LIES_IN = Prepared(
    lambda products: CollectionEntry.objects.filter(product__in=products).values_list(
        "product_id", "collection_id"
    )
)


def _subject(
    order: Order,
    line: OrderLine,
    known: Mapping[int, tuple[int | None, str, bool]],
    inside: Mapping[int, set[int]],
) -> Subject:
    product, path, is_card = known[line.pk]
    return Subject(
        path,
        frozenset(inside.get(product, ())) if product else frozenset(),
        order.country,
        not line.is_shipped and not is_card,
        bool(line.extras),
    )


def rules_of(order: Order, lines: Iterable[OrderLine]) -> list[ReturnRule]:
    """The rule of each of these lines."""
    known, subjects = policy(), subjects_of(order, lines)
    return [known.rule_for(subject) for subject in subjects.values()]


def words(*, product: Product | None, country: str, lies_in: Collection[int] = ()) -> PolicyWords:
    """What the shop tells of returns: of a product, or (without one) of all it sells. No query.

    Public pages show it, so the rules are kept, and none are made by reading. lies_in: the ids of
    the product's collections.
    """
    known = rulebook.kept("return-policy", lambda: Policy(_read() or DEFAULTS))
    subject = Subject(country=country)
    if product is not None:
        path = product.category.path if product.category else ""
        kind = product.type
        is_digital = not (kind.is_shipped or kind.is_gift_card)
        subject = Subject(path, frozenset(lies_in), country, is_digital)
    return return_words.of(known.rule_for(subject), is_legal=country in LEGAL)


# The law


def is_consumer_sale(order: Order) -> bool:
    """Whether its buyer may withdraw by law: a consumer, in a country that has it."""
    return order.country in LEGAL and not order.vat_number


def is_exempt(rule: ReturnRule) -> bool:
    """Whether the law lets it out. What was sealed is out only when it was opened: seen later."""
    return rule.exempt not in ("", Exempt.SEALED)


def last_legal_day(start: dt.date, country: str) -> dt.date:
    """Fourteen days; a period that would end on a day off ends with the next working day.

    Regulation (EEC, Euratom) No 1182/71, article 3 (4).
    """
    day = start + dt.timedelta(days=LEGAL_DAYS)
    while not is_working_day(day, country):
        day += dt.timedelta(days=1)
    return day
