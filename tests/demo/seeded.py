import datetime as dt

from django.test import override_settings

from shop.demo.seeding import shop
from shop.demo.seeding.shop import Wish

# A Thursday at noon.
NOW = dt.datetime(2026, 11, 19, 12, 30, tzinfo=dt.UTC)


def quiet(_text):
    """Say nothing."""


def seed(*, orders=0, products=None, number=1, demo=True):
    wish = Wish(products=products, orders=orders, seed=number)
    with override_settings(DEMO=demo):
        return shop.fill(wish, now=NOW, say=quiet)
