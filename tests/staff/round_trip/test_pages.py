"""The pages of an import: brought, looked over, applied and undone by hand."""

import pytest

from catalog.models import (
    ImportRow,
    ImportRun,
    Product,
)
from shop.outbox.models import Message
from shop.tasks import work_import
from tests.staff.round_trip.lists import (
    RUNS,
    text_of,
    work,
)

pytestmark = pytest.mark.django_db


# The pages


def test_a_file_is_brought_checked_applied_and_undone_in_the_pages(sign_in, mug):
    client = sign_in("catalogue")
    client.post(f"{RUNS}add/", {"file": text_of("sku,title", "MUG-1,<b>Heavy</b> mug")})
    run = ImportRun.objects.get()
    page = f"{RUNS}{run.pk}/change/"
    assert 'http-equiv="refresh"' in client.get(page).content.decode()

    work(run, run.actor)
    shown = client.get(page).content.decode()
    assert "&lt;b&gt;Heavy&lt;/b&gt; mug" in shown
    assert "Foot-ring mug" in shown
    client.post(f"{RUNS}{run.pk}/apply/")
    work(run, run.actor)
    assert Product.objects.get().title == "<b>Heavy</b> mug"
    client.post(f"{RUNS}{run.pk}/undo/")
    work(run, run.actor)

    assert Product.objects.get().title == "Foot-ring mug"
    assert "Taken back" in client.get(page).content.decode()


def test_the_report_is_searched_filtered_and_paged(sign_in, check, mug):
    run = check(text_of("sku,weight_g", "MUG-1,400", "MUG-2,heavy"))
    client, page = sign_in("catalogue"), f"{RUNS}{run.pk}/change/"

    assert list(client.get(page, {"outcome": "refused"}).context["rows"]) == [
        run.rows.get(number=3)
    ]
    assert list(client.get(page, {"q": "mug-1"}).context["rows"]) == [run.rows.get(number=2)]
    for query in ({"page": "-1"}, {"page": "999999"}, {"outcome": "'"}, {"q": "x" * 4000}):
        assert client.get(page, query).status_code == 200


def test_only_who_may_import_does(sign_in, mug):
    for role in ("warehouse", "support", "marketing"):
        answer = sign_in(role).post(f"{RUNS}add/", {"file": text_of("sku", "MUG-1")})
        assert answer.status_code == 403, role


def test_looking_at_an_address_applies_nothing(sign_in, check, mug):
    run = check(text_of("sku,weight_g", "MUG-1,400"))

    answer = sign_in("catalogue").get(f"{RUNS}{run.pk}/apply/")

    assert answer.status_code == 405
    assert ImportRow.objects.get().outcome == "updated"


def test_a_worker_takes_the_message_once(sign_in, mug):
    sign_in("catalogue").post(f"{RUNS}add/", {"file": text_of("sku,weight_g", "MUG-1,400")})
    message = Message.objects.get(topic="imports.work")

    work_import(message_id=message.pk)
    work_import(message_id=message.pk)

    message.refresh_from_db()
    run = ImportRun.objects.get()
    assert message.done_at is not None
    assert (run.status, run.updated, run.rows.count()) == ("ready", 1, 1)


def test_a_brought_file_is_nobodys_to_fetch(client, check, mug):
    run = check(text_of("sku", "MUG-1", name="../../prices.csv"))

    assert run.file.name.startswith("private/imports/")
    assert run.name == "prices.csv"
    assert client.get(f"/media/{run.file.name}").status_code == 404
