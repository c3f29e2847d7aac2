"""Partners who send for the shop, and what they say."""

import json

from django.urls import reverse
from django.utils import timezone

from inventory.models import Location, StockMovement, Supplier
from inventory.services import stock
from inventory.services.stock import Why
from shop.lib.signatures import HEADER, sign
from tests.factories import VariantFactory, paid_order

SECRET = "a-secret-that-both-know"


def partner(code="kiln", **fields):
    Location.objects.get_or_create(code="main", defaults={"name": "Main store"})
    supplier, _is_new = Supplier.objects.get_or_create(
        code=code, defaults={"name": code.title(), "currency": "GBP", "email": ""}
    )
    return Location.objects.create(
        **{
            "code": code,
            "name": code.title(),
            "kind": Location.Kind.PARTNER,
            "supplier": supplier,
            "secret": SECRET,
            "webhook_url": "https://kiln.example/orders",
            "position": 9,
            **fields,
        }
    )


def stocked_at(place, units=5, *, variant=None):
    variant = variant or VariantFactory()
    why = Why(StockMovement.Kind.RECEIPT, timezone.now())
    stock.change_on_hand(variant_id=variant.pk, change=units, why=why, location=place)
    return variant


def partner_order(place, *, quantity=3, **fields):
    return paid_order(variant=stocked_at(place), quantity=quantity, **fields)


def answer(client, place, body, *, header=None, secret=SECRET):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(
        reverse("shipping:partner_answer", args=[getattr(place, "code", place)]),
        raw,
        content_type="application/json",
        headers={HEADER: header or sign(raw, secret=secret, now=timezone.now())},
    )
