"""What a buyer is asked about a gift card: an address that is one, a day that can come."""

import datetime as dt

import pytest
from django.urls import reverse

from catalog.admin.extras import extra_form
from catalog.forms import ExtrasForm
from catalog.models import Extra
from catalog.queries.extras import BadExtras, chosen, extras_of, today
from orders.models import CartLine
from tests.factories import MarketFactory
from tests.factories.specials import extra_of
from tests.factories.value import gift_card_variant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]
Kind, Role = Extra.Kind, Extra.Role


def offered(kind, role):
    variant = gift_card_variant()
    extra = extra_of(variant, role.label, kind=kind, amount=None, role=role, is_required=True)
    return variant, extra, extras_of([variant.product_id], MarketFactory())[variant.product_id]


def form_of(kind, role, value):
    _variant, extra, extras = offered(kind, role)
    return ExtrasForm({f"extra-{extra.pk}": value}, extras=extras, currency="GBP")


def in_days(count):
    return (today() + dt.timedelta(days=count)).isoformat()


@pytest.mark.parametrize("value", ["bob@example.com", " bob@example.com "])
def test_takes_an_address(value):
    assert form_of(Kind.EMAIL, Role.ADDRESS, value).is_valid()


@pytest.mark.parametrize(
    "value", ["", "bob", "bob@", "a@b\nBcc: eve@example.com", "x" * 300 + "@e.com"]
)
def test_refuses_what_is_no_address(value):
    assert not form_of(Kind.EMAIL, Role.ADDRESS, value).is_valid()


@pytest.mark.parametrize("days", [0, 1, 365])
def test_takes_a_day_within_a_year(days):
    form = form_of(Kind.DATE, Role.DAY, in_days(days))

    assert form.is_valid()
    assert next(iter(form.cleaned_data.values())) == in_days(days)


@pytest.mark.parametrize("days", [-1, 366])
def test_refuses_other_days(days):
    assert not form_of(Kind.DATE, Role.DAY, in_days(days)).is_valid()


@pytest.mark.parametrize("value", ["", "tomorrow", "2026-02-30", "24/12/2026"])
def test_refuses_what_is_no_day(value):
    assert not form_of(Kind.DATE, Role.DAY, value).is_valid()


def test_the_browser_shows_its_own_calendar():
    widget = str(next(iter(form_of(Kind.DATE, Role.DAY, "")))).lower()

    assert 'type="date"' in widget
    assert f'max="{in_days(365)}"' in widget


def test_an_answer_tells_its_part_of_the_card():
    _variant, extra, extras = offered(Kind.DATE, Role.DAY)

    answer = chosen(answers=[{"extra": extra.pk, "value": "2026-12-24"}], offered=extras)[0]

    assert answer.as_json() == {
        "name": extra.name,
        "value": "24 Dec 2026",
        "amount": "0",
        "role": "day",
        "day": "2026-12-24",
    }


@pytest.mark.parametrize(
    ("kind", "role", "value"),
    [
        (Kind.DATE, Role.DAY, "soon"),
        (Kind.EMAIL, Role.ADDRESS, "bob"),
    ],
)
def test_a_basket_with_another_answer_is_told(kind, role, value):
    _variant, extra, extras = offered(kind, role)

    with pytest.raises(BadExtras):
        chosen(answers=[{"extra": extra.pk, "value": value}], offered=extras)


def test_a_basket_with_a_day_too_far_away_is_told():
    _variant, extra, extras = offered(Kind.DATE, Role.DAY)

    with pytest.raises(BadExtras):
        chosen(answers=[{"extra": extra.pk, "value": in_days(400)}], offered=extras)


def test_a_day_that_has_passed_while_the_basket_waited_is_fine():
    _variant, extra, extras = offered(Kind.DATE, Role.DAY)

    assert chosen(answers=[{"extra": extra.pk, "value": in_days(-2)}], offered=extras)


def test_goes_into_the_basket_through_the_form(client):
    variant, extra, _extras = offered(Kind.EMAIL, Role.ADDRESS)
    add = reverse("orders:cart_line_create")
    piece = {"sku": variant.sku, "quantity": 1}

    refused = client.post(add, {**piece, f"extra-{extra.pk}": "bob"})
    client.post(add, {**piece, f"extra-{extra.pk}": "bob@example.com"})

    assert "like anna@example.com" in refused.content.decode()
    line = CartLine.objects.get()
    assert line.answers == [{"extra": extra.pk, "value": "bob@example.com"}]


def test_staff_ask_for_each_part_in_the_kind_that_fits():
    variant = gift_card_variant()
    filled = {"name": "To", "max_length": 40, "position": 0, "product": variant.product_id}

    def problems(**fields):
        return extra_form()({**filled, **fields}).errors

    assert "role" in problems(kind=Kind.TEXT, role=Role.ADDRESS)
    assert "role" not in problems(kind=Kind.EMAIL, role=Role.ADDRESS)
