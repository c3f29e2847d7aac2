"""At the desk: tags, colleagues, files, queues, and somebody else with the same order open."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import CallTask, Draft, Hold, Order, OrderFile, Return
from orders.services import calls
from orders.services.orders import Move
from shipping.models import Fulfilment
from shop.lib import presence
from tests.factories import CartFactory, paid_order, placed_order, shipped_order
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def page(order):
    return reverse("admin:orders_order_change", args=[order.pk])


def step(slug, *orders):
    query = "&".join(f"order={order.pk}" for order in orders)
    return f"{reverse('admin:orders_order_step', args=[slug])}?{query}"


def found(client, **query):
    return [one.number for one in client.get(LIST, query).context["cl"].result_list]


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


class TestTags:
    def test_are_added_to_many_and_found(self, sign_in):
        first, second, other = paid_order(), paid_order(), paid_order()
        support = sign_in("support")

        support.post(step("tags", first, second), {"tags": "Gift,  Summer Fair"})

        first.refresh_from_db()
        assert first.tags == ["gift", "summer fair"]
        assert set(found(support, tag="Gift")) == {first.number, second.number}
        assert other.number in found(support)

    def test_are_removed_again_and_the_log_knows(self, sign_in):
        order = paid_order()
        support = sign_in("support")
        support.post(step("tags", order), {"tags": "gift, late"})

        support.post(step("tags-off", order), {"tags": "gift"})

        order.refresh_from_db()
        assert order.tags == ["late"]
        assert "Tags: taken away" in support.get(page(order)).content.decode()

    def test_too_long_a_tag_is_refused(self, owner):
        order = paid_order()

        answer = owner.post(step("tags", order), {"tags": "x" * 41})

        assert "at most 40" in answer.content.decode()

    def test_twenty_are_enough(self, owner):
        order = paid_order()

        answer = owner.post(step("tags", order), {"tags": ",".join(map(str, range(21)))})

        assert any("at most 20" in line for line in told(answer))


class TestColleagues:
    def test_an_order_is_given_to_somebody_and_found_by_them(self, client, db):
        person = staff("support")
        client.force_login(person)
        order, other = paid_order(), paid_order()

        client.post(step("assignment", order), {"to": person.pk})

        assert found(client, assigned="me") == [order.number]
        assert found(client, assigned="nobody") == [other.number]
        assert found(client, assigned=str(person.pk)) == [order.number]
        assert order.events.get(axis="assigned").note == "Support"

    def test_and_taken_back(self, owner):
        person, order = staff("support"), paid_order()
        owner.post(step("assignment", order), {"to": person.pk})

        owner.post(step("assignment", order), {"to": ""})

        order.refresh_from_db()
        assert order.assigned_to is None

    def test_those_without_the_right_do_neither(self, sign_in):
        order = paid_order()

        assert sign_in("marketing").get(step("assignment", order)).status_code == 403


def upload(client, order, name, data, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    path = tmp_path / name
    path.write_bytes(data)
    with path.open("rb") as stream:
        return client.post(reverse("admin:orders_order_files", args=[order.pk]), {"file": stream})


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "data", "kind"),
        [("../Letter.exe", PDF, "application/pdf"), ("note.html", b"Call \xc3\xa9", "text/plain")],
    )
    def test_are_what_they_are_and_not_what_they_are_called(
        self, owner, settings, tmp_path, name, data, kind
    ):
        order = paid_order()

        upload(owner, order, name.replace("../", ""), data, settings, tmp_path)

        kept = OrderFile.objects.get()
        assert kept.content_type == kind
        assert kept.name.rpartition(".")[2] == {"application/pdf": "pdf"}.get(kind, "txt")

    def test_are_handed_out_as_attachments(self, owner, settings, tmp_path):
        order = paid_order()
        upload(owner, order, "letter.pdf", PDF, settings, tmp_path)
        kept = OrderFile.objects.get()

        answer = owner.get(reverse("admin:orders_order_file", args=[order.pk, kept.pk]))

        assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content) == PDF

    @pytest.mark.parametrize("data", [b"", b"MZ\x00\x90", b"%PDF-1.7 half", b"\x89PNG\r\n\x1a\n?"])
    def test_anything_else_is_refused(self, owner, settings, tmp_path, data):
        upload(owner, paid_order(), "letter.pdf", data, settings, tmp_path)

        assert not OrderFile.objects.exists()

    def test_are_taken_away_with_their_bytes(
        self, owner, settings, tmp_path, django_capture_on_commit_callbacks
    ):
        order = paid_order()
        upload(owner, order, "letter.pdf", PDF, settings, tmp_path)
        kept = OrderFile.objects.get()

        with django_capture_on_commit_callbacks(execute=True):
            owner.post(reverse("admin:orders_order_unfile", args=[order.pk, kept.pk]))

        assert not OrderFile.objects.exists()
        assert not kept.file.storage.exists(kept.file.name)
        assert order.events.filter(axis="file").count() == 2

    def test_of_another_order_are_not_there(self, owner, settings, tmp_path):
        order = paid_order()
        upload(owner, order, "letter.pdf", PDF, settings, tmp_path)
        strange = [paid_order().pk, OrderFile.objects.get().pk]

        assert owner.get(reverse("admin:orders_order_file", args=strange)).status_code == 404

    def test_are_not_for_everybody(self, sign_in, settings, tmp_path):
        answer = upload(sign_in("marketing"), paid_order(), "a.pdf", PDF, settings, tmp_path)

        assert answer.status_code == 403


class TestSomebodyElse:
    def test_is_told_of_on_both_pages(self, owner):
        order, colleague = paid_order(), Client()
        colleague.force_login(staff("support"))

        first = owner.get(page(order)).content.decode()
        second = colleague.get(page(order)).content.decode()
        again = owner.get(reverse("admin:orders_order_here", args=[order.pk])).content.decode()

        assert "has this order open" not in first
        assert "Owner has this order open, too." in second
        assert "Support has this order open, too." in again

    def test_at_another_order_is_not(self, owner):
        order, other, colleague = paid_order(), paid_order(), Client()
        colleague.force_login(staff("support"))
        colleague.get(page(other))

        assert "has this order open" not in owner.get(page(order)).content.decode()

    def test_is_forgotten_after_a_while(self):
        now = timezone.now()
        presence.seen(what="x", who=1, name="Ann", now=now)

        assert presence.others(what="x", who=2, now=now) == ["Ann"]
        assert presence.others(what="x", who=2, now=now + dt.timedelta(minutes=2)) == []


class TestQueues:
    def test_an_order_wanders_from_queue_to_queue(self, owner):
        order = paid_order()
        assert found(owner, view="to-pick") == [order.number]

        parcel = Fulfilment.objects.create(order=order, created_at=timezone.now())
        assert found(owner, view="to-pick") == [order.number]
        Fulfilment.objects.filter(pk=parcel.pk).update(status="picking")
        assert found(owner, view="to-pick") == []
        assert found(owner, view="to-pack") == [order.number]
        Fulfilment.objects.filter(pk=parcel.pk).update(status="packed")
        assert found(owner, view="to-pack") == []
        assert found(owner, view="to-send") == [order.number]

    def test_what_is_on_hold_is_not_picked(self, owner):
        order = paid_order()
        Hold.objects.create(order=order, reason="Odd", placed_at=timezone.now())

        assert found(owner, view="to-pick") == []
        assert found(owner, view="on-hold") == [order.number]

    def test_who_waits_for_a_call_is_both_to_call_and_to_verify(self, owner):
        order = placed_order(payment_method="bank_transfer")
        calls.ask(order=order, reason="Much", move=Move(timezone.now()))

        assert found(owner, view="to-call") == [order.number]
        assert found(owner, view="to-verify") == [order.number]
        CallTask.objects.update(due_at=timezone.now() + dt.timedelta(hours=1))
        assert found(owner, view="to-call") == []

    def test_returns_and_quotes_have_theirs(self, owner):
        order, quoted = shipped_order(), placed_order()
        now = timezone.now()
        Return.objects.create(number="RMA-1", order=order, requested_at=now, key="1")
        Draft.objects.create(order=quoted, cart=CartFactory(), sent_at=now, made_at=now)

        assert found(owner, view="returns-to-approve") == [order.number]
        assert found(owner, view="returns-to-check") == []
        assert found(owner, view="quotes-waiting") == [quoted.number]
        Return.objects.update(status="received")
        assert found(owner, view="returns-to-check") == [order.number]


def test_the_page_asks_the_same_for_an_order_with_much_at_the_desk(
    owner, django_assert_num_queries, django_assert_max_num_queries
):
    order = paid_order()
    owner.get(page(order))
    with django_assert_max_num_queries(70) as few:
        owner.get(page(order))
    now = timezone.now()
    for number in range(3):
        Return.objects.create(number=f"RMA-{number}", order=order, requested_at=now, key=number)
        calls.drop(order=order, move=Move(now))
        calls.ask(order=order, reason="Much", move=Move(now))
    Order.objects.update(tags=["a", "b"])

    with django_assert_num_queries(len(few)):
        owner.get(page(order))
