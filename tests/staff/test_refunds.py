"""Staff give money back: asked, worked out, asked again, done; and followed in a list."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.gateways.base import Outcome
from payments.models import GrantedRefund, Payment, Refund, ValueAccount
from payments.services.grants import Asked
from tests.factories import paid_order, placed_order
from tests.processes.test_refunding import answer, give, sold

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/refund/"


def page(order):
    return reverse("admin:orders_order_refund", args=[order.pk])


def filled(order, **fields):
    return {
        f"units_{order.lines.get().pk}": "1",
        "to": "origin",
        "reason": "Arrived chipped",
        "key": "6f1ed002-ab55-4a4c-8f7e-2a1f5c3d0001",
        **fields,
    }


class TestAsking:
    def test_support_gives_a_unit_and_an_amount_back(self, sign_in):
        order, client = sold(quantity=3), sign_in("support")
        said = filled(order, goodwill="1.50")

        checked = client.post(page(order), {**said, "do": "check"})
        total = checked.context["figures"].total
        done = client.post(page(order), {**said, "do": "grant", "shown": total})

        made = GrantedRefund.objects.get()
        assert done.status_code == 302
        assert (made.total, made.reason) == (Decimal("31.50"), "Arrived chipped")
        assert made.granted_by.name == "Support"
        assert Refund.objects.get().amount == made.total

    def test_the_sum_is_worked_out_with_the_button_and_by_the_script(self, owner):
        order = sold(quantity=3)

        by_button = owner.post(page(order), filled(order, do="work", reason=""))
        by_script = owner.post(page(order), filled(order, do="live", reason=""))

        for shown in (by_button, by_script):
            assert "£30.00" in shown.content.decode()
            assert "Card" in shown.content.decode()
        assert "<html" not in by_script.content.decode()
        assert not GrantedRefund.objects.exists()

    def test_everything_that_is_left_is_one_click(self, owner):
        order = sold(quantity=3)

        shown = owner.post(page(order), filled(order, do="all"))

        assert shown.context["figures"].worked.amount.gross == order.total

    def test_nothing_moves_before_the_last_yes(self, owner):
        order = sold()

        checked = owner.post(page(order), filled(order, do="check"))

        assert "Give £30.00 back" in checked.content.decode()
        assert not GrantedRefund.objects.exists()

    def test_a_sum_that_changed_meanwhile_is_asked_again(self, owner):
        order = sold(quantity=2)

        shown = owner.post(page(order), filled(order, do="grant", shown="1.00"))

        assert "The sums changed meanwhile" in shown.content.decode()
        assert not GrantedRefund.objects.exists()

    def test_a_second_click_gives_nothing_more(self, owner):
        order = sold(quantity=2)
        said = filled(order, do="grant", shown="30.00")

        owner.post(page(order), said)
        owner.post(page(order), said)

        assert GrantedRefund.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [("goodwill", "1000"), ("goodwill", "-1"), ("goodwill", "0.001"), ("delivery", "x")],
    )
    def test_what_was_typed_stays_beside_its_problem(self, owner, field, value):
        order = sold()

        shown = owner.post(page(order), filled(order, do="check", **{field: value}))

        html = shown.content.decode()
        assert f'value="{value}"' in html
        assert "field__error" in html
        assert "Arrived chipped" in html

    def test_a_reason_is_asked_for(self, owner):
        order = sold()

        shown = owner.post(page(order), filled(order, do="check", reason=""))

        assert shown.context["form"].errors["reason"]
        assert not shown.context["is_checked"]

    def test_more_units_than_are_left_are_refused(self, owner):
        order = sold(quantity=2)
        line = order.lines.get()

        shown = owner.post(page(order), filled(order, do="check", **{f"units_{line.pk}": "3"}))

        assert not shown.context["is_checked"]

    def test_credit_goes_to_the_customer(self, owner):
        order = sold()

        owner.post(page(order), filled(order, do="grant", shown="30.00", to="store_credit"))

        assert ValueAccount.objects.get().balance == 30

    def test_is_for_those_who_may_refund(self, sign_in):
        order = sold()

        assert sign_in("warehouse").get(page(order)).status_code == 403

    def test_the_page_of_the_order_tells_what_was_given_back(self, owner):
        order = sold()
        give(order, Asked(goodwill=Decimal("2.00")))

        html = owner.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

        assert "Goodwill: £2.00" in html
        assert "not paid yet" in html
        assert page(order) in html

    def test_an_order_that_was_never_confirmed_has_no_refund(self, owner):
        order = placed_order()

        html = owner.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

        assert page(order) not in html


def rows(client, **query):
    return [one.pk for one in client.get(LIST, query).context["cl"].result_list]


def step(slug, *refunds):
    query = "&".join(f"refund={one.pk}" for one in refunds)
    return f"{reverse('admin:payments_refund_step', args=[slug])}?{query}"


def told(response):
    return " ".join(str(message) for message in response.wsgi_request._messages)


def failed(order, key):
    refund = give(order, Asked(goodwill=Decimal("2.00")), key=key).refunds.get()
    answer(refund, Outcome.REFUSED, message="card closed")
    return refund


class TestFollowing:
    def test_what_is_not_paid_waits_oldest_first(self, owner):
        order = sold()
        first = failed(order, "form-1")
        second = give(order, Asked(goodwill=Decimal("2.00")), key="form-2").refunds.get()
        done = give(order, Asked(goodwill=Decimal("2.00")), key="form-3").refunds.get()
        answer(done, Outcome.DONE)
        Refund.objects.filter(pk=first.pk).update(
            requested_at=timezone.now() - dt.timedelta(days=3)
        )

        assert rows(owner, open="1") == [first.pk, second.pk]
        assert rows(owner, open="failed") == [first.pk]
        assert "3 days" in owner.get(LIST, {"open": "1"}).content.decode()
        assert rows(owner, q=order.number) == rows(owner, q="alice@example.com")

    def test_what_failed_and_was_paid_another_way_waits_no_more(self, owner):
        refund = failed(sold(), "form-1")

        report = owner.post(step("again", refund), {"how": "store_credit"})

        assert "Paid again" in told(report)
        assert rows(owner, open="1") == []
        assert ValueAccount.objects.get().balance == 2

    def test_many_are_paid_again_with_a_report_row_by_row(self, owner):
        order = sold()
        refunds = [failed(order, f"form-{number}") for number in range(3)]
        done = give(order, Asked(goodwill=Decimal("2.00")), key="form-9").refunds.get()

        report = told(owner.post(step("again", *refunds, done), {"how": "origin"}))

        assert "did not fail" in report
        assert Refund.objects.filter(status="pending").count() == 4

    def test_transfers_that_were_sent_are_ticked_off(self, owner):
        orders = [paid_order(payment_method="bank_transfer") for _one in range(2)]
        refunds = [give(one, Asked(whole=True), key=one.number).refunds.get() for one in orders]
        assert set(rows(owner, open="hand")) == {one.pk for one in refunds}

        owner.post(step("sent", *refunds), {"reference": "HSBC 7"})

        assert rows(owner, open="1") == []
        assert GrantedRefund.objects.filter(settled_at=None).count() == 0
        assert {one.refunded for one in Payment.objects.all()} == {one.total for one in orders}

    def test_the_start_page_counts_what_is_approved_and_not_paid(self, owner):
        failed(sold(), "form-1")

        assert "Refunds to pay" in owner.get("/admin/").content.decode()

    @pytest.mark.parametrize("slug", ["again", "sent"])
    def test_is_for_those_who_may_refund(self, sign_in, slug):
        refund = failed(sold(), "form-1")

        assert sign_in("warehouse").get(step(slug, refund)).status_code == 403

    def test_no_such_step_is_not_found(self, owner):
        assert owner.get(step("again")).status_code == 404
        assert owner.get(step("else", failed(sold(), "form-1"))).status_code == 404
