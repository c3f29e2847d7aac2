"""Ways to pay and bank statements in the hands of staff: set, brought, looked over, matched."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from payments.models import BankLine, BankStatement, PaymentMethod, Refund
from payments.services import methods
from shop.lib.workdays import shop_day
from tests.factories import paid_order, placed_order

pytestmark = pytest.mark.django_db
TODAY = shop_day(timezone.now())
UPLOAD = "/admin/payments/bankstatement/import/"
LINES = "/admin/payments/bankline/"


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


def sheet(*rows, columns="Date,Amount,Currency,Name,Reference", name="bank.csv"):
    lines = [f"{TODAY},{','.join(map(str, row))}" for row in rows]
    return SimpleUploadedFile(name, "\n".join([columns, *lines]).encode())


def transfer(**fields):
    return placed_order(payment_method="bank_transfer", **fields)


def brought(browser, *rows):
    """Upload, look, import."""
    page = browser.post(UPLOAD, {"file": sheet(*rows)})["Location"]
    browser.post(page)
    return BankLine.objects.order_by("-pk").first()


def question(line, slug):
    return reverse("admin:payments_bankline_question", args=[line.pk, slug])


class TestMethods:
    def test_every_method_is_listed_before_anybody_has_set_one(self, owner):
        page = owner.get("/admin/payments/paymentmethod/").content.decode()

        for name in ("Card", "Bank transfer", "Cash on delivery", "Invoice", "200.00 GBP"):
            assert name in page

    def change(self, browser, code, **fields):
        row = methods.of(code)
        data = {
            "is_active": "on",
            "position": row.position,
            "capture": "automatic",
            "countries": "",
            "most": "",
            "patience_hours": row.patience_hours,
            "remind_after_hours": "",
            "words": "",
            **fields,
        }
        return browser.post(f"/admin/payments/paymentmethod/{row.pk}/change/", data)

    def test_limits_countries_and_reminders_are_typed_as_people_write_them(
        self, owner, demo_market
    ):
        self.change(
            owner, "bank_transfer", most="500 gbp", countries="gb", remind_after_hours="48, 24",
        )  # fmt: skip

        row = PaymentMethod.objects.get(code="bank_transfer")
        assert (row.most, row.countries) == ({"GBP": "500"}, ["GB"])
        assert row.remind_after_hours == [24, 48]

    @pytest.mark.parametrize(
        "fields",
        [
            {"most": "a lot"},
            {"most": "5 CHF"},
            {"countries": "ZZ"},
            {"patience_hours": 0},
            {"remind_after_hours": "168"},
            {"remind_after_hours": "0"},
        ],
    )
    def test_what_makes_no_sense_is_refused_at_its_field(self, owner, demo_market, fields):
        response = self.change(owner, "bank_transfer", **fields)

        assert response.status_code == 200
        assert next(iter(fields)) in response.context["adminform"].form.errors

    def test_nobody_adds_or_removes_a_method(self, owner):
        row = methods.of("card")

        assert owner.get("/admin/payments/paymentmethod/add/").status_code == 403
        assert owner.get(f"/admin/payments/paymentmethod/{row.pk}/delete/").status_code == 403

    def test_the_warehouse_sees_neither_methods_nor_bank_lines(self, sign_in):
        browser = sign_in("warehouse")

        for page in ("/admin/payments/paymentmethod/", LINES, UPLOAD):
            assert browser.get(page).status_code == 403


class TestImport:
    def test_a_file_is_shown_before_anything_is_written(self, owner):
        answer = owner.post(UPLOAD, {"file": sheet((24, "GBP", "Alice", "hello"))})

        page = owner.get(answer["Location"]).content.decode()

        assert "Alice" in page
        assert "1 new of 1 lines" in page
        assert not BankStatement.objects.exists()

    def test_the_button_imports_and_matches_what_is_beyond_doubt(self, owner):
        order = transfer()

        brought(owner, (order.total, "GBP", "A", order.number), (7, "GBP", "B", "?"))

        order.refresh_from_db()
        assert order.payment_status == "paid"
        assert sorted(BankLine.objects.values_list("status", flat=True)) == ["matched", "open"]

    def test_the_same_file_is_turned_away(self, owner):
        brought(owner, (7, "GBP", "B", "?"))

        answer = owner.post(UPLOAD, {"file": sheet((7, "GBP", "B", "?"))})

        assert "imported on" in answer.content.decode()

    def test_a_table_nobody_knows_asks_which_column_is_what(self, owner, demo_market):
        file = SimpleUploadedFile("x.csv", f"wann;wieviel\n{TODAY};12,50".encode())
        page = owner.post(UPLOAD, {"file": file})["Location"]
        assert "Say which one it is" in owner.get(page).content.decode()

        answers = "?day=wann&amount=wieviel&usual_currency=GBP"
        assert "£12.50" in owner.get(page + answers).content.decode()
        owner.post(page + answers)

        assert BankLine.objects.get().amount == 12.5

    @pytest.mark.parametrize(
        "data",
        [b"", b"\x00\x01", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a", b"PK\x03\x04"],
    )
    def test_a_hostile_file_is_answered_in_words(self, owner, data):
        answer = owner.post(UPLOAD, {"file": SimpleUploadedFile("x.xml", data)}, follow=True)

        assert answer.status_code == 200
        assert not BankStatement.objects.exists()

    def test_a_file_that_waited_too_long_is_asked_for_again(self, owner):
        answer = owner.get(f"{UPLOAD}{'a' * 64}/")

        assert answer["Location"] == UPLOAD
        assert "again" in told(answer)[-1]


class TestLines:
    def test_an_empty_list_says_so(self, owner):
        assert owner.get(LINES).status_code == 200

    def test_a_line_is_found_by_what_is_known_of_it(self, owner):
        brought(owner, (7, "GBP", "Grace Hopper", "for the bowl"), (8, "GBP", "B", "?"))

        for words in ("Grace", "bowl", "7.00"):
            found = owner.get(LINES, {"q": words}).context["cl"].result_list
            assert [one.party for one in found] == ["Grace Hopper"], words

    def test_its_page_says_what_it_may_be_about_and_what_to_do(self, owner):
        order = transfer()
        line = brought(owner, (order.total - 1, "GBP", "A", order.number))

        page = owner.get(f"{LINES}{line.pk}/change/").content.decode()

        assert f"Order {order.number}" in page
        assert question(line, "match") in page
        assert question(line, "excess") not in page

    def test_staff_choose_the_order(self, owner):
        order = transfer()
        line = brought(owner, (order.total + 5, "GBP", "A", "?"))

        answer = owner.post(question(line, "match"), {"numbers": f"#{order.number}"})

        order.refresh_from_db()
        assert order.payment_status == "paid"
        assert "£5.00 too much" in told(answer)[-1]
        assert owner.get(LINES, {"order": "overpaid"}).context["cl"].result_count == 1

        owner.post(question(line, "excess"))
        assert Refund.objects.get().amount == 5
        assert owner.get(LINES, {"order": "overpaid"}).context["cl"].result_count == 0

    def test_an_order_that_is_not_there_is_named(self, owner):
        line = brought(owner, (7, "GBP", "A", "?"))

        answer = owner.post(question(line, "match"), {"numbers": "99999999"})

        assert "99999999" in answer.content.decode()
        assert owner.post(question(line, "match"), {}).status_code == 200
        line.refresh_from_db()
        assert line.status == "open"

    def test_a_line_is_set_aside_with_a_word_and_opened_again(self, owner):
        line = brought(owner, (-7, "GBP", "Bank", "fee"))

        owner.post(question(line, "set-aside"), {"note": "Monthly fee"})
        line.refresh_from_db()
        assert (line.status, line.note) == ("set_aside", "Monthly fee")

        owner.post(question(line, "undo"))
        line.refresh_from_db()
        assert line.status == "open"

    def test_looking_again_finds_what_came_later(self, owner):
        line = brought(owner, ("1.00", "GBP", "A", "?"))

        answer = owner.post(LINES, {"action": "match_again", "_selected_action": [line.pk]})

        assert "beyond doubt" in told(answer)[-1]


class TestMoneyReceived:
    def test_cash_of_many_orders_is_booked_at_once_and_each_is_reported(self, owner):
        first, second = (placed_order(payment_method="cash_on_delivery") for _one in range(2))
        paid = paid_order()
        query = "&".join(f"order={one.pk}" for one in (first, second, paid))
        page = reverse("admin:orders_order_step", args=["payment"])

        answer = owner.post(f"{page}?{query}", {"reference": "DPD list 7"})

        assert Order.objects.filter(payment_status="paid").count() == 3
        assert f"Money received: {first.number}, {second.number}." in told(answer)
        assert any(line.startswith(paid.number) for line in told(answer))
        assert first.payments.get().provider == "cash_on_delivery"
