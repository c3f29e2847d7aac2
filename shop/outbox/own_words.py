"""Staff's own words in mails and text messages: looked up, checked, filled in."""

import re
from collections.abc import Collection, Mapping

from shop.outbox.kinds import KINDS
from shop.outbox.models import MailText

PLACE = re.compile(r"{(\w+)}")
BRACE = re.compile(r"[{}]")


def own_text(kind: str, language: str) -> MailText | None:
    """What staff said about a kind of mail; None where nobody said anything."""
    if kind not in KINDS:
        return None
    return MailText.objects.filter(kind=kind, language=language).first()


def fill(words: str, values: Mapping[str, str]) -> str:
    """Words with what stands in {braces} put in; what is not known is left out."""
    filled = PLACE.sub(lambda place: values.get(place[1], ""), words)
    return re.sub(r"[ \t]{2,}", " ", filled).strip()


def unknown(words: str, known: Collection[str]) -> list[str]:
    """What in {braces} nobody could put in; a brace that belongs to nothing as well."""
    found = [place for place in PLACE.findall(words) if place not in known]
    return [*found, *BRACE.findall(PLACE.sub("", words))]
