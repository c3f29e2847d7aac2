"""What may come back, how long and at whose cost: the shop's rules as rows, and the law's above."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
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

    @property
    def is_about_goods(self) -> bool:
        return any(one.paths or one.collections for one in self.rules)


DEFAULTS = tuple(Known(ReturnRule(**one)) for one in RULES)


def policy() -> Policy:
    """Kept until a rule is changed."""
    found = _rules()
    if not found and not ReturnRule.objects.exists():
        _make_rules()
        found = _read()
    return Policy(found)


def _rules() -> tuple[Known, ...]:
    return rulebook.kept("return-rules", _read)


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


@dataclass(frozen=True, slots=True)
class Goods:
    """What was sold by a line, as far as rules ask."""

    path: str = ""
    is_gift_card: bool = False
    collections: frozenset[int] = frozenset()


UNKNOWN = Goods()


def subjects_of(order: Order, lines: Iterable[OrderLine]) -> dict[int, Subject]:
    """By line. One query; none where no rule asks for more than the order says."""
    lines = list(lines)
    asked = policy().is_about_goods or not all(line.is_shipped for line in lines)
    known = _goods(lines) if asked else {}
    return {line.pk: _subject(order, line, known.get(line.pk, UNKNOWN)) for line in lines}


def _goods(lines: Iterable[OrderLine]) -> dict[int, Goods]:
    return {
        pk: Goods(path or "", bool(is_card), frozenset(lies_in))
        for pk, path, is_card, lies_in in SOLD.rows(lines=[line.pk for line in lines])
    }


# By line: where its product stands, whether it is a gift card, the collections it lies in.
SOLD = Prepared(
    lambda lines: OrderLine.objects.filter(pk__in=lines).values_list(
        "pk",
        "variant__product__category__path",
        "variant__product__type__is_gift_card",
        ArraySubquery(
            CollectionEntry.objects.filter(product=OuterRef("variant__product")).values(
                "collection_id"
            )
        ),
    )
)


def _subject(order: Order, line: OrderLine, goods: Goods) -> Subject:
    return Subject(
        goods.path,
        goods.collections,
        order.country,
        not line.is_shipped and not goods.is_gift_card,
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
    known = Policy(_rules() or DEFAULTS)
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
