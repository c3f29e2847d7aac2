from django.db import migrations

FUNCTION = """
create function catalog_keep_price() returns trigger language plpgsql as $$
begin
    insert into catalog_pricehistory (variant_id, market_id, amount, at)
    values (new.variant_id, new.market_id, new.amount, now());
    return null;
end $$
"""

TRIGGERS = """
create trigger price_is_new after insert on catalog_price
    for each row execute function catalog_keep_price();
create trigger price_has_changed after update of amount on catalog_price
    for each row when (old.amount is distinct from new.amount)
    execute function catalog_keep_price();
"""

WHAT_IS_THERE = """
insert into catalog_pricehistory (variant_id, market_id, amount, at)
select variant_id, market_id, amount, now() from catalog_price
"""

BACK = """
drop trigger price_is_new on catalog_price;
drop trigger price_has_changed on catalog_price;
drop function catalog_keep_price();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_filling_and_finding")]

    operations = [
        migrations.RunSQL(FUNCTION + ";" + TRIGGERS, BACK),
        migrations.RunSQL(WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
