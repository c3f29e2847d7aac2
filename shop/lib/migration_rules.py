"""Whether a migration can run while the shop of before goes on selling.

Two things must hold while both releases run: nothing the older one reads or writes goes away, and
no large table is locked for longer than a moment. What is made new in the same release is free.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import models
from django.db.migrations import operations as ops
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

STILL_USED = {
    ops.DeleteModel: "the code that still runs reads this table: stop using it in one release, drop it in the next",
    ops.RemoveField: "the code that still runs reads this column: take it out of the state now, out of the table in the next release",
    ops.RenameModel: "the code that still runs knows the old name: add, copy, drop, over two releases",
    ops.RenameField: "the code that still runs knows the old name: add, copy, drop, over two releases",
    ops.AlterModelTable: "the code that still runs knows the old name: add, copy, drop, over two releases",
}
LOCKS = {
    ops.AddIndex: "builds the index under a lock: AddIndexConcurrently, in a migration that is not atomic",
    ops.AddConstraint: "checks every row under a lock: AddConstraintNotValid, then ValidateConstraint in another migration",
    ops.AlterUniqueTogether: "builds an index under a lock: AddIndexConcurrently with a unique index first",
}
# What SQL by hand may not say of a table that is there already.
HEAVY = {
    r"\bdrop\s+(table|column)\b": "drops what the code that still runs uses",
    r"\brename\b": "the code that still runs knows the old name",
    r"\bcreate\s+(unique\s+)?index\s+(?!concurrently)": "builds the index under a lock",
    r"\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b": "writes the table anew under a lock",
    r"\bset\s+not\s+null\b": "looks at every row under a lock",
    r"\badd\s+constraint\b(?!.*\bnot\s+valid\b)": "looks at every row under a lock",
    r"\b(truncate|cluster|vacuum\s+full|lock\s+table)\b": "locks everybody out",
}
TABLE = re.compile(
    r'\b(?:table|on)\s+(?:only\s+|if\s+exists\s+)*"?(?:public\.)?(\w+)"?', re.IGNORECASE
)


def complaints(migration: Migration, before: ProjectState, new: set[str]) -> list[str]:
    """What is wrong with a migration, in words.

    before: the models as they were; new: tables ("app_model") that this release makes.
    """
    operations = list(_in_database(migration.operations))
    found = [
        f"{_name(operation)}: {reason}"
        for operation in operations
        if (reason := _reason(operation, migration.app_label, before, new))
    ]
    if migration.atomic and _mixes(operations):
        found.append("changes rows and tables in one transaction: two migrations")
    if migration.atomic and any(isinstance(one, AddIndexConcurrently) for one in operations):
        found.append("builds an index concurrently: atomic = False")
    return found


def made(migration: Migration) -> set[str]:
    """The tables a migration makes."""
    return {
        one.options.get("db_table") or f"{migration.app_label}_{one.name.lower()}"
        for one in migration.operations
        if isinstance(one, ops.CreateModel)
    }


def _in_database(operations: Sequence[Operation]) -> Iterator[Operation]:
    """What really happens to tables; what only the state learns costs nothing."""
    for one in operations:
        if isinstance(one, ops.SeparateDatabaseAndState):
            yield from _in_database(one.database_operations)
        else:
            yield one


def _reason(operation: Any, app: str, before: ProjectState, new: set[str]) -> str:
    if isinstance(operation, ops.RunSQL):
        return _sql(operation, new)
    if isinstance(operation, ops.RunPython):
        return "" if operation.reversible else "can't be undone: give it a way back, or noop"
    if _table(operation, app, before) in new:
        return ""
    for kind, words in (STILL_USED | LOCKS).items():
        if isinstance(operation, kind) and not isinstance(operation, AddConstraintNotValid):
            # A concurrent index is an index, too.
            return "" if isinstance(operation, AddIndexConcurrently) else words
    if isinstance(operation, ops.AddField):
        return _added(operation.field)
    return _altered(operation, app, before) if isinstance(operation, ops.AlterField) else ""


def _added(field: Any) -> str:
    if field.many_to_many:
        return ""
    if isinstance(field, models.GeneratedField):
        return "writes the table anew under a lock"
    if field.unique or field.db_index:
        return "builds an index under a lock: the column first, then AddIndexConcurrently"
    if not field.null and field.db_default is NOT_PROVIDED:
        return "the code that still runs leaves it out: null=True or db_default"
    return ""


def _altered(operation: Any, app: str, before: ProjectState) -> str:
    old = before.models[app, operation.model_name.lower()].fields[operation.name]
    new = operation.field
    if old.get_internal_type() != new.get_internal_type():
        return "changes the column's type: add, copy, drop, over two releases"
    if old.null and not new.null:
        return "looks at every row under a lock: a NOT VALID check first, validated, then this"
    if (new.max_length or 0) < (old.max_length or 0):
        return "makes the column shorter: what is there may not fit"
    if (new.unique or new.db_index) and not (old.unique or old.db_index):
        return "builds an index under a lock: AddIndexConcurrently"
    return ""


def _sql(operation: Any, new: set[str]) -> str:
    if not operation.reversible:
        return "can't be undone: give it reverse_sql, or noop"
    statements = (
        operation.sql if isinstance(operation.sql, str) else " ; ".join(map(str, operation.sql))
    )
    for statement in statements.split(";"):
        touched = set(TABLE.findall(statement))
        if touched and touched <= new:
            continue
        for pattern, words in HEAVY.items():
            if re.search(pattern, statement, re.IGNORECASE | re.DOTALL):
                return words
    return ""


def _mixes(operations: Sequence[Operation]) -> bool:
    changes_rows = any(isinstance(one, ops.RunPython) for one in operations)
    changes_tables = any(isinstance(one, ops.AddField | ops.AlterField) for one in operations)
    return changes_rows and changes_tables


def _table(operation: Any, app: str, before: ProjectState) -> str:
    model = str(getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()
    known = before.models.get((app, model))
    return str((known.options.get("db_table") if known else "") or f"{app}_{model}")


def _name(operation: Any) -> str:
    about = [
        str(value)
        for word in ("model_name", "name")
        if isinstance(value := getattr(operation, word, None), str)
    ]
    return f"{type(operation).__name__} {'.'.join(dict.fromkeys(about))}".strip()
