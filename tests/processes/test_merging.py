"""Two records of one customer become one."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import (
    Address,
    Consent,
    Customer,
    CustomerNote,
    PolicyAcceptance,
    PolicyVersion,
    Purpose,
    Visit,
)
from accounts.queries import probable_duplicates
from accounts.services import addresses, consents
from accounts.services.addresses import Written
from catalog.models import Review
from orders.models import Cart, Order
from payments.models import ProviderCustomer, SavedCard, ValueAccount
from shop.processes import checkout, merging
from shop.processes.merging import CannotMerge
from tests.factories import CartLineFactory, checkout_of, in_stock, placed_order
from tests.factories.customers import CustomerFactory, GroupFactory, member
from tests.factories.value import store_credit
from tests.meeting import while_held

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def merge(keep, gone):
    return merging.merge(keep_id=keep.pk, gone_id=gone.pk, actor=None, now=NOW)


def lives_at(customer, line1="5 Engine Lane"):
    home = Written(name="Alice Byron", line1=line1, city="Leeds", country="GB", postcode="LS1 1AA")
    return addresses.save(customer=customer, written=home, now=NOW)


def test_whatever_points_at_a_customer_is_moved():
    """A model that is forgotten here would lose its rows with the record that goes."""
    pointing = {
        relation.related_model
        for relation in Customer._meta.related_objects
        if relation.related_model._meta.label != "accounts.Customer_groups"
    }

    assert pointing == set(merging.MOVED)


def test_everything_hangs_on_the_record_that_stays(demo_market):
    keep, gone = member(), CustomerFactory(email="a.byron@example.com", tags=["press"])
    order = placed_order()
    Order.objects.filter(pk=order.pk).update(customer=gone)
    credit = store_credit("20.00", owner=gone)
    lives_at(gone)
    consents.give(customer=gone, purpose=Purpose.NEWS, source="account", now=NOW)
    Visit.objects.create(customer=gone, path="/", at=NOW)
    Review.objects.create(
        product=in_stock().product, customer=gone, author="A", stars=5, text="Good", written_at=NOW
    )

    merged = merge(keep, gone)

    assert not Customer.objects.filter(pk=gone.pk).exists()
    assert Order.objects.get(pk=order.pk).customer == keep
    assert ValueAccount.objects.get(pk=credit.pk).customer == keep
    assert Address.objects.get().customer == keep
    assert consents.allows(customer=keep, purpose=Purpose.NEWS)
    assert Visit.objects.get().customer == keep
    assert Review.objects.get().customer == keep
    assert merged.moved["orders.Order"] == 1
    assert "a.byron@example.com" in CustomerNote.objects.get(customer=keep).text


def test_what_may_be_there_once_is_kept_once():
    keep, gone = member(), CustomerFactory()
    lives_at(keep), lives_at(gone, "7 Mill Street")
    terms = PolicyVersion.objects.create(slug="t", title="T", body="b", published_at=NOW)
    for customer in (keep, gone):
        PolicyAcceptance.objects.create(customer=customer, policy=terms, at=NOW)
        ProviderCustomer.objects.create(
            customer=customer, provider="stripe", provider_ref=f"c{customer.pk}", created_at=NOW
        )

    merge(keep, gone)

    assert Address.objects.filter(customer=keep).count() == 2
    assert Address.objects.get(is_default=True).line1 == "5 Engine Lane"
    assert PolicyAcceptance.objects.get().customer == keep
    assert ProviderCustomer.objects.get().provider_ref == f"c{keep.pk}"


def test_what_is_empty_is_filled_and_what_is_said_stays():
    trade = GroupFactory()
    keep = CustomerFactory(name="Alice", company="", tags=["old"])
    gone = CustomerFactory(name="A. Byron", company="Engines Ltd", tags=["press"], groups=[trade])
    Customer.objects.filter(pk=gone.pk).update(created_at=NOW - timedelta(days=900))

    merge(keep, gone)

    keep.refresh_from_db()
    assert (keep.name, keep.company, keep.tags) == ("Alice", "Engines Ltd", ["old", "press"])
    assert keep.created_at == NOW - timedelta(days=900)
    assert list(keep.groups.all()) == [trade]


def test_the_login_comes_along():
    keep, gone = CustomerFactory(), member("a.byron@example.com")

    merge(keep, gone)

    keep.refresh_from_db()
    assert keep.user.email == "a.byron@example.com"


def test_two_logins_are_nobodys_to_join():
    keep, gone = member(), member("bob@example.com")

    with pytest.raises(CannotMerge, match="Both have a login"):
        merge(keep, gone)

    assert Customer.objects.count() == 2


def test_a_record_is_not_merged_with_itself_nor_with_a_forgotten_one():
    one, forgotten = CustomerFactory(), CustomerFactory(erased_at=NOW)

    for other in (one, forgotten):
        with pytest.raises(CannotMerge):
            merge(one, other)


def test_cards_of_one_provider_are_removed_first():
    keep, gone = CustomerFactory(), CustomerFactory()
    for customer in (keep, gone):
        ProviderCustomer.objects.create(
            customer=customer, provider="stripe", provider_ref=f"c{customer.pk}", created_at=NOW
        )
    SavedCard.objects.create(
        customer=gone, provider_ref="pm_1", brand="visa", last4="4242", expires_on=NOW, saved_at=NOW
    )

    with pytest.raises(CannotMerge, match="payment cards"):
        merge(keep, gone)


def test_who_may_be_in_the_books_twice_is_found_and_nobody_else():
    first = CustomerFactory(email="alice.byron@example.com")
    second = CustomerFactory(email="alicebyron+shop@example.com")
    left, right = CustomerFactory(email="l@example.com"), CustomerFactory(email="r@example.net")
    lives_at(left), lives_at(right)
    CustomerFactory(email="bob@example.com")

    pairs = {(pair.first, pair.second): str(pair.why) for pair in probable_duplicates()}

    assert pairs == {
        (first, second): "mailbox, written otherwise",
        (left, right): "name and address",
    }


# Races


def at_once(*acts):
    """Let them begin together; what they raised or returned."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait(5)
        try:
            results[place] = act()
        except CannotMerge as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    return results


