"""A thing that staff can do to orders: its right, its question, and what it calls."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from orders.admin.forms import StepForm
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Answer:
    """A filled form, who sent it and when."""

    form: StepForm
    actor: User
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Step:
    """`slug` is the noun in its address; `done` heads the report."""

    slug: str
    permission: str
    verb: Promise
    question: Promise
    done: Promise
    form: type[StepForm]
    is_possible: Callable[[Order], bool]
    run: Callable[[Order, Answer], object]
    is_destructive: bool = False

    @property
    def right(self) -> str:
        return f"orders.{self.permission}"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a step: the orders that moved, and why others did not."""

    moved: list[Order]
    refused: list[tuple[Order, str]]
