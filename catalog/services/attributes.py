"""Typed answers: checked, then kept."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Attribute, AttributeChoice, AttributeValue, Product
from catalog.queries.attributes import asked_of, unanswered
from shop.lib.errors import Refused
from shop.lib.text import clean

LONGEST_TEXT = 255
NUMBER = re.compile(r"[+-]?\d{1,10}(\.\d{1,4})?")
YES, NO = {"yes", "true", "1", "on"}, {"no", "false", "0", "off"}
COLUMNS = ("text", "number", "choice", "is_true", "day")
Kind = Attribute.Kind


class BadAnswers(Refused):
    """Raised when answers are not of their attribute's kind. `problems`: words by code."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class AnswersMissing(Refused):
    """Raised when a product is to be sold before it answers what its type needs to know."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(_("Still to be answered: %(names)s.") % {"names": ", ".join(names)})
        self.names = names


@transaction.atomic
def set_answers(*, product: Product, answers: Mapping[str, Any]) -> None:
    """Keep what a product answers, by attribute code; None or "" takes an answer away.

    Values may come typed or as people write them: "320 ml", "yes", "2019-05-04", a choice's name.
    Codes that are not named stay as they are. Raises BadAnswers, and then nothing is kept.
    """
    asked = {one.attribute.code: one.attribute for one in asked_of(product.type_id)}
    fresh: list[AttributeValue] = []
    gone: list[Attribute] = []
    problems: dict[str, str] = {}
    for code, value in answers.items():
        try:
            answer = _answer(product, _asked(asked, code), value)
        except Refused as refusal:
            problems[code] = refusal.message
            continue
        if answer:
            fresh.append(answer)
        else:
            gone.append(asked[code])
    if problems:
        raise BadAnswers(problems)
    AttributeValue.objects.filter(product=product, attribute__in=gone).delete()
    AttributeValue.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["product", "attribute"],
        update_fields=COLUMNS,
    )


def check_answered(product: Product) -> None:
    """Raise AnswersMissing while something that is needed before selling is open."""
    gaps = unanswered([product.pk]).get(product.pk, [])
    if gaps:
        raise AnswersMissing([one.name for one in gaps])


def _asked(asked: Mapping[str, Attribute], code: str) -> Attribute:
    if code not in asked:
        raise Refused(_("This type of product asks nothing called “%(code)s”.") % {"code": code})
    return asked[code]


def _answer(product: Product, attribute: Attribute, value: Any) -> AttributeValue | None:
    if isinstance(value, str):
        value = clean(value)
    if value is None or value == "":
        return None
    column, read = READERS[Kind(attribute.kind)]
    return AttributeValue(product=product, attribute=attribute, **{column: read(attribute, value)})


def _text(attribute: Attribute, value: Any) -> str:
    text = str(value)
    if len(text) > LONGEST_TEXT:
        words = {"name": attribute.name, "most": LONGEST_TEXT, "count": len(text)}
        raise Refused(_("%(name)s: at most %(most)s characters; these are %(count)s.") % words)
    return text


def _number(attribute: Attribute, value: Any) -> Decimal:
    written = "" if isinstance(value, bool) else f"{value}".strip()
    bare = written.removesuffix(attribute.unit).strip() if attribute.unit else written
    if not NUMBER.fullmatch(bare):
        words = {"name": attribute.name, "value": written[:40], "unit": attribute.unit or "-"}
        raise Refused(
            _("%(name)s: “%(value)s” is not a number such as 12.5 (unit: %(unit)s).") % words
        )
    return Decimal(bare)


def _choice(attribute: Attribute, value: Any) -> AttributeChoice:
    choices = sorted(attribute.choices.all(), key=lambda one: (one.position, one.pk))
    name = value.name if isinstance(value, AttributeChoice) else str(value)
    for one in choices:
        if one.name.casefold() == name.casefold():
            return one
    names = ", ".join(one.name for one in choices)
    words = {"name": attribute.name, "value": name[:40], "choices": names}
    raise Refused(_("%(name)s: “%(value)s” is none of %(choices)s.") % words)


def _yes_or_no(attribute: Attribute, value: Any) -> bool:
    said = str(value).casefold()
    if said not in YES | NO:
        words = {"name": attribute.name, "value": said[:40]}
        raise Refused(_("%(name)s: answer yes or no, not “%(value)s”.") % words)
    return said in YES


def _day(attribute: Attribute, value: Any) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        words = {"name": attribute.name, "value": str(value)[:40]}
        raise Refused(
            _("%(name)s: “%(value)s” is not a date such as 2026-05-04.") % words
        ) from None


READERS: Mapping[Kind, tuple[str, Callable[[Attribute, Any], Any]]] = {
    Kind.TEXT: ("text", _text),
    Kind.NUMBER: ("number", _number),
    Kind.CHOICE: ("choice", _choice),
    Kind.BOOL: ("is_true", _yes_or_no),
    Kind.DATE: ("day", _day),
}
