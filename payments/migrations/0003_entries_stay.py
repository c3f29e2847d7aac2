from django.db import migrations

GUARD = """
create function payments_entry_stays() returns trigger language plpgsql as $$
begin
    -- Whoever acted may leave the shop; what was written stays.
    if tg_op = 'UPDATE' and (to_jsonb(new) - 'actor_id') = (to_jsonb(old) - 'actor_id') then
        return new;
    end if;
    raise exception 'entries of stored value are never changed or deleted'
        using errcode = 'restrict_violation';
end $$;
create trigger value_entry_stays before update or delete on payments_valueentry
    for each row execute function payments_entry_stays();
"""
BACK = """
drop trigger value_entry_stays on payments_valueentry;
drop function payments_entry_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_stored_value")]

    operations = [migrations.RunSQL(GUARD, BACK)]
