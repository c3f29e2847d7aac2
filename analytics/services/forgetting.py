"""Triggers that take a month's roll-up away when what it was added up from changes.

Orders by their moment and totals, lines by their goods and figures, and where goods stand in the
tree: an update that touches none of that calls nothing.
"""

import hashlib

from django.conf import settings
from django.db import connection
from psycopg import sql

# Locks of months are (this, year * 100 + month); (this, 0) is that of the tree of goods.
LOCK, TREE = 7_310, 0
TRIGGER = "sold_in_month"
MAKE = """
create or replace function forget_sold_month(market bigint, moment timestamptz) returns void
language plpgsql as $$
declare first date := date_trunc('month', moment at time zone {zone})::date;
begin
    if first is not null then
        perform pg_advisory_xact_lock_shared({lock}, to_char(first, 'YYYYMM')::int);
        delete from analytics_soldinmonth where market_id = market and month = first;
    end if;
end $$;
create or replace function forget_sold_everything() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared({lock}, {tree});
    delete from analytics_soldinmonth;
    return null;
end $$;
create or replace function forget_sold_of_order() returns trigger language plpgsql as $$
begin
    perform forget_sold_month(old.market_id, old.confirmed_at);
    perform forget_sold_month(new.market_id, new.confirmed_at);
    return null;
end $$;
create or replace function forget_sold_of_orders() returns trigger language plpgsql as $$
begin
    perform forget_sold_month(market_id, min(confirmed_at)) from changed
    where confirmed_at is not null
    group by market_id, date_trunc('month', confirmed_at at time zone {zone});
    return null;
end $$;
create or replace function forget_sold_of_line() returns trigger language plpgsql as $$
begin
    perform forget_sold_month(market_id, confirmed_at) from orders_order
    where id in (old.order_id, new.order_id);
    return null;
end $$;
create or replace function forget_sold_of_lines() returns trigger language plpgsql as $$
begin
    perform forget_sold_month(market_id, min(confirmed_at)) from orders_order
    where id in (select order_id from changed) and confirmed_at is not null
    group by market_id, date_trunc('month', confirmed_at at time zone {zone});
    return null;
end $$;

create or replace trigger {changed} after update of market_id, confirmed_at, total, net
on orders_order for each row when (
    old.market_id is distinct from new.market_id
    or old.confirmed_at is distinct from new.confirmed_at
    or old.total is distinct from new.total or old.net is distinct from new.net
) execute function forget_sold_of_order({version});
create or replace trigger {came} after insert on orders_order
referencing new table as changed for each statement execute function forget_sold_of_orders();
create or replace trigger {went} after delete on orders_order
referencing old table as changed for each statement execute function forget_sold_of_orders();
create or replace trigger {emptied} after truncate on orders_order
for each statement execute function forget_sold_everything();

create or replace trigger {changed} after update of order_id, variant_id, quantity, gross, net
on orders_orderline for each row when (
    old.order_id is distinct from new.order_id or old.variant_id is distinct from new.variant_id
    or old.quantity is distinct from new.quantity
    or old.gross is distinct from new.gross or old.net is distinct from new.net
) execute function forget_sold_of_line();
create or replace trigger {came} after insert on orders_orderline
referencing new table as changed for each statement execute function forget_sold_of_lines();
create or replace trigger {went} after delete on orders_orderline
referencing old table as changed for each statement execute function forget_sold_of_lines();

create or replace trigger {changed} after update of product_id on catalog_variant
for each row when (old.product_id is distinct from new.product_id)
execute function forget_sold_everything();
create or replace trigger {changed} after update of category_id on catalog_product
for each row when (old.category_id is distinct from new.category_id)
execute function forget_sold_everything();
create or replace trigger {changed} after update of url_path on catalog_category
for each row when (
    split_part(old.url_path, '/', 1) is distinct from split_part(new.url_path, '/', 1)
) execute function forget_sold_everything();

delete from analytics_soldinmonth
"""
THERE = "select tgargs from pg_trigger where tgname = %s and tgrelid = to_regclass('orders_order')"


def install(**_about: object) -> None:
    """Put the triggers up where they are not there as they are here."""
    version = hashlib.sha256(f"{MAKE}{settings.TIME_ZONE}".encode()).hexdigest()[:12]
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('analytics_soldinmonth') is not null")
        has_table = (cursor.fetchone() or (False,))[0]
        cursor.execute(THERE, [f"{TRIGGER}_changed"])
        there = [bytes(told).rstrip(b"\0").decode() for (told,) in cursor.fetchall()]
        if has_table and there != [version]:
            cursor.execute(_made(version))


def _made(version: str) -> sql.Composed:
    names = ("changed", "came", "went", "emptied")
    return sql.SQL(MAKE).format(
        zone=sql.Literal(settings.TIME_ZONE),
        lock=sql.Literal(LOCK),
        tree=sql.Literal(TREE),
        version=sql.Literal(version),
        **{name: sql.Identifier(f"{TRIGGER}_{name}") for name in names},
    )
