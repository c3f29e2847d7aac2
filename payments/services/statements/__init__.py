"""Bank statements as files: read without trust, kept once, line by line once."""

from django.utils.translation import gettext as _

from payments.services.statements import camt053, csvfile, facts
from payments.services.statements.csvfile import Mapped
from payments.services.statements.facts import Line, Problem, Statement, StatementRefused

__all__ = ["Line", "Mapped", "Problem", "Statement", "StatementRefused", "columns_of", "read"]


def read(data: bytes, mapped: Mapped | None = None) -> Statement:
    """Read a CAMT.053 or CSV file. Raises StatementRefused, or FileRefused for a damaged CSV."""
    _check_size(data)
    if camt053.looks_like(data):
        return facts.finished(camt053.read(data))
    return facts.finished(csvfile.read(data, mapped or Mapped()))


def columns_of(data: bytes) -> list[str]:
    """The columns of a CSV file; none for CAMT.053, which needs no one to say what is what."""
    _check_size(data)
    return [] if camt053.looks_like(data) else csvfile.columns_of(data)


def _check_size(data: bytes) -> None:
    if len(data) > facts.LARGEST:
        words = _("The file is larger than %(size)s MB.") % {"size": facts.LARGEST >> 20}
        raise StatementRefused(words)
    if not data.strip():
        raise StatementRefused(_("The file is empty."))
