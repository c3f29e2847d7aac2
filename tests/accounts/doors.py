"""Going through the doors in a test: what is typed, and what is read in mails."""

import re

from django.contrib.auth import get_user
from django.core import mail

from accounts.services.doors.letters import TOPIC
from accounts.tasks import door_letter
from shop.outbox.models import Message
from tests.factories.people import PASSWORD

SIGN_IN = "/account/login/"
ALICE = "alice@example.com"


def sign_in(client, email=ALICE, password=PASSWORD, **fields):
    return client.post(SIGN_IN, {"login": email, "password": password, **fields})


def signed_in(client):
    return get_user(client).is_authenticated


def send_letters():
    """Send what is owed, as the worker does. Returns the new mails."""
    before = len(mail.outbox)
    for message in Message.objects.filter(topic=TOPIC, done_at=None).order_by("pk"):
        door_letter(message_id=message.pk)
    return mail.outbox[before:]


def link_in(letter):
    """The first address of the shop in a mail, without its host."""
    return re.search(r"https?://[^/\s]+(/\S+)", letter.body).group(1)


def mailed_link():
    return link_in(send_letters()[-1])
