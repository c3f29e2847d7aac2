"""Somebody who left traces everywhere: bought, wrote, was written to, and signed in."""

import datetime as dt
from decimal import Decimal

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Address, Customer, CustomerNote, Purpose, Visit
from accounts.services import consents
from catalog.models import Review
from channels.models import WebhookEvent as Told
from marketing.models import Alert
from orders.models import (
    CallAttempt,
    CallTask,
    Claim,
    Hold,
    Order,
    OrderEdit,
    OrderEvent,
    OrderFile,
    OrderLine,
    OrderRule,
    OrderRuleRun,
    Return,
    ReturnEvent,
    Upload,
    Wishlist,
)
from payments.models import Payment, PaymentEvent, SavedCard, ValueAccount, WebhookEvent
from shipping.models import Fulfilment, TrackingEvent
from shop.audit.models import Entry
from shop.outbox.models import Mail, Message, Sms
from tests.factories import canceled_order, placed_order, shipped_order
from tests.factories.customers import member
from tests.factories.people import staff
from tests.factories.value import gift_card

EMAIL = "zelda.quixote@example.com"
NAME = "Zelda Quixote"
PHONE = "07700900777"
LINE = "77 Windmill Passage"
CITY = "Consuegra"
IP = "203.0.113.77"
POSTCODE = "ZQ7 7WM"
# Whatever of these is found afterwards is a trace.
TRACES = (EMAIL, NAME, "Quixote", PHONE, "Windmill", CITY, IP, POSTCODE)
PLACE = {
    "email": EMAIL,
    "name": NAME,
    "line1": LINE,
    "city": CITY,
    "postcode": POSTCODE,
    "phone": PHONE,
}


def zelda():
    """The customer, with a login, two orders that are over, and traces in every corner."""
    customer = member(EMAIL)
    Customer.objects.filter(pk=customer.pk).update(name=NAME, company="Quixote Mills")
    customer.refresh_from_db()
    customer.user.name = NAME
    customer.user.save()
    order = finished(shipped_order(payment_method="bank_transfer", **PLACE), customer)
    guest = canceled_order(payment_method="bank_transfer", **PLACE)
    Order.objects.filter(pk=guest.pk).update(customer=customer)
    _account(customer)
    _desk(order)
    _money(order, customer)
    _told(order, customer)
    return customer


def finished(order, customer=None):
    Order.objects.filter(pk=order.pk).update(
        customer=customer,
        status="completed",
        fulfillment_status="delivered",
        ip=IP,
        gift_note=f"From {NAME}",
    )
    order.refresh_from_db()
    return order


def open_order(customer):
    order = placed_order(payment_method="bank_transfer", **PLACE)
    Order.objects.filter(pk=order.pk).update(customer=customer)
    return order


def _account(customer):
    now, user = timezone.now(), customer.user
    Address.objects.create(
        customer=customer,
        name=NAME,
        line1=LINE,
        city=CITY,
        postcode=POSTCODE,
        country="GB",
        phone=PHONE,
        used_at=now,
    )
    EmailAddress.objects.get_or_create(
        user=user, email=EMAIL, defaults={"verified": True, "primary": True}
    )
    UserSession.objects.create(
        user=user, ip=IP, session_key="zelda-session", user_agent=NAME, last_seen_at=now
    )
    CustomerNote.objects.create(customer=customer, text=f"{NAME} rang", at=now)
    Visit.objects.create(customer=customer, path="/", title=NAME, at=now)
    consents.give(customer=customer, purpose=Purpose.NEWS, source="account", now=now)
    consents.give(email=EMAIL, purpose=Purpose.SMS, source="checkout", now=now)


def _desk(order):
    now, line = timezone.now(), order.lines.first()
    OrderLine.objects.filter(pk=line.pk).update(
        extras=[{"name": "Engraving", "value": NAME, "amount": "5.00"}]
    )
    OrderEdit.objects.create(
        order=order,
        reason=f"{NAME} asked",
        changes=[{"what": "address", "name": "", "was": LINE, "is": CITY}],
        difference=Decimal(0),
        made_at=now,
        key="edit-zelda",
    )
    OrderEvent.objects.create(
        order=order, axis="note", note=f"{NAME} called", to_state="note", at=now
    )
    Hold.objects.create(order=order, kind="other", reason=NAME, placed_at=now, released_at=now)
    task = CallTask.objects.create(
        order=order,
        reason=NAME,
        phone=PHONE,
        due_at=now,
        created_at=now,
        closed_at=now,
        outcome="given_up",
    )
    CallAttempt.objects.create(task=task, result="no_answer", note=NAME, made_at=now)
    rule = OrderRule.objects.create(name="All", when="placed", actions=[])
    OrderRuleRun.objects.create(
        rule=rule,
        order=order,
        occasion="placed",
        done=[{"do": "mail", "done": True, "words": f"Mail to {EMAIL}."}],
        at=now,
    )
    _kept_with(order, line)
    _came_back(order)


