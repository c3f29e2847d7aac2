"""Lists to bring, and what came of them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from shop.processes import round_trip

LIST = "/admin/catalog/product/"
RUNS = "/admin/catalog/importrun/"


def text_of(*lines, name="list.csv"):
    content = "\n".join(lines).encode()
    return SimpleUploadedFile(name, content, "text/csv")


def workbook_of(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("list.xlsx", content.getvalue())


def work(run, actor):
    for _ in round_trip.work(run_id=run.pk, actor_id=actor.pk, now=timezone.now()):
        pass
    run.refresh_from_db()


def outcomes(run):
    return [row.outcome for row in run.rows.order_by("number")]


def texts(side):
    return {name: text for name, text in side.items() if not name.startswith("@")}
