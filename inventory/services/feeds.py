"""What suppliers' feeds tell: kept as changes to be looked at, and done when somebody approves."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import FeedChange, FeedRun, SupplierFeed, SupplierOffer
from inventory.services import offers
from inventory.services.feed_files import Reading, Told
from shop.lib.errors import Refused
from shop.lib.locks import locked

Kind, Decision, Status = FeedChange.Kind, FeedChange.Decision, FeedRun.Status
# A file that suddenly lacks so many is rather cut off than a sign of a dying trade.
MANY_GONE = Decimal("0.5")
# (offer, its cost or None) -> share of the net price, or None
Margin = Callable[[SupplierOffer, Decimal | None], Decimal | None]


class OutOfDate(Refused):
    """Raised when a newer reading says it all again, or all is decided."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of deciding one change; is_done: as it was wished."""

    change: FeedChange
    words: str
    is_done: bool


def waiting() -> QuerySet[FeedChange]:
    """What can be decided."""
    return FeedChange.objects.filter(decision=Decision.OPEN, run__status=Status.PENDING)


@transaction.atomic
def fail(*, feed_id: int, words: str, now: dt.datetime) -> FeedRun:
    """Note that a feed could not be read. What waits to be looked at stays."""
    SupplierFeed.objects.filter(pk=feed_id).update(read_at=now)
    problem = {"row": 0, "words": words[:200]}
    return FeedRun.objects.create(feed_id=feed_id, status=Status.FAILED, problems=[problem], at=now)


@transaction.atomic
def keep(*, feed_id: int, reading: Reading, margin: Margin, now: dt.datetime) -> FeedRun:
    """List what is new against our offers. The same file again is the run that read it first.

    Nothing of the offers changes. Earlier runs that nobody decided are out of date.
    """
    (feed,) = locked(SupplierFeed.objects.filter(pk=feed_id))
    SupplierFeed.objects.filter(pk=feed_id).update(read_at=now)
    read = FeedRun.objects.filter(feed=feed).exclude(status=Status.FAILED)
    last = read.order_by("-at", "-pk").first()
    if last is not None and last.digest == reading.digest:
        return last
    ours = SupplierOffer.objects.filter(supplier=feed.supplier_id).exclude(supplier_sku="")
    known = {offer.supplier_sku: offer for offer in ours.order_by("pk")}
    changes = list(_unknown(_changes(known, reading, feed), known))
    _doubt(changes, known, reading)
    FeedRun.objects.filter(feed=feed, status=Status.PENDING).update(status=Status.OUTDATED)
    run = FeedRun.objects.create(
        feed=feed,
        status=Status.PENDING if changes else Status.NOTHING,
        rows=reading.count,
        unknown=len(reading.rows.keys() - known.keys()),
        problems=reading.problems,
        digest=reading.digest,
        at=now,
    )
    for change in changes:
        change.run = run
        _weigh(change, margin)
    FeedChange.objects.bulk_create(changes)
    return run


def _changes(
    known: Mapping[str, SupplierOffer], reading: Reading, feed: SupplierFeed
) -> Iterator[FeedChange]:
    for sku, offer in known.items():
        told = reading.rows.get(sku)
        if told is None:
            if offer.is_active:
                yield FeedChange(offer=offer, kind=Kind.GONE, was=offer.cost)
            continue
        if not offer.is_active:
            yield FeedChange(offer=offer, kind=Kind.BACK, was=offer.cost, becomes=told.cost)
        elif told.cost is not None and told.cost != offer.cost:
            yield FeedChange(offer=offer, kind=Kind.COST, was=offer.cost, becomes=told.cost)
        yield from _stock(offer, told, feed)


def _stock(offer: SupplierOffer, told: Told, feed: SupplierFeed) -> Iterator[FeedChange]:
    if feed.stock_field and told.stock is not None and told.stock != offer.their_stock:
        was = None if offer.their_stock is None else Decimal(offer.their_stock)
        yield FeedChange(offer=offer, kind=Kind.STOCK, was=was, becomes=Decimal(told.stock))


