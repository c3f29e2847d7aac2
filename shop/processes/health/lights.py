"""One thing that is looked at, and how it is: in a word, and in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

Words = str | Promise


class State(Enum):
    """`tone` is the colour of its label; the words say the same."""

    GOOD = ("ok", lazy("Good"))
    WATCH = ("warn", lazy("Look at this"))
    BAD = ("bad", lazy("Broken"))

    def __init__(self, tone: str, words: Words) -> None:
        self.tone = tone
        self.words = words


@dataclass(frozen=True, slots=True)
class Light:
    """key: what it is about, the same in every language; `says`: the figures behind the state."""

    key: str
    name: Words
    state: State
    says: Words


def worst(*found: State) -> State:
    return max(found, key=list(State).index, default=State.GOOD)


def above(value: float, *, watch: float, bad: float) -> State:
    """How a figure is that should be low."""
    if value >= bad:
        return State.BAD
    return State.WATCH if value >= watch else State.GOOD


def is_red(lights: Sequence[Light]) -> bool:
    return any(light.state is State.BAD for light in lights)
