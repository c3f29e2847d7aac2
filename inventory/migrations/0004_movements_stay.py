"""Numbers of papers, what stock is worth so far, and movements that nobody rewrites."""

from django.db import migrations

NUMBERS = """
create sequence inventory_purchase_number start 1001;
create sequence inventory_receipt_number start 1001;
create sequence inventory_count_number start 1001;
create sequence inventory_transfer_number start 1001;
"""
NUMBERS_BACK = """
drop sequence inventory_transfer_number;
drop sequence inventory_count_number;
drop sequence inventory_receipt_number;
drop sequence inventory_purchase_number;
"""
# Until now units were worth what their variant costs.
VALUES = """
update inventory_stockmovement m set value_change = m.on_hand_change * v.cost
from inventory_stockitem s join catalog_variant v on v.id = s.variant_id
where s.id = m.stock_item_id and v.cost is not null and m.on_hand_change <> 0;

insert into inventory_valuation (variant_id, units, value)
select s.variant_id, sum(m.on_hand_change), sum(m.value_change)
from inventory_stockmovement m join inventory_stockitem s on s.id = m.stock_item_id
group by s.variant_id having sum(m.on_hand_change) > 0;
"""
STAYS = """
create function inventory_row_stays() returns trigger language plpgsql as $$
begin
    -- The columns a trigger names may be filled later, or forget who acted; all else stays.
    if tg_op = 'UPDATE' and (to_jsonb(new) - tg_argv) = (to_jsonb(old) - tg_argv) then
        return new;
    end if;
    raise exception '% is never changed or deleted', tg_table_name
        using errcode = 'restrict_violation';
end $$;
create trigger stock_movement_stays before update or delete on inventory_stockmovement
    for each row execute function inventory_row_stays('actor_id');
create trigger receipt_stays before update or delete on inventory_receipt
    for each row execute function inventory_row_stays('received_by_id');
create trigger receipt_line_stays before update or delete on inventory_receiptline
    for each row execute function inventory_row_stays();
"""
STAYS_BACK = """
drop trigger receipt_line_stays on inventory_receiptline;
drop trigger receipt_stays on inventory_receipt;
drop trigger stock_movement_stays on inventory_stockmovement;
drop function inventory_row_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0003_stock_that_orders_itself"),
    ]

    operations = [
        migrations.RunSQL(NUMBERS, NUMBERS_BACK),
        migrations.RunSQL(VALUES, migrations.RunSQL.noop),
        migrations.RunSQL(STAYS, STAYS_BACK),
    ]
