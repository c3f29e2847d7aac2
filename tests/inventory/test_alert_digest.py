"""Staff who may change stock hear once a day of what ran low."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import roles
from inventory.models import StockAlert
from inventory.services import alerts
from inventory.tasks import email_stock_alerts
from shop.outbox.models import Mail, Message
from tests.factories import in_stock
from tests.factories.shelves import put

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _staff(role, **fields):
    roles.sync()
    person = User.objects.create_user(f"{role}@shop.example", is_staff=True, **fields)
    person.groups.set(roles.Group.objects.filter(name=role))
    return person


def _owed():
    return Message.objects.filter(topic="mail.stock_alerts").order_by("pk")


def test_those_who_may_change_stock_are_told():
    people = [_staff("warehouse"), _staff("manager")]
    _staff("marketing")
    _staff("owner", is_active=False)

    assert list(alerts.staff()) == people


def test_a_digest_is_owed_once_to_each():
    _staff("warehouse")
    in_stock(1)
    alerts.look(now=NOW)

    assert alerts.tell(now=NOW) == 1
    assert alerts.tell(now=NOW + dt.timedelta(minutes=1)) == 0

    assert _owed().count() == 1


def test_without_news_nobody_is_written_to():
    _staff("warehouse")
    in_stock(50)
    alerts.look(now=NOW)

    assert alerts.tell(now=NOW) == 0

    assert not _owed().exists()


def test_the_mail_names_what_ran_low_and_where():
    person = _staff("warehouse")
    variant = in_stock(2)
    alerts.look(now=NOW)
    alerts.tell(now=NOW)

    email_stock_alerts(message_id=_owed().get().pk)

    sent = Mail.objects.get()
    assert sent.to == person.email
    assert sent.subject == "1 piece is low or sold out"
    assert f"Low: {variant.sku}" in sent.text
    assert "2 left" in sent.text
    assert variant.sku in sent.html


def test_what_came_back_meanwhile_is_not_told():
    _staff("warehouse")
    variant = in_stock(1)
    alerts.look(now=NOW)
    alerts.tell(now=NOW)
    put(variant, 50)
    alerts.look(now=NOW)

    email_stock_alerts(message_id=_owed().get().pk)

    assert not StockAlert.objects.filter(closed_at=None).exists()
    assert not Mail.objects.exists()


def test_a_long_list_is_cut():
    _staff("warehouse")
    for _ in range(42):
        in_stock(1)
    alerts.look(now=NOW)
    alerts.tell(now=NOW)

    email_stock_alerts(message_id=_owed().get().pk)

    assert "and 2 more" in Mail.objects.get().text
