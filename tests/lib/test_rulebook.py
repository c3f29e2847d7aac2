"""Rows that seldom change, kept until the database says that one has."""

import threading

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from marketing.models import Promotion
from shipping.models import Box
from shop.lib import rulebook
from tests.factories.promotions import PromotionFactory
from tests.factories.shipping import BoxFactory

pytestmark = pytest.mark.django_db


def boxes():
    return rulebook.kept("test-boxes", lambda: list(Box.objects.order_by("pk").values_list("name")))


def test_is_made_once_until_a_row_is_added_changed_or_deleted():
    made = []

    def make():
        made.append(len(made))
        return made[-1]

    def look():
        return rulebook.kept("test-made", make)

    box = BoxFactory()
    first = look()
    assert look() == first
    Box.objects.filter(pk=box.pk).update(name="Crate")
    assert look() == first + 1
    box.delete()
    assert look() == first + 2
    assert look() == first + 2


def test_what_is_rolled_back_leaves_nothing_behind():
    before = boxes()
    with transaction.atomic():
        BoxFactory(name="Never was")
        assert ("Never was",) in boxes()
        transaction.set_rollback(True)
    assert boxes() == before


def test_within_one_moment_the_version_is_asked_for_once(django_assert_num_queries):
    boxes()
    with django_assert_num_queries(1), rulebook.one_moment():
        boxes()
        boxes()
        with rulebook.one_moment():
            boxes()


def test_a_new_moment_within_another_sees_what_changed_since():
    with rulebook.one_moment():
        boxes()
        BoxFactory(name="Late")
        assert ("Late",) not in boxes()
        with rulebook.one_moment(is_new=True):
            assert ("Late",) in boxes()


def test_uses_of_a_promotion_change_no_rule():
    promotion = PromotionFactory()
    version = rulebook._asked()

    Promotion.objects.filter(pk=promotion.pk).update(uses=F("uses") + 1)
    assert rulebook._asked() == version

    Promotion.objects.filter(pk=promotion.pk).update(is_active=False)
    assert rulebook._asked() != version


def test_every_watched_table_has_its_trigger_with_all_its_columns():
    with connection.cursor() as cursor:
        cursor.execute(rulebook.THERE, [rulebook.TRIGGER])
        there = {table: bytes(told) for table, told in cursor.fetchall()}
    for label, left_out in rulebook.WATCHED.items():
        meta = apps.get_model(label)._meta
        told = there[meta.db_table].decode().split("\0")[:-1]
        assert told == [one.column for one in meta.concrete_fields if one.column not in left_out]


@pytest.mark.django_db(transaction=True)
def test_what_another_process_commits_is_seen_at_once():
    boxes()

    def elsewhere():
        try:
            BoxFactory(name="From elsewhere")
        finally:
            connections.close_all()

    other = threading.Thread(target=elsewhere)
    other.start()
    other.join()

    assert ("From elsewhere",) in boxes()


def test_the_version_may_come_with_what_the_rules_have_to_fit():
    BoxFactory(name="Small")
    seen = Box.objects.annotate(at=rulebook.VersionNow()).get()
    assert len(rulebook.kept("test-at", lambda: list(Box.objects.all()), at=seen.at)) == 1

    BoxFactory(name="Large")
    again = Box.objects.annotate(at=rulebook.VersionNow()).first()
    with CaptureQueriesContext(connection) as queries:
        found = rulebook.kept("test-at", lambda: list(Box.objects.all()), at=again.at)

    assert len(found) == 2
    # The boxes, and no question for the version.
    assert len(queries) == 1
