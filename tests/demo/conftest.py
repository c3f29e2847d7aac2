import pytest
from django.core.cache import cache
from django.db import transaction

from catalog.queries import markets
from tests.demo.seeded import seed


@pytest.fixture(scope="module")
def _empty_for_a_while(django_db_setup, django_db_blocker):
    """One transaction around all tests of a module, so that they share what it is filled with."""
    around = transaction.atomic()
    # As Django's own tests say it, so that durable transactions may begin inside.
    around._from_testcase = True
    with django_db_blocker.unblock(), around:
        yield
        transaction.set_rollback(True)
    cache.clear()
    markets.forget()


@pytest.fixture(scope="module")
def demo_shop(_empty_for_a_while):
    """The demo catalogue and 1,500 orders."""
    seed(orders=1500)


@pytest.fixture(scope="module")
def large_shop(_empty_for_a_while):
    """The demo catalogue, made-up products up to 300, and 120 orders; not marked as a demo."""
    seed(orders=120, products=300, demo=False)
