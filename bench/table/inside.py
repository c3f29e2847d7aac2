"""Run within the shop's settings, before a measurement: makes the shop ready and says what is there.

Goods to buy get stock, long lists are read ahead as the clock does, staff get a session that went
through both factors. Prints JSON: addresses of pages, SKUs, the session's key.
"""

import datetime as dt
import json
import os
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from catalog.models import Card, Market  # noqa: E402
from inventory.models import StockItem, StockMovement  # noqa: E402
from inventory.services import reservations, stock  # noqa: E402
from shop.processes import assortment, stocktaking  # noqa: E402

PAGE, PER_PAGE = 50, 24
# So many that few are asked for twice: what processes remember of a page must not help.
SOME = 150
GOODS, PLENTY = 40, 5_000
FEW = 50
FACETS = (
    "finish=gloss&finish=satin&finish=matt"
    "&occasion=everyday&occasion=guests&occasion=holidays&occasion=presents"
    "&workshop=north&workshop=east"
)
WORDS = ("woven mug", "plate", "tea", "bowl", "blue vase", "candle", "jug", "small cup")
BEGUN = ("win", "mug", "te", "bow", "vas", "can", "pla", "ju")


def main() -> None:
    cache.clear()
    # Nobody of an earlier measurement lets go of his units during this one.
    reservations.sweep(now=timezone.now() + dt.timedelta(days=1))
    assortment.read_lists_ahead()
    cards = Card.objects.in_market(Market.objects.in_order()[0])
    made_up = cards.filter(facets__contains=["tag:made-up"]).order_by("product_id")
    every = max(1, made_up.count() // SOME)
    skus = _stocked()
    print(
        json.dumps(
            {
                "roots": _roots(cards),
                "slugs": list(made_up.values_list("slug", flat=True)[::every][:SOME]),
                "facets": FACETS,
                "words": WORDS,
                "begun": BEGUN,
                "skus": skus,
                "scarce": _scarce(skus),
                "session": _session("owner@marlandweft.example"),
            }
        )
    )


def _roots(cards) -> list[tuple[str, int]]:
    """Categories of the first level, the fullest first, each with a deep page of its list."""
    rows = cards.order_by().values("categories__0").annotate(number=Count("pk")).order_by("-number")
    found = rows.values_list("categories__0", "number")[:12]
    return [(path, max(2, min(PAGE, number // PER_PAGE))) for path, number in found]


def _stocked() -> list[str]:
    """Plain goods of the drawn catalogue, with more stock than any measurement buys."""
    items = StockItem.objects.filter(variant__sku__startswith="MW-MUG", location__code="studio")
    found = items.select_related("variant").order_by("pk")[:GOODS]
    for item in found:
        _set(item, PLENTY)
    return [item.variant.sku for item in found]


def _scarce(skus: list[str]) -> dict[str, int | str]:
    """The last of them is bought by a crowd; how many can be had."""
    item = StockItem.objects.get(variant__sku=skus.pop())
    _set(item, FEW)
    return {"sku": item.variant.sku, "units": FEW}


def _set(item: StockItem, units: int) -> None:
    now = timezone.now()
    why = stock.Why(StockMovement.Kind.COUNT, now, reason="count")
    promised = item.allocated + item.reserved + item.safety
    stocktaking.correct(variant_id=item.variant_id, on_hand=promised + units, why=why)


def _session(email: str) -> str:
    user, now = User.objects.get(email=email), time.time()
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "email": user.email},
        {"method": "mfa", "at": now, "type": "totp", "id": 0},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    main()
