"""Calls about disputes, the balance, payouts, files and events."""

from shop.standin import balance, disputes, listing
from shop.standin.calls.finding import found
from shop.standin.desk import Desk
from shop.standin.objects import Json
from shop.standin.params import Params


def show_dispute(desk: Desk, _: Params, identifier: str) -> Json:
    return found(desk.store.disputes, "dispute", identifier).public()


def update_dispute(desk: Desk, given: Params, identifier: str) -> Json:
    dispute = found(desk.store.disputes, "dispute", identifier)
    return disputes.update(desk, dispute, given).public()


def close_dispute(desk: Desk, _: Params, identifier: str) -> Json:
    dispute = found(desk.store.disputes, "dispute", identifier)
    verdict = "warning_closed" if dispute.is_inquiry else "lost"
    return disputes.decide(desk, dispute, verdict).public()


def list_disputes(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.disputes.values()
    filters = ("payment_intent", "charge")
    return listing.page(rows, given, url="/v1/disputes", filters=filters)


def show_balance(desk: Desk, _: Params, __: str) -> Json:
    return balance.shown(desk)


def show_movement(desk: Desk, _: Params, identifier: str) -> Json:
    balance.settle_due(desk)
    return found(desk.store.movements, "balance transaction", identifier).public()


def list_movements(desk: Desk, given: Params, _: str) -> Json:
    balance.settle_due(desk)
    return listing.page(
        desk.store.movements.values(),
        given,
        url="/v1/balance_transactions",
        filters=("payout", "type", "source", "currency"),
    )


def show_payout(desk: Desk, _: Params, identifier: str) -> Json:
    return found(desk.store.payouts, "payout", identifier).public()


def list_payouts(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.payouts.values()
    return listing.page(rows, given, url="/v1/payouts", filters=("status",))


def show_file(desk: Desk, _: Params, identifier: str) -> Json:
    return found(desk.store.uploads, "file", identifier).public()


def list_files(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.uploads.values()
    return listing.page(rows, given, url="/v1/files", filters=("purpose",))


def show_event(desk: Desk, _: Params, identifier: str) -> Json:
    return found(desk.store.events, "event", identifier).public()


def list_events(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.events.values()
    return listing.page(rows, given, url="/v1/events", filters=("type",))
