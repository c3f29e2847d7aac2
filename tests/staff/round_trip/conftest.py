from decimal import Decimal

import pytest
from django.utils import timezone

from shop.processes import round_trip
from tests.factories import ProductFactory, VariantFactory
from tests.factories.people import staff
from tests.staff.round_trip.lists import work


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mug(demo_market):
    """A mug in two sizes."""
    product = ProductFactory(title="Foot-ring mug", slug="mug", brand="Marl", tags=["new", "gift"])
    VariantFactory(product=product, sku="MUG-1", label="Small", barcode="5012345678900")
    VariantFactory(product=product, sku="MUG-2", label="Large", price=Decimal(26))
    return product


@pytest.fixture
def editor(db):
    return staff("catalogue")


@pytest.fixture
def check(editor):
    """What a file would do."""

    def checked(upload):
        run = round_trip.bring(upload=upload, actor=editor, now=timezone.now())
        work(run, editor)
        return run

    return checked


@pytest.fixture
def apply(editor, check):
    def applied(upload):
        run = check(upload)
        round_trip.apply(run_id=run.pk, actor=editor, now=timezone.now())
        work(run, editor)
        return run

    return applied


@pytest.fixture
def undo(editor):
    def undone(run):
        round_trip.undo(run_id=run.pk, actor=editor, now=timezone.now())
        work(run, editor)

    return undone
