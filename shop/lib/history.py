"""Who changed what and when, on the few models that staff edit by hand."""

from collections.abc import Sequence

from simple_history.models import HistoricalRecords


def History(*, excluded: Sequence[str] = ()) -> HistoricalRecords:  # noqa: N802 — reads as a field
    """A table beside the model with a row per save; figures the shop computes are left out.

    Writes in bulk leave no row: what brings thousands keeps its own account (ImportRow).
    """
    return HistoricalRecords(excluded_fields=list(excluded), history_change_reason_field=None)
