"""The kinds of data that are kept for a time: what each is, how long, and how it is forgotten."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import PrivacyRequest, Visit
from channels.models import ApiCall, WebhookEvent
from marketing.models import Alert
from orders.models import Cart, Order, Wishlist
from payments.models import WebhookEvent as ProviderEvent
from shop.audit import services as audit
from shop.audit.models import Entry
from shop.outbox.models import Mail, Message, Sms
from shop.processes.privacy import files

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Period:
    """days: what we propose. forget: take a batch from before a time; returns how many rows."""

    words: str | Promise
    days: int
    forget: Callable[[dt.datetime], int]


def _some(rows: "QuerySet[Any]") -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _delete(model: type[Model], by: str, **only: object) -> Callable[[dt.datetime], int]:
    """Rows that go, by the field that says how old they are."""

    def forget(before: dt.datetime) -> int:
        rows: QuerySet[Any] = model._default_manager.all()  # noqa: SLF001
        pks = _some(rows.filter(**{f"{by}__lt": before}, **only))
        rows.filter(pk__in=pks).delete()
        return len(pks)

    return forget


def _empty(rows: "QuerySet[Any]", **nothing: object) -> int:
    """Rows that stay, without what they said."""
    pks = _some(rows)
    return int(rows.model.objects.filter(pk__in=pks).update(**nothing))


def _addresses(before: dt.datetime) -> int:
    return _empty(Order.objects.filter(placed_at__lt=before).exclude(ip=None), ip=None)


def _mails(before: dt.datetime) -> int:
    rows = Mail.objects.filter(sent_at__lt=before).exclude(to="", text="")
    return _empty(rows, to="", subject="", text="", html="")


def _texts(before: dt.datetime) -> int:
    return _empty(Sms.objects.filter(sent_at__lt=before).exclude(to=""), to="", text="")


def _provider_news(before: dt.datetime) -> int:
    rows = ProviderEvent.objects.filter(processed_at__lt=before).exclude(payload={})
    return _empty(rows, payload={})


def _alerts(before: dt.datetime) -> int:
    over = Q(status=Alert.Status.SENT, sent_at__lt=before)
    never = Q(created_at__lt=before, status__in=[Alert.Status.UNCONFIRMED, Alert.Status.CANCELED])
    pks = _some(Alert.objects.filter(over | never))
    return Alert.objects.filter(pk__in=pks).delete()[0]


def _private_files(before: dt.datetime) -> int:
    """Files of exports once they can't be fetched any more, and whose they were."""
    rows = PrivacyRequest.objects.filter(expires_at__lt=before, done_at__isnull=False)
    late = list(rows.exclude(file="", email="", key_hash="").order_by("pk")[:BATCH])
    for request in late:
        files.owe(names=[request.file.name or ""] if request.file else [], now=before)
        request.file, request.email, request.key_hash = "", "", ""
        request.save(update_fields=["file", "email", "key_hash"])
    return len(late)


def _audit(before: dt.datetime) -> int:
    with audit.erasing():
        return _delete(Entry, "at")(before)


def _user_sessions(before: dt.datetime) -> int:
    pks = _some(UserSession.objects.filter(last_seen_at__lt=before))
    UserSession.objects.filter(pk__in=pks).delete()
    keys = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:BATCH])
    Session.objects.filter(pk__in=keys).delete()
    return len(pks) + len(keys)


PERIODS: dict[str, Period] = {
    "order_addresses": Period(_("IP addresses of orders"), 90, _addresses),
    "carts": Period(
        _("Baskets nobody came back to"),
        60,
        _delete(Cart, "updated_at", ordered_at=None, draft=None),
    ),
    "wishlists": Period(
        _("Wish lists without an account"), 365, _delete(Wishlist, "updated_at", user=None)
    ),
    "visits": Period(_("Pages looked at"), 180, _delete(Visit, "at")),
    "alerts": Period(_("Alerts that were sent or never confirmed"), 90, _alerts),
    "mails": Period(_("Words of mails"), 730, _mails),
    "texts": Period(_("Words of text messages"), 365, _texts),
    "sessions": Period(_("Sessions that ran out"), 30, _user_sessions),
    "privacy_files": Period(_("Files with everything about somebody"), 0, _private_files),
    "audit": Period(_("Audit log"), 730, _audit),
    "provider_news": Period(_("What payment providers told us"), 180, _provider_news),
    "webhooks": Period(_("What other systems were told"), 30, _delete(WebhookEvent, "at")),
    "api_calls": Period(_("Answers the API gives again"), 2, _delete(ApiCall, "at")),
    "outbox": Period(_("Messages that were sent"), 90, _delete(Message, "done_at")),
}
