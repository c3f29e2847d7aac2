"""Staff answer disputes: a list by deadline, a page with all we know, files, one answer."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from payments.models import Dispute, EvidenceFile
from shop.outbox.models import Message
from tests.factories.people import staff
from tests.processes.test_disputing import NOW, see, sold

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/dispute/"


def case(**fields):
    order = sold()
    see(order)
    found = Dispute.objects.get(payment__order=order)
    Dispute.objects.filter(pk=found.pk).update(**fields)
    found.refresh_from_db()
    return found


def page(dispute):
    return reverse("admin:payments_dispute_change", args=[dispute.pk])


def rows(client, **query):
    return [one.pk for one in client.get(LIST, query).context["cl"].result_list]


def picture(kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 30), (200, 80, 40, 128)).save(buffer, kind)
    return buffer.getvalue()


def upload(client, dispute, name, data):
    file = SimpleUploadedFile(name, data)
    return client.post(page(dispute), {"do": "add", "file": file}, follow=True)


def told(response):
    return " ".join(str(message) for message in response.context["messages"])


class TestList:
    def test_the_nearest_deadline_is_on_top_and_what_is_closed_below(self, owner):
        later = case(due_at=NOW + dt.timedelta(days=9))
        over = case(status="lost", closed_at=NOW)
        soon = case(due_at=NOW + dt.timedelta(days=1))

        assert rows(owner) == [soon.pk, later.pk, over.pk]
        assert rows(owner, case="answer") == [soon.pk, later.pk]
        assert rows(owner, case="soon") == [soon.pk]

    def test_is_found_by_order_and_buyer(self, owner):
        dispute = case()

        assert rows(owner, q=dispute.payment.order.number) == [dispute.pk]
        assert rows(owner, q="alice@example.com") == [dispute.pk]
        assert rows(owner, q="nobody") == []

    def test_asks_the_same_number_of_questions_for_many(
        self, owner, django_assert_num_queries, django_assert_max_num_queries
    ):
        case()
        owner.get(LIST)
        with django_assert_max_num_queries(20) as few:
            owner.get(LIST)
        for _one in range(3):
            case()

        with django_assert_num_queries(len(few)):
            owner.get(LIST)

    def test_the_start_page_reminds_of_the_deadline(self, owner):
        case(due_at=NOW + dt.timedelta(days=1))

        html = owner.get("/admin/").content.decode()

        assert "Disputes to answer" in html
        assert "Disputes due" in html


class TestPage:
    def test_tells_what_we_know(self, owner):
        dispute = case()

        html = owner.get(page(dispute)).content.decode()

        for words in (dispute.payment.order.number, "alice@example.com", "12 Analytical Row"):
            assert words in html

    def test_our_side_is_kept_and_handed_in(self, sign_in):
        dispute, client = case(), sign_in("support")

        client.post(page(dispute), {"do": "save", "statement": "It came on Monday."})
        assert "It came on Monday." in client.get(page(dispute)).content.decode()
        client.post(page(dispute), {"do": "submit", "statement": "It came on Tuesday."})

        dispute.refresh_from_db()
        assert dispute.statement == "It came on Tuesday."
        assert dispute.submitted_at
        assert Message.objects.filter(topic="payments.answer_dispute").count() == 1
        assert 'name="statement"' not in client.get(page(dispute)).content.decode()

    def test_nothing_is_handed_in_without_words(self, owner):
        dispute = case()

        told_so = owner.post(page(dispute), {"do": "submit", "statement": " "}, follow=True)

        assert "Write our side first" in told(told_so)
        assert not Message.objects.filter(topic="payments.answer_dispute").exists()

    def test_somebody_takes_it_on(self, owner):
        dispute, person = case(), staff("support")

        owner.post(page(dispute), {"do": "assign", "to": person.pk})

        dispute.refresh_from_db()
        assert dispute.assigned_to == person

    def test_is_for_those_who_may_answer(self, sign_in):
        dispute = case()

        assert sign_in("warehouse").get(page(dispute)).status_code == 403
        assert sign_in("warehouse").post(page(dispute), {"do": "save"}).status_code == 403


class TestFiles:
    def test_a_picture_is_written_anew_and_read_again(self, owner, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        dispute = case()

        upload(owner, dispute, "../../slip of Monday.PNG", picture())

        kept = EvidenceFile.objects.get()
        answer = owner.get(reverse("admin:payments_dispute_file", args=[dispute.pk, kept.pk]))
        assert (kept.name, kept.content_type) == ("slip of Monday.jpg", "image/jpeg")
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "attachment" in answer["Content-Disposition"]

    def test_a_pdf_is_kept_as_it_is(self, owner, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        dispute = case()

        upload(owner, dispute, "letter.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF\n")

        assert EvidenceFile.objects.get().content_type == "application/pdf"

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("page.pdf", b"<html><script>alert(1)</script>"),
            ("half.pdf", b"%PDF-1.7\n1 0 obj"),
            ("picture.png", b"\x89PNG\r\n\x1a\n and nothing"),
            ("empty.pdf", b""),
            ("big.pdf", b"%PDF-" + b"0" * 4_600_000 + b"%%EOF"),
        ],
    )
    def test_what_is_not_what_it_says_is_refused(self, owner, settings, tmp_path, name, data):
        settings.MEDIA_ROOT = tmp_path
        dispute = case()

        upload(owner, dispute, name, data)

        assert not EvidenceFile.objects.exists()

    def test_a_file_is_taken_away_until_the_case_is_answered(self, owner, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        dispute = case()
        upload(owner, dispute, "one.png", picture())
        upload(owner, dispute, "two.png", picture("WEBP"))
        one, two = EvidenceFile.objects.order_by("pk")

        owner.post(page(dispute), {"do": "remove", "file_id": one.pk})
        Dispute.objects.update(submitted_at=NOW)
        late = owner.post(page(dispute), {"do": "remove", "file_id": two.pk}, follow=True)

        assert list(EvidenceFile.objects.all()) == [two]
        assert "answered" in told(late)

    def test_no_more_than_five(self, owner, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        dispute = case()

        for number in range(6):
            upload(owner, dispute, f"{number}.png", picture())

        assert EvidenceFile.objects.count() == 5

    def test_another_cases_file_is_not_found(self, owner, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        mine, other = case(), case()
        upload(owner, mine, "one.png", picture())
        kept = EvidenceFile.objects.get()

        address = reverse("admin:payments_dispute_file", args=[other.pk, kept.pk])

        assert owner.get(address).status_code == 404
