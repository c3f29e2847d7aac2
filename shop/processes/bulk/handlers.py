"""Which kinds of runs there are: what each does with a row, and what file comes of it."""

from shipping.models import BulkRun
from shop.processes.bulk import acts, papers
from shop.processes.bulk.terms import Finisher, Handler
from shop.processes.labelling import label_row

Kind = BulkRun.Kind
HANDLERS: dict[str, Handler] = {
    Kind.CONFIRM: Handler(acts.confirm, is_atomic=False),
    Kind.PICK: Handler(acts.pick),
    Kind.PACK: Handler(acts.pack),
    Kind.LABEL: Handler(label_row, is_atomic=False),
    Kind.SHIP: Handler(acts.send),
    Kind.PACKING_SLIPS: Handler(papers.slip_row),
    Kind.PICK_LISTS: Handler(papers.pick_row),
    Kind.LABEL_SHEETS: Handler(papers.label_row),
}
FINISHERS: dict[str, Finisher] = {
    Kind.PACKING_SLIPS: papers.slips_file,
    Kind.PICK_LISTS: papers.picks_file,
    Kind.LABEL_SHEETS: papers.labels_file,
}
