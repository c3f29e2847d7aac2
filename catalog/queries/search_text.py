"""Text as searches compare it: plain letters, single words, bare identifiers. No database."""

import re
from collections.abc import Iterable, Iterator, Sequence

from anyascii import anyascii

TOKEN = re.compile(r"[a-z0-9]+")
NOT_IN_IDENTIFIERS = re.compile(r"[^a-z0-9]+")
LONGEST_WORD, LONGEST_IDENTIFIER = 64, 64
SHORTEST_IDENTIFIER, LONGEST_WINDOW = 3, 5
GTIN = re.compile(r"\b\d{8,14}\b")
GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def fold(text: str) -> str:
    """Plain letters only, on both sides of a search: accents and scripts never part two words."""
    return anyascii(text).lower()


def tokens(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return [word for word in TOKEN.findall(fold(text)) if len(word) <= LONGEST_WORD]


def squeezed(identifier: str) -> str:
    """An identifier without case, spaces and punctuation: "kx-tg 8061" and "KXTG8061" are one.

    Barcodes lose their leading zeros: scanners and tables disagree about those.
    """
    bare = NOT_IN_IDENTIFIERS.sub("", fold(identifier))[:LONGEST_IDENTIFIER]
    return bare.lstrip("0") if bare.isdigit() and len(bare) in GTIN_LENGTHS else bare


def is_gtin(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    if not digits.isdigit() or len(digits) not in GTIN_LENGTHS:
        return False
    weighed = sum(int(d) * (3, 1)[place % 2] for place, d in enumerate(reversed(digits[:-1])))
    return (10 - weighed % 10) % 10 == int(digits[-1])


def gtins(text: str) -> Iterator[str]:
    """The barcodes that a text mentions."""
    return (found for found in GTIN.findall(text) if is_gtin(found))


def identifiers(written: Iterable[str]) -> list[str]:
    """These identifiers as cards keep them: bare, sorted, each once."""
    bare = {squeezed(one) for one in written}
    return sorted(one for one in bare if one)


def windows(words: Sequence[str]) -> list[str]:
    """What in a row of words may be an identifier: runs of them that contain a digit."""
    found = (
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + LONGEST_WINDOW) + 1)
    )
    return [
        squeezed(one)
        for one in dict.fromkeys(found)
        if len(one) >= SHORTEST_IDENTIFIER and any(letter.isdigit() for letter in one)
    ]
