"""What becomes of an order: paid, posted, delivered, called off, given back, or still open."""

import datetime as dt
import random
from dataclasses import dataclass, replace
from enum import StrEnum

from payments.gateways import gateway
from shop.demo.seeding.counter import arrival, posted_on
from shop.lib.workdays import shop_zone

BY_TRANSFER = 0.11
NEVER_PAID = 0.16  # of the transfers
CALLED_OFF = 0.018
GIVEN_BACK = 0.035
WHOLLY = 0.5  # of what is given back
POSTING_HOURS = (10, 16)


class Back(StrEnum):
    """How much of its money an order gives back."""

    NOTHING = "nothing"
    ONE_LINE = "one line"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Story:
    """Moments in an order's life; None has not happened."""

    placed_at: dt.datetime
    payment_method: str
    paid_at: dt.datetime | None = None
    shipped_at: dt.datetime | None = None
    delivered_at: dt.datetime | None = None
    expired_at: dt.datetime | None = None
    canceled_at: dt.datetime | None = None
    refunded_at: dt.datetime | None = None
    back: Back = Back.NOTHING

    @property
    def expires_at(self) -> dt.datetime:
        return self.placed_at + gateway(self.payment_method).patience

    @property
    def is_over(self) -> bool:
        return bool(self.expired_at or self.canceled_at)


def tell(
    *, placed_at: dt.datetime, days: int, country: str, now: dt.datetime, rng: random.Random
) -> Story:
    """Make up the life of an order until now. days: working days its parcel travels."""
    if rng.random() < BY_TRANSFER:
        story = _by_transfer(placed_at, now, rng)
    else:
        paid_at = placed_at + dt.timedelta(seconds=rng.randint(40, 400))
        story = Story(placed_at, "card", paid_at=_past(paid_at, now) or placed_at)
    if story.paid_at is None:
        return story
    canceled_at = story.paid_at + dt.timedelta(minutes=rng.randint(5, 90))
    if rng.random() < CALLED_OFF and canceled_at < now:
        done = _past(canceled_at + dt.timedelta(minutes=3), now) or canceled_at
        return replace(story, canceled_at=canceled_at, refunded_at=done, back=Back.ALL)
    return _by_post(
        story, story.paid_at, arrival(posted_on(story.paid_at), days, country), now, rng
    )


def _by_transfer(placed_at: dt.datetime, now: dt.datetime, rng: random.Random) -> Story:
    story = Story(placed_at, "bank_transfer")
    if rng.random() < NEVER_PAID:
        return replace(story, expired_at=_past(story.expires_at, now))
    paid_at = placed_at + dt.timedelta(hours=rng.randint(9, 70), minutes=rng.randint(0, 59))
    return replace(story, paid_at=_past(paid_at, now))


def _by_post(
    story: Story, paid_at: dt.datetime, arrives_on: dt.date, now: dt.datetime, rng: random.Random
) -> Story:
    """Posted on the day that was promised, delivered, and sometimes returned."""
    posted_at = _at(posted_on(paid_at), rng.randint(*POSTING_HOURS), rng)
    shipped_at = _past(max(posted_at, paid_at + dt.timedelta(minutes=50)), now)
    if shipped_at is None:
        return story
    delivered_at = _past(_at(arrives_on, rng.randint(9, 17), rng), now)
    story = replace(story, shipped_at=shipped_at, delivered_at=delivered_at)
    if delivered_at is None or rng.random() >= GIVEN_BACK:
        return story
    refunded_at = _past(delivered_at + dt.timedelta(days=rng.randint(4, 24)), now)
    back = Back.ALL if rng.random() < WHOLLY else Back.ONE_LINE
    return replace(story, refunded_at=refunded_at, back=back) if refunded_at else story


def _at(day: dt.date, hour: int, rng: random.Random) -> dt.datetime:
    time = dt.time(hour, rng.randrange(60), rng.randrange(60))
    return dt.datetime.combine(day, time, tzinfo=shop_zone()).astimezone(dt.UTC)


def _past(moment: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    return moment if moment < now else None
