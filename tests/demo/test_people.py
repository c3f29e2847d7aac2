"""The demo's two customers: what they told the shop is there to be looked at."""

import pytest
from django.utils import timezone

from accounts.models import Address, Customer, Purpose, Visit
from accounts.services import consents
from orders.models import Order
from shop.demo.seeding import people
from shop.demo.seeding.staff import DOMAIN
from tests.factories import MethodFactory, RateFactory, TaxRateFactory, in_stock
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_people(settings):
    settings.DEMO = True
    TaxRateFactory()
    RateFactory(method=MethodFactory(code=people.METHOD))
    variant = in_stock(20)
    variant.product.slug = people.MUG
    variant.product.save()
    UserFactory(email=f"support@{DOMAIN}")
    return [CustomerFactory(email=f"{login}@{DOMAIN}") for login in ("member", "trade")]


def test_they_have_addresses_an_order_and_answers(demo_people):
    member, trade = demo_people

    people.fill(now=timezone.now())

    assert member.addresses.count() == 2
    assert Order.objects.filter(customer__in=[member, trade]).count() == 2
    assert consents.allows(customer=member, purpose=Purpose.NEWS)
    assert not consents.allows(customer=trade, purpose=Purpose.NEWS)
    assert Visit.objects.filter(customer=member).count() == len(people.LOOKED_AT)
    assert member.notes.count() == 1


def test_it_is_told_once(demo_people):
    people.fill(now=timezone.now())
    people.fill(now=timezone.now())

    assert Order.objects.count() == 2
    assert Address.objects.count() == 3


def test_outside_the_demo_nobody_is_made_up(demo_people, settings):
    settings.DEMO = False

    people.fill(now=timezone.now())

    assert not Address.objects.exists()
    assert Customer.objects.get(email=f"member@{DOMAIN}").tags == []
