"""What no crash may break: each promise gives the things that break it, none when it is kept."""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
from psycopg.rows import dict_row

from shop.processes.bookkeeping.promises import Level
from shop.processes.bookkeeping.reconcile import INVARIANTS

# Who bought here, and what is owed to buyers and to providers; other work may be about anything.
BUYERS = "crash%@example.com"
OWED = ["mail.order%", "payments.%"]
BREAKABLE = [one for one in INVARIANTS if one.level == Level.BROKEN]


class Books:
    """The shop's and its provider's, read at one moment."""

    def __init__(self, house, provider):
        self.ledger = provider.ledger()
        self.orders = house.rows(
            "select number, total, status, payment_status from orders_order where email like %s",
            BUYERS,
        )
        self.payments = house.rows(
            "select o.number, p.charge_ref, p.charged, p.refunded, p.refund_pending"
            " from payments_payment p join orders_order o on o.id = p.order_id"
            " where p.provider = 'card' and o.email like %s",
            BUYERS,
        )
        self.all_numbers = {row[0] for row in house.rows("select number from orders_order")}
        self.mails = house.rows(
            "select reference, count(*) from outbox_mail where kind = 'orders/order_confirmation'"
            " group by reference"
        )
        self.house = house

    def charges(self):
        return [one for one in self.ledger["charges"] if one["amount_captured"]]


def lost_orders(books, purchases):
    """A shopper who was sent to pay has an order."""
    known = {one["id"]: one["client_reference_id"] for one in books.ledger["sessions"]}
    numbers = {number for number, *_ in books.orders}
    return [one.session for one in purchases if known.get(one.session) not in numbers]


def charges_without_order(books):
    """Money that was taken belongs to an order that knows of it."""
    unpaid = {number for number, *_ in books.orders} - {
        number for number, _ref, charged, *_ in books.payments if charged
    }
    numbers = [one["metadata"].get("order") for one in books.charges()]
    return [one for one in numbers if one not in books.all_numbers or one in unpaid]


def paid_twice(books):
    """A basket is paid once."""
    intents = defaultdict(set)
    for one in books.charges():
        if one["amount_captured"] > one["amount_refunded"]:
            intents[one["metadata"].get("order")].add(one["payment_intent"])
    return [number for number, found in intents.items() if len(found) > 1]


def lost_mails(books):
    """Who paid was thanked."""
    sent = dict(books.mails)
    return [
        number
        for number, _total, status, paid in books.orders
        if status in {"confirmed", "completed"} and paid == "paid" and not sent.get(number)
    ]


def doubled_mails(books):
    """And thanked once."""
    return [number for number, times in books.mails if times > 1]


def differences(books):
    """What the provider took and gave back is what the payments say, to the penny."""
    theirs, ours = Counter(), Counter()
    numbers = {number for number, *_ in books.orders}
    for one in books.charges():
        theirs[one["metadata"].get("order"), "charged"] += one["amount_captured"]
        theirs[one["metadata"].get("order"), "refunded"] += one["amount_refunded"]
    for number, _ref, charged, refunded, _pending in books.payments:
        ours[number, "charged"] += int(charged * Decimal(100))
        ours[number, "refunded"] += int(refunded * Decimal(100))
    return [
        (key, theirs[key], ours[key])
        for key in theirs.keys() | ours.keys()
        if key[0] in numbers and theirs[key] != ours[key]
    ]


def broken_invariants(books):
    """What `reconcile` calls wrong, read through one connection; its warnings are for people."""
    now = datetime.now(UTC)
    with psycopg.connect(books.house.database_url, row_factory=dict_row) as connection:
        found = {one.name: _breaks(connection, one, now) for one in BREAKABLE}
    return [f"{name}: {json.dumps(rows, default=str)}" for name, rows in found.items() if rows]


def _breaks(connection, invariant, now):
    return connection.execute(invariant.sql, {"now": now}).fetchmany(3)


def by_hand(books):
    """Nothing waits for a person."""
    given_up = "select key from outbox_message where failed_at is not null"
    held = (
        "select o.number from orders_hold h join orders_order o on o.id = h.order_id"
        " where h.released_at is null and o.email like %s"
    )
    return books.house.rows(given_up) + books.house.rows(held, BUYERS)


def all_broken(house, provider, purchases=()):
    """Every promise that is broken, with what breaks it."""
    books = Books(house, provider)
    found = {
        "lost orders": lost_orders(books, purchases),
        "charges without order": charges_without_order(books),
        "carts paid twice": paid_twice(books),
        "mails lost": lost_mails(books),
        "mails doubled": doubled_mails(books),
        "provider and shop differ": differences(books),
        "reconcile": broken_invariants(books),
        "left to a person": by_hand(books),
    }
    return {name: rows for name, rows in found.items() if rows}
