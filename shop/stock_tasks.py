"""What the clock and the outbox start for stock: load, one call, done."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from inventory.services import alerts, snapshots
from shop.outbox import mail
from shop.outbox.delivery import asks, delivers
from shop.processes import filling, partners, shortages
from shop.processes.checkout import holding
from shop.processes.replenishment import demand, feeds, forecasting, suggesting
from shop.processes.stocktaking import outdating


@shared_task(name="stock.snapshot")
def snapshot() -> None:
    """Keep what was there when a month ended."""
    snapshots.make(now=timezone.now())


@shared_task(name="stock.sweep_reservations")
def sweep_reservations() -> None:
    """End what is kept for shoppers who went away."""
    holding.sweep(now=timezone.now())


@shared_task(name="stock.fill_preorders")
def fill_preorders() -> None:
    """Give pre-orders theirs on their first day, and broken promises a new one."""
    filling.follow_calendar(now=timezone.now())


@shared_task(name="stock.look_at_alerts")
def look_at_alerts() -> None:
    """Notice what ran low or out, and what came again."""
    alerts.look(now=timezone.now())


@shared_task(name="stock.tell_alerts")
def tell_alerts() -> None:
    """Owe staff the digest of the day."""
    alerts.tell(now=timezone.now())


@shared_task(name="stock.expire_batches")
def expire_batches() -> None:
    """Take what is past its date off sale."""
    outdating.expire(now=timezone.now())


@delivers("stock.tell_filled")
def tell_filled(*, holder: str, units: int, left: int) -> None:
    """Write into an order what came for it."""
    filling.tell(holder=UUID(holder), units=units, left=left, now=timezone.now())


@delivers("stock.tell_short")
def tell_short(*, shortage_ids: list[int]) -> None:
    """Write into orders what they miss, and owe their buyers the question."""
    shortages.tell(shortage_ids=shortage_ids, now=timezone.now())


@delivers("mail.order_short")
def email_order_short(*, order_id: int, tell: str) -> None:
    """Ask a buyer what is to happen with what is missing, unless it is settled by now."""
    letter = shortages.letter_about(order_id=order_id, tell=tell, now=timezone.now())
    if letter is not None:
        mail.send(letter)


@shared_task(name="replenishment.count_demand")
def count_demand() -> None:
    """Count what was asked for in the weeks that are over."""
    demand.count(now=timezone.now())


@shared_task(name="replenishment.forecast")
def forecast() -> None:
    """Foresee what each variant sells, and say how much of it is needed."""
    forecasting.forecast(now=timezone.now())


@shared_task(name="replenishment.suggest")
def suggest() -> None:
    """Draft orders of what is about to run out."""
    suggesting.suggest(now=timezone.now())


@shared_task(name="replenishment.read_feeds")
def read_feeds() -> None:
    """Read the lists of suppliers whose time has come."""
    feeds.read_due(now=timezone.now())


@asks("replenishment.read_feed")
def read_feed(*, feed_id: int) -> None:
    """Read one list because somebody asked for it."""
    feeds.read(feed_id=feed_id, now=timezone.now())


@asks("stock.tell_partners")
def tell_partners(*, hand_off_id: int, what: str) -> None:
    """Tell a partner what to send, or that it is off."""
    partners.tell(hand_off_id=hand_off_id, what=what, now=timezone.now())
