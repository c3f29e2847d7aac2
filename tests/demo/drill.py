"""A shop of its own in a database beside the tests', with which everything may be done."""

from contextlib import contextmanager

from django.db import connection
from django.utils import timezone
from psycopg import sql

from catalog.models import Market, Variant
from orders.models import Order
from shop.backups import rows, server
from shop.processes import checkout
from shop.processes.checkout import Choice
from tests.factories.orders import CartFactory, CartLineFactory, buyer

DRILL = "drill"


@contextmanager
def another_database():
    """All tables and no rows that matter; this process works on it, and what it does stays."""
    ours = connection.settings_dict["NAME"]
    theirs = f"{ours}_{DRILL}"
    connection.close()
    at = server.the_shops()
    server.drop(at, theirs)
    with at.connect("postgres") as line:
        line.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(theirs), sql.Identifier(ours)
            )
        )
    connection.settings_dict["NAME"] = theirs
    try:
        yield at
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours
        server.drop(at, theirs)


def place_orders(count):
    """Somebody buys, as shoppers do, and pays."""
    market = Market.objects.get(code="uk")
    wanted = Variant.objects.get(sku="MW-MUG-ASH-320")
    for number in range(count):
        cart = CartFactory(market=market)
        CartLineFactory(cart=cart, variant=wanted)
        choice = Choice(
            buyer=buyer(email=f"shopper{number}@example.com"),
            shipping_method="royal-mail-48",
            payment_method="bank_transfer",
            language="en-gb",
        )
        order = checkout.place_order(cart=cart, choice=choice, now=timezone.now())
        checkout.mark_paid(order_id=order.pk, actor=None, reference="drill", now=timezone.now())
    return Order.objects.latest("pk")


def fingerprint(at, database):
    """Every row of every table, every sequence, and how the tables are guarded."""
    with at.connect(database) as line:
        found = {name: _digest(line, name) for name in rows.tables(line)}
        found["sequences"] = line.execute(
            "select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1"
        ).fetchall()
        for name, question in GUARDS.items():
            found[name] = [text for (text,) in line.execute(question)]
    return found


GUARDS = {
    "triggers": "select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1",
    "constraints": """
        select format('%s %s %s', conrelid::regclass, conname, convalidated) from pg_constraint
        order by 1
        """,
    "indexes": "select format('%s %s', tablename, indexname) from pg_indexes order by 1",
    "functions": "select proname || md5(prosrc) from pg_proc order by 1",
}


def _digest(line, table):
    question = sql.SQL(
        "select count(*), md5(string_agg(md5(t::text), '' order by md5(t::text))) from {} t"
    )
    return line.execute(question.format(sql.Identifier(table))).fetchone()