def _kept_with(order, line):
    now = timezone.now()
    file = OrderFile(order=order, name=f"{NAME}.txt", content_type="text/plain", size=3)
    file.added_at = now
    file.file.save("letter.txt", ContentFile(NAME.encode()))
    upload = Upload(line=line, created_at=now)
    upload.file.save("picture.txt", ContentFile(NAME.encode()))
    parcel = Fulfilment.objects.filter(order=order).first()
    TrackingEvent.objects.create(
        fulfilment=parcel,
        status="delivered",
        at=now,
        words=f"Signed: {NAME}",
        place=CITY,
        heard_at=now,
    )
    Wishlist.objects.create(
        user=order.customer.user,
        market=order.market,
        name=f"For {NAME}",
        created_at=now,
        updated_at=now,
    )


def _came_back(order):
    now = timezone.now()
    rma = Return.objects.create(
        number="R-7", order=order, status="closed", words=NAME, key="rma-zelda", requested_at=now
    )
    ReturnEvent.objects.create(rma=rma, axis="status", to_state="closed", note=NAME, at=now)
    Claim.objects.create(
        number="C-7",
        order=order,
        kind="damaged",
        status="declined",
        words=NAME,
        key="claim-zelda",
        opened_at=now,
        due_at=now,
    )


def _money(order, customer):
    now, payment = timezone.now(), Payment.objects.filter(order=order).first()
    Payment.objects.filter(pk=payment.pk).update(
        card={"brand": "visa", "last4": "7777"}, fingerprint="zelda-print", charge_ref="pi_zelda"
    )
    PaymentEvent.objects.create(
        payment=payment,
        kind="charge",
        stage="failure",
        amount=Decimal(1),
        provider="card",
        provider_ref="pi_zelda",
        message=NAME,
        data={"email": EMAIL},
        at=now,
    )
    WebhookEvent.objects.create(
        provider="card",
        provider_id="evt_zelda",
        kind="charge",
        payload={"data": {"email": EMAIL, "name": NAME}},
        received_at=now,
        processed_at=now,
    )
    card = gift_card("10.00", email=EMAIL)
    ValueAccount.objects.filter(pk=card.pk).update(recipient_name=NAME, words=f"For {NAME}")
    SavedCard.objects.create(
        customer=customer,
        provider_ref="pm_zelda",
        brand="visa",
        last4="7777",
        expires_on=dt.date(2030, 1, 31),
        saved_at=now,
    )


def _told(order, customer):
    now = timezone.now()
    product = order.lines.first().variant.product
    Review.objects.create(
        product=product,
        customer=customer,
        author=NAME,
        stars=5,
        text=f"Lovely. {NAME}, {EMAIL}",
        status="published",
        written_at=now,
    )
    Alert.objects.create(
        kind="price_drop",
        variant=order.lines.first().variant,
        market=order.market,
        email=EMAIL.upper(),
        created_at=now,
    )
    mail = {"kind": "orders/order_confirmation", "subject": NAME, "text": LINE, "sent_at": now}
    Mail.objects.create(key="z1", to=EMAIL, html=LINE, **mail)
    Mail.objects.create(key="z2", to="partner@example.com", reference=order.number, **mail)
    Sms.objects.create(key="z3", kind="x", to=PHONE, text=NAME, reference=order.number, sent_at=now)
    Message.objects.create(
        topic="x", key="z4", payload={"email": EMAIL}, created_at=now, due_at=now, done_at=now
    )
    _on_record(order, customer)


def _on_record(order, customer):
    now = timezone.now()
    Told.objects.create(
        topic="order.paid",
        key="z5",
        subject=f"order-{order.number}",
        payload={"data": {"name": NAME}},
        at=now,
    )
    Entry.objects.create(
        at=now,
        kind="write",
        act="update",
        table="orders_order",
        row=str(order.pk),
        before={"email": EMAIL, "name": NAME},
        actor_name=EMAIL,
        address=IP,
        path=f"/admin/?q={EMAIL}",
    )
    LogEntry.objects.create(
        user=staff("support"),
        content_type=ContentType.objects.get_for_model(Customer),
        object_id=str(customer.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=NAME,
    )
