from django.db import migrations

# Words about people may be erased; figures and all else stay as they were.
STAYS = """
create or replace function payments_row_stays() returns trigger language plpgsql as $$
declare
    kept text[] := tg_argv;
begin
    -- Whose it was may be forgotten: words go, figures stay.
    if current_setting('mercer.erasing', true) = 'on' then
        kept := kept || '{changes,reason,note,words,place,message,data}'::text[];
    end if;
    -- The columns a trigger names may be filled later, or forget who acted; all else stays.
    if tg_op = 'UPDATE' and (to_jsonb(new) - kept) = (to_jsonb(old) - kept) then
        return new;
    end if;
    raise exception '% is never changed or deleted', tg_table_name
        using errcode = 'restrict_violation';
end $$;
create or replace function payments_entry_stays() returns trigger language plpgsql as $$
declare
    kept text[] := '{actor_id}';
begin
    -- Whose it was may be forgotten: words go, figures stay.
    if current_setting('mercer.erasing', true) = 'on' then
        kept := kept || '{changes,reason,note,words,place,message,data}'::text[];
    end if;
    -- The columns a trigger names may be filled later, or forget who acted; all else stays.
    if tg_op = 'UPDATE' and (to_jsonb(new) - kept) = (to_jsonb(old) - kept) then
        return new;
    end if;
    raise exception 'entries of stored value are never changed or deleted'
        using errcode = 'restrict_violation';
end $$;
"""
STAYS_BACK = """
create or replace function payments_row_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (to_jsonb(new) - tg_argv) = (to_jsonb(old) - tg_argv) then
        return new;
    end if;
    raise exception '% is never changed or deleted', tg_table_name
        using errcode = 'restrict_violation';
end $$;
create or replace function payments_entry_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (to_jsonb(new) - '{actor_id}'::text[]) = (to_jsonb(old) - '{actor_id}'::text[]) then
        return new;
    end if;
    raise exception 'entries of stored value are never changed or deleted'
        using errcode = 'restrict_violation';
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_refunds_of_returns")]

    operations = [migrations.RunSQL(STAYS, STAYS_BACK)]
