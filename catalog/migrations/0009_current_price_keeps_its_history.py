from django.db import migrations

FUNCTION = """
create or replace function catalog_keep_price() returns trigger language plpgsql as $$
begin
    insert into catalog_pricehistory (variant_id, market_id, amount, at)
    values (new.variant_id, new.market_id, new.current, now());
    return null;
end $$
"""
FUNCTION_BEFORE = FUNCTION.replace("new.current", "new.amount")

TRIGGER = """
drop trigger price_has_changed on catalog_price;
create trigger price_has_changed after update on catalog_price
    for each row when (old.current is distinct from new.current)
    execute function catalog_keep_price();
"""
TRIGGER_BEFORE = """
drop trigger price_has_changed on catalog_price;
create trigger price_has_changed after update of amount on catalog_price
    for each row when (old.amount is distinct from new.amount)
    execute function catalog_keep_price();
"""


class Migration(migrations.Migration):
    """What shoppers paid is the past that counts: a sale is part of it."""

    dependencies = [("catalog", "0008_current_price")]

    operations = [
        migrations.RunSQL(FUNCTION + ";" + TRIGGER, FUNCTION_BEFORE + ";" + TRIGGER_BEFORE),
    ]
