"""What the database itself holds the books to: balance, months that are closed, rows that stay."""

from django.db import migrations

JOURNAL = """
-- The lines of an entry are written with it: later ones are refused, by the transaction they name.
alter table payments_journalentry add column txid xid8 not null default pg_current_xact_id();

create function payments_journal_balances() returns trigger language plpgsql as $$
declare
    found record;
begin
    select count(*) as lines, coalesce(sum(amount), 0) as amount, coalesce(sum(base), 0) as base
        into found from payments_journalline where entry_id = new.id;
    if found.lines < 2 or found.amount <> 0 or found.base <> 0 then
        raise exception 'journal entry % has % lines and is out of balance by % (% in the books)',
            new.source, found.lines, found.amount, found.base
            using errcode = 'check_violation', constraint = 'journal_entry_balances';
    end if;
    return null;
end $$;
create constraint trigger journal_entry_balances after insert on payments_journalentry
    deferrable initially deferred for each row execute function payments_journal_balances();

create function payments_journal_lines_with_entry() returns trigger language plpgsql as $$
begin
    if exists (
        select from added join payments_journalentry e on e.id = added.entry_id
        where e.txid <> pg_current_xact_id()
    ) then
        raise exception 'a journal entry that was written takes no more lines'
            using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger journal_lines_with_entry after insert on payments_journalline
    referencing new table as added
    for each statement execute function payments_journal_lines_with_entry();

-- Whoever closes a month holds this lock alone; whoever books shares it.
create function payments_month_is_open() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('payments.month_close'));
    if exists (
        select from payments_monthclose
        where month = date_trunc('month', new."on")::date and opened_at is null
    ) then
        raise exception 'the books of % are closed', to_char(new."on", 'YYYY-MM')
            using errcode = 'check_violation', constraint = 'journal_month_is_open';
    end if;
    return new;
end $$;
create trigger journal_month_is_open before insert on payments_journalentry
    for each row execute function payments_month_is_open();
"""
JOURNAL_BACK = """
drop trigger journal_month_is_open on payments_journalentry;
drop function payments_month_is_open();
drop trigger journal_lines_with_entry on payments_journalline;
drop function payments_journal_lines_with_entry();
drop trigger journal_entry_balances on payments_journalentry;
drop function payments_journal_balances();
alter table payments_journalentry drop column txid;
"""
STAYS = """
create function payments_row_stays() returns trigger language plpgsql as $$
begin
    -- The columns a trigger names may be filled later, or forget who acted; all else stays.
    if tg_op = 'UPDATE' and (to_jsonb(new) - tg_argv) = (to_jsonb(old) - tg_argv) then
        return new;
    end if;
    raise exception '% is never changed or deleted', tg_table_name
        using errcode = 'restrict_violation';
end $$;
create trigger journal_entry_stays before update or delete on payments_journalentry
    for each row execute function payments_row_stays('actor_id');
create trigger journal_line_stays before update or delete on payments_journalline
    for each row execute function payments_row_stays();
create trigger payment_event_stays before update or delete on payments_paymentevent
    for each row execute function payments_row_stays();
create trigger granted_refund_stays before update or delete on payments_grantedrefund
    for each row execute function payments_row_stays('settled_at', 'granted_by_id');
create trigger granted_line_stays before update or delete on payments_grantedline
    for each row execute function payments_row_stays();

create function payments_document_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.pdf = ''
        and (to_jsonb(new) - '{pdf,digest,made_at}'::text[])
          = (to_jsonb(old) - '{pdf,digest,made_at}'::text[]) then
        return new;
    end if;
    raise exception 'a document that was issued is never changed or deleted'
        using errcode = 'restrict_violation';
end $$;
create trigger document_stays before update or delete on payments_document
    for each row execute function payments_document_stays();
"""
STAYS_BACK = """
drop trigger document_stays on payments_document;
drop function payments_document_stays();
drop trigger granted_line_stays on payments_grantedline;
drop trigger granted_refund_stays on payments_grantedrefund;
drop trigger payment_event_stays on payments_paymentevent;
drop trigger journal_line_stays on payments_journalline;
drop trigger journal_entry_stays on payments_journalentry;
drop function payments_row_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_books")]

    operations = [
        migrations.RunSQL(JOURNAL, JOURNAL_BACK),
        migrations.RunSQL(STAYS, STAYS_BACK),
    ]
