"""Rows that are locked are read as they are after the wait."""

import pytest
from django.db import transaction

from orders.models import Cart
from shop.lib.locks import NotInTransaction, locked
from tests.factories import CartFactory
from tests.factories.customers import CustomerFactory
from tests.meeting import while_held


def customer_of(cart):
    """The customer who is read beside a locked cart."""
    return locked(Cart.objects.filter(pk=cart.pk).select_related("customer", "market"))[0].customer


@pytest.mark.django_db(transaction=True)
def test_who_waited_sees_the_row_that_is_pointed_at_now():
    old, new = CustomerFactory(), CustomerFactory()
    cart = CartFactory(customer=old)

    found = while_held(
        lambda: Cart.objects.filter(pk=cart.pk).update(customer=new),
        transaction.atomic(lambda: customer_of(cart)),
    )

    assert found == new


@pytest.mark.django_db
def test_what_is_read_beside_a_row_costs_one_query_more(django_assert_num_queries):
    cart = CartFactory(customer=CustomerFactory())

    with django_assert_num_queries(2):
        assert customer_of(cart) == cart.customer


@pytest.mark.django_db
def test_nothing_found_is_nothing_read(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        assert locked(Cart.objects.select_related("customer").filter(pk=0)) == []


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused():
    with pytest.raises(NotInTransaction):
        locked(Cart.objects.all())
