"""What must hold of the log of who did what."""

from shop.processes.bookkeeping.promises import Invariant

AUDIT = (
    Invariant(
        "audit.rows",
        "A change on record names its row, and what was or what is.",
        """
        select e.id as entry, e."table", e.act
        from audit_entry e
        where e.kind = 'write' and (
            e."table" = '' or e."row" = '' or e.act not in ('insert', 'update', 'delete')
            or (e.act = 'insert' and e.before is not null)
            or (e.act = 'delete' and e.after is not null)
        )
        """,
    ),
    Invariant(
        "audit.who",
        "Whatever is on record was done by somebody who is named.",
        """
        select e.id as entry, e.kind, e.act from audit_entry e
        where e.actor_id is not null and e.actor_name = ''
        """,
    ),
    Invariant(
        "audit.stays",
        "The log refuses to be changed.",
        """
        select 'audit_entry' as "table" where not exists (
            select from pg_trigger t
            where t.tgrelid = 'audit_entry'::regclass
              and t.tgname = 'audit_entry_stays' and t.tgenabled = 'O'
        )
        """,
    ),
    Invariant(
        "audit.watched",
        "No table's trigger is switched off.",
        """
        select t.tgrelid::regclass::text as "table" from pg_trigger t
        where t.tgname = 'audit' and not t.tgisinternal and t.tgenabled <> 'O'
        """,
    ),
)
