"""What is like what: things that carry the same tokens, rare ones counting most. Plain Python."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import nlargest
from math import log, sqrt

# Enough to choose from: looking at more of a large shelf would find the same few again.
CANDIDATES, WINDOW = 80, 60
Likes = list[tuple[int, float]]


def alike(things: Mapping[int, Collection[str]], *, keep: int = 6) -> Iterator[tuple[int, Likes]]:
    """For each thing, in order of its number: the most like it, with likeness from 0 to 1.

    Likeness is the cosine between the tokens of two things, each token weighed by its rarity.
    """
    tokens = {thing: frozenset(things[thing]) for thing in sorted(things)}
    holders = _holders(tokens)
    worth = {token: log(1 + len(tokens) / len(held)) ** 2 for token, held in holders.items()}
    length = {thing: sqrt(_sum(worth, own)) or 1.0 for thing, own in tokens.items()}
    for thing, own in tokens.items():
        rarest_first = sorted(own, key=lambda token: (len(holders[token]), token))
        scores = (
            (other, round(_sum(worth, own & tokens[other]) / length[thing] / length[other], 6))
            for other in _candidates(thing, rarest_first, holders)
        )
        yield thing, nlargest(keep, scores, key=lambda pair: (pair[1], -pair[0]))


def _sum(worth: Mapping[str, float], tokens: Collection[str]) -> float:
    return sum(map(worth.__getitem__, tokens))


def _holders(tokens: Mapping[int, Collection[str]]) -> dict[str, list[int]]:
    """The things that carry each token, in order."""
    holders: dict[str, list[int]] = defaultdict(list)
    for thing, own in tokens.items():
        for token in own:
            holders[token].append(thing)
    return holders


def _candidates(
    thing: int, rarest_first: Sequence[str], holders: Mapping[str, Sequence[int]]
) -> set[int]:
    """Things that share its rarest tokens; of what everybody carries, those that stand nearby."""
    found: set[int] = set()
    for token in rarest_first:
        held = holders[token]
        start = max(0, bisect_left(held, thing) - WINDOW // 2)
        found.update(held[start : start + WINDOW] if len(held) > WINDOW else held)
        if len(found) > CANDIDATES:
            break
    found.discard(thing)
    return found
