import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from payments import tasks
from payments.models import Document, Series
from payments.services import documents
from shop.outbox.models import Message
from tests.factories import paid_order
from tests.factories.documents import credit_note_of, invoice_of, issue_when
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
LIST = "admin:payments_document_changelist"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def manager(client, db):
    client.force_login(staff("manager"))
    return client


@pytest.fixture
def made(demo_market):
    return documents.make(document_id=invoice_of(paid_order()).pk, now=timezone.now())


def shown(client, **query):
    return client.get(reverse(LIST), query).content.decode()


def unzipped(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


# The list


def test_an_empty_list_says_so(manager):
    assert "No results found" in shown(manager)


def test_the_list_is_searched_by_number_order_and_name(manager, made):
    other = invoice_of(paid_order(name="Bob Hope", email="bob@example.com"))

    for query in (made.label, made.order.number, "Alice"):
        page = shown(manager, q=query)
        assert made.label in page
        assert other.label not in page


def test_the_list_is_filtered_by_kind(manager, made):
    note = credit_note_of(made.order)

    page = shown(manager, kind__exact="credit_note")

    assert note.label in page
    assert made.label not in page


def test_the_list_is_filtered_by_month(manager, made):
    assert made.label in shown(manager, month=f"{made.issued_on:%Y-%m}")
    assert made.label not in shown(manager, month="1999-01")


@pytest.mark.parametrize("month", ["nonsense", "2026-13", "", "2026-1-1"])
def test_a_month_that_is_none_is_ignored(manager, made, month):
    assert made.label in shown(manager, month=month)


def test_the_list_reads_no_content(manager, made, django_assert_max_num_queries):
    for _ in range(3):
        paid_order()

    with django_assert_max_num_queries(14):
        shown(manager)


# One document


def test_its_page_shows_what_is_printed(manager, made):
    page = manager.get(reverse("admin:payments_document_change", args=[made.pk]))

    for words in (made.label, "Foot-ring mug", "VAT 20%", "Paid by Bank transfer"):
        assert words in page.content.decode()


def test_nobody_changes_or_deletes_it(manager, made):
    page = reverse("admin:payments_document_change", args=[made.pk])

    assert manager.post(page, {"label": "INV-1"}).status_code == 403
    assert manager.get(reverse("admin:payments_document_delete", args=[made.pk])).status_code == 403


def test_the_page_of_the_order_leads_to_it(client, made):
    link = reverse("admin:payments_document_change", args=[made.pk])
    page = reverse("admin:orders_order_change", args=[made.order_id])

    seen = {}
    for role in ("support", "warehouse"):
        client.force_login(staff(role))
        seen[role] = link in client.get(page).content.decode()

    assert seen == {"support": True, "warehouse": False}


def test_its_files_are_downloaded(manager, made):
    pdf = manager.get(reverse("admin:payments_document_pdf", args=[made.pk]))
    xml = manager.get(reverse("admin:payments_document_xml", args=[made.pk]))

    assert pdf.content.startswith(b"%PDF")
    assert made.label.encode() in xml.content
    assert xml["Content-Disposition"] == f'attachment; filename="{made.label}.xml"'


def test_a_page_that_is_not_made_yet_is_said_to_be(manager, demo_market):
    document = invoice_of(paid_order())

    response = manager.get(reverse("admin:payments_document_pdf", args=[document.pk]), follow=True)

    assert "still being made" in response.content.decode()


@pytest.mark.parametrize("name", ["pdf", "xml"])
def test_files_are_for_those_who_may_see_documents(client, made, name):
    client.force_login(staff("warehouse"))

    page = reverse(f"admin:payments_document_{name}", args=[made.pk])

    assert client.get(page).status_code == 404


# Many


def test_chosen_rows_come_as_a_zip(manager, made):
    data = {"action": "bundle", "_selected_action": [made.pk], "index": 0}

    response = manager.post(reverse(LIST), data)

    bundle = unzipped(response)
    assert bundle.namelist() == [f"{made.label}.pdf"]
    assert bundle.read(f"{made.label}.pdf") == documents.pdf_of(made)


def test_a_month_comes_as_a_zip_that_names_what_is_missing(manager, made):
    waiting = invoice_of(paid_order())
    month = f"{made.issued_on:%Y-%m}"
    assert "month.zip" in shown(manager, month=month)

    response = manager.get(reverse("admin:payments_document_month"), {"month": month})

    bundle = unzipped(response)
    assert bundle.namelist() == [f"{made.label}.pdf", "missing.txt"]
    assert waiting.label in bundle.read("missing.txt").decode()


def test_a_bundle_of_no_month_is_not_found(manager):
    assert manager.get(reverse("admin:payments_document_month")).status_code == 404


# Series


def series_page(kind="invoice"):
    series = documents.series_of(kind)
    return reverse("admin:payments_series_change", args=[series.pk])


def form(**fields):
    return {"prefix": "INV-", "next_number": 1, "issue": "confirmed", **fields}


def test_both_series_are_there_from_the_start(manager):
    manager.get(reverse("admin:payments_series_changelist"))

    assert set(Series.objects.values_list("prefix", flat=True)) == {"INV-", "CN-"}


def test_a_series_begins_where_it_is_told(manager, demo_market):
    manager.post(series_page(), form(prefix="R", next_number=500))

    assert invoice_of(paid_order()).label.startswith("R20")
    assert Document.objects.get().number == 500


def test_numbers_never_go_down(manager):
    Series.objects.update_or_create(kind="invoice", defaults={"prefix": "INV-", "next_number": 9})

    response = manager.post(series_page(), form(next_number=8))

    assert "Numbers only go up." in response.content.decode()


def test_a_series_that_has_begun_is_not_moved(manager, demo_market):
    paid_order()

    manager.post(series_page(), form(prefix="R-", next_number=500))

    series = documents.series_of("invoice")
    assert (series.prefix, series.next_number) == ("R-", 2)


def test_a_prefix_that_another_series_used_is_refused(manager, made):
    credit_note_of(made.order)
    manager.post(series_page("credit_note"), form(prefix="NOTE-"))

    response = manager.post(series_page(), form(prefix="CN-"))

    assert "Another series has used this prefix." in response.content.decode()


def test_a_new_rule_is_caught_up_with_by_a_worker(manager, demo_market):
    paid_order()
    issue_when(Series.When.SHIPPED)
    late = paid_order()

    manager.post(series_page(), form(issue="confirmed"))

    assert Message.objects.filter(topic="documents.catch_up").count() == 1
    assert [order.pk for order in documents.missing()] == [late.pk]
    assert tasks.catch_up_on_documents.name == "documents.catch_up"


def test_the_warehouse_sees_no_series(client, db):
    client.force_login(staff("warehouse"))

    assert client.get(series_page()).status_code == 403