@pytest.mark.django_db(transaction=True)
def test_merged_both_ways_at_once_one_record_is_left():
    one, other = CustomerFactory(), CustomerFactory()
    lives_at(one), lives_at(other, "7 Mill Street")

    results = at_once(lambda: merge(one, other), lambda: merge(other, one))

    assert sum(isinstance(result, CannotMerge) for result in results) == 1
    left = Customer.objects.get()
    assert Address.objects.filter(customer=left).count() == 2
    assert Address.objects.filter(is_default=True).count() == 1


def ordering(customer):
    """A filled basket of theirs, and what places its order."""
    cart = CartLineFactory(variant=in_stock(5)).cart
    Cart.objects.filter(pk=cart.pk).update(customer=customer)
    cart.refresh_from_db()
    choice = checkout_of()
    return cart, lambda: checkout.place_order(cart=cart, choice=choice, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_an_order_placed_meanwhile_is_the_remaining_customers(demo_market):
    keep, gone = CustomerFactory(), CustomerFactory()
    cart, place = ordering(gone)

    at_once(place, lambda: merge(keep, gone))

    assert Order.objects.get().customer == keep
    assert Cart.objects.get(pk=cart.pk).customer == keep
    assert not Consent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_order_that_waited_for_the_merge_is_the_remaining_customers(demo_market):
    keep, gone = CustomerFactory(), CustomerFactory()
    cart, place = ordering(gone)

    while_held(lambda: Cart.objects.filter(pk=cart.pk).update(customer=keep), place)

    assert Order.objects.get().customer == keep
