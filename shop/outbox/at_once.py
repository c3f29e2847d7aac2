"""What the next page has to show is done before whoever changed it gets an answer."""

from functools import partial

from celery import current_app
from django.db import transaction

from shop.outbox.models import Message


def at_once(message: Message | None) -> None:
    """Do what is owed in this process, right after the commit. A worker does it should that fail.

    Call it before `delivery.ring`, which then finds it done.
    """
    if message is not None:
        transaction.on_commit(partial(_do, message.topic, message.pk), robust=True)


def _do(topic: str, message_id: int) -> None:
    current_app.loader.import_default_modules()
    current_app.tasks[topic](message_id=message_id)