def _unknown(
    changes: Iterator[FeedChange], known: Mapping[str, SupplierOffer]
) -> Iterator[FeedChange]:
    """Without those that somebody rejected when they were told last, to the same value."""
    told = FeedChange.objects.filter(offer__in=list(known.values())).exclude(decision=Decision.OPEN)
    newest = told.order_by("offer", "kind", "-pk").distinct("offer", "kind")
    rejected = {
        (one.offer_id, one.kind, one.becomes) for one in newest if one.decision == Decision.REJECTED
    }
    for change in changes:
        if (change.offer_id, change.kind, change.becomes) not in rejected:
            yield change


def _doubt(
    changes: Collection[FeedChange], known: Mapping[str, SupplierOffer], reading: Reading
) -> None:
    gone = sum(change.kind == Kind.GONE for change in changes)
    active = sum(offer.is_active for offer in known.values())
    if gone > 1 and gone > active * MANY_GONE:
        words = _("%(gone)s of %(all)s offers are missing: look whether the file is whole.")
        reading.problems.insert(0, {"row": 0, "words": words % {"gone": gone, "all": active}})


def _weigh(change: FeedChange, margin: Margin) -> None:
    if change.kind in (Kind.COST, Kind.BACK):
        change.margin_was = margin(change.offer, change.was)
        change.margin_becomes = margin(change.offer, change.becomes)


@transaction.atomic
def decide(
    *, change_ids: Iterable[int], is_approved: bool, actor: User | None, now: dt.datetime
) -> list[Decided]:
    """Approve or reject changes, each told of. Those out of date or decided stay as they are."""
    wanted = FeedChange.objects.filter(pk__in=set(change_ids))
    runs = {run.pk: run for run in locked(FeedRun.objects.filter(pk__in=wanted.values("run")))}
    rows = wanted.select_related("offer")
    theirs = SupplierOffer.objects.filter(pk__in=wanted.values("offer"))
    held = {offer.pk: offer for offer in locked(theirs)}
    decided = []
    for change in rows.order_by("pk"):
        change.offer = held[change.offer_id]
        decided.append(_decide(change, runs[change.run_id], is_approved=is_approved, now=now))
    variants = {one.change.offer.variant_id for one in decided if one.is_done}
    offers.settle(variant_ids=variants)
    _close(runs.values(), actor, now)
    return decided


def _decide(change: FeedChange, run: FeedRun, *, is_approved: bool, now: dt.datetime) -> Decided:
    if run.status != Status.PENDING or change.decision != Decision.OPEN:
        return Decided(change, _("It is decided, or a newer reading says otherwise."), False)  # noqa: FBT003
    if is_approved and (words := _apply(change, now)):
        return Decided(change, words, False)  # noqa: FBT003
    change.decision = Decision.APPROVED if is_approved else Decision.REJECTED
    change.save(update_fields=["decision"])
    return Decided(change, str(change.get_decision_display()), True)  # noqa: FBT003


def _apply(change: FeedChange, now: dt.datetime) -> str:
    """Make the offer what the feed says; why not, in words. Price breaks stay as they are."""
    offer = change.offer
    if change.kind == Kind.STOCK:
        offer.their_stock, offer.told_at = int(change.becomes or 0), now
    elif offer.cost != change.was:
        return _("The offer costs %(cost)s by now; wait for the next reading.") % {
            "cost": offer.cost.normalize()
        }
    elif change.kind == Kind.GONE:
        offer.is_active = offer.is_preferred = False
    else:
        offer.is_active = True
        offer.cost = change.becomes if change.becomes is not None else offer.cost
        offer.told_at = now
    offer.save(update_fields=["cost", "their_stock", "told_at", "is_active", "is_preferred"])
    return ""


def _close(runs: Iterable[FeedRun], actor: User | None, now: dt.datetime) -> None:
    """A run of which nothing is open is decided."""
    for run in runs:
        if run.status == Status.PENDING and not run.changes.filter(decision=Decision.OPEN).exists():
            run.status, run.decided_by, run.decided_at = Status.DECIDED, actor, now
            run.save(update_fields=["status", "decided_by", "decided_at"])
