"""A small table taken as a whole: every row is read before any is believed."""

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from shop.lib.csvfiles import BadRow, FileRefused, Row, fold, table, unguard
from shop.lib.errors import Refused

MOST_ROWS = 2_000
MOST_PROBLEMS = 50


class RowsRefused(Refused):
    """Raised when rows can't be taken. Carries `problems`, a sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems[:MOST_PROBLEMS])


def read(path: Path, *, needed: Sequence[str], most: int = MOST_ROWS) -> list[Row]:
    """All rows, their cells as they were before `guard`. Raises RowsRefused."""
    try:
        with table(path) as found:
            missing = [name for name in needed if name not in map(fold, found.columns)]
            if missing:
                told = {"names": ", ".join(missing)}
                raise RowsRefused([_("These columns are missing: %(names)s.") % told])
            rows = [row for row, _count in zip(found.rows, range(most + 1), strict=False)]
    except FileRefused as refusal:
        raise RowsRefused([refusal.message]) from None
    if len(rows) > most:
        raise RowsRefused([_("At most %(count)s rows: split the file.") % {"count": most}])
    bad = [at(row.line, row.problem) for row in rows if isinstance(row, BadRow)]
    if bad:
        raise RowsRefused(bad)
    return [_plain(row) for row in rows if isinstance(row, Row)]


def at(line: int, problem: str) -> str:
    """A problem with the line it is in."""
    return _("Line %(line)s: %(problem)s") % {"line": line, "problem": problem}


def _plain(row: Row) -> Row:
    return Row(row.line, {name: unguard(cell).strip() for name, cell in row.cells.items()})
