"""Between the outbox rows and Celery: ring, relay, claim."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import current_app, shared_task
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from shop.lib.breaker import Breaker
from shop.outbox.models import Message

logger = logging.getLogger(__name__)
BATCH = 100
# Bells nobody heard for so many seconds are thrown away: the clock rings as well.
BELL_LASTS = 30
Handler = Callable[..., None]
broker = Breaker(patience=1, rest=5.0)


def ring() -> None:
    """Wake the relay once this transaction has committed; however often it is called, once.

    A silent broker costs a second, and nothing more for the next five: the clock relays, too.
    """
    if not any(waiting[1] is _knock for waiting in connection.run_on_commit):
        transaction.on_commit(_knock, robust=True)


def _knock() -> None:
    _send("outbox.relay", expires=BELL_LASTS)


def _send(task: str, **options: Any) -> None:
    """To the broker, if it is there. The message stays in the outbox, so that nothing is lost."""
    if not broker.may_ask():
        return
    try:
        current_app.send_task(task, retry=False, **options)
    except (OperationalError, RedisError, OSError):
        broker.failed()
        logger.warning("broker not reached; the clock will relay", extra={"topic": task})
    else:
        broker.answered()


def relay(*, limit: int = BATCH) -> int:
    """Hand due messages to Celery; safe to run twice at once (rows are skipped when locked)."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(Message.objects.due(now=now).select_for_update(skip_locked=True)[:limit])
        for message in rows:
            message.postpone(now=now)
            transaction.on_commit(partial(_hand_over, message.topic, message.pk), robust=True)
        Message.objects.bulk_update(rows, ["tries", "due_at", "failed_at"])
    return len(rows)


def _hand_over(topic: str, message_id: int) -> None:
    _send(topic, kwargs={"message_id": message_id})


def delivers(topic: str) -> Callable[[Handler], Any]:
    """Make a function the Celery task of a topic: it gets the payload as keywords.

    The message row stays locked while the function runs and is marked done in the same
    transaction, so that a second delivery waits, sees it done, and does nothing.
    """
    return _task(topic, _deliver)


def asks(topic: str) -> Callable[[Handler], Any]:
    """The same for work that talks to a provider: no transaction is held while it does.

    The function may run twice; it must be safe to repeat (an idempotency key at the provider).
    """
    return _task(topic, _ask)


def makes_anew(topic: str) -> Callable[[Handler], Any]:
    """The same for work that makes something from what the database holds when it runs: once done,
    it does for all who were owed the very same by then."""
    return _task(topic, _ask_for_all)


def _task(topic: str, run: Callable[[int, Handler], None]) -> Callable[[Handler], Any]:
    def register(function: Handler) -> Any:
        def task(*, message_id: int) -> None:
            try:
                run(message_id, function)
            except Exception as error:
                Message.objects.filter(pk=message_id).update(last_error=type(error).__name__)
                raise

        task.__doc__ = function.__doc__
        return shared_task(name=topic)(task)

    return register


def _deliver(message_id: int, function: Handler) -> None:
    with transaction.atomic(durable=True):
        open_messages = Message.objects.filter(pk=message_id, done_at=None)
        message = open_messages.select_for_update(skip_locked=True).first()
        if message is None:  # done already, or in another worker's hands
            return
        function(**message.payload)
        _done(message_id)


def _ask(message_id: int, function: Handler) -> None:
    message = Message.objects.filter(pk=message_id, done_at=None).first()
    if message is not None:
        function(**message.payload)
        _done(message_id)


def _ask_for_all(message_id: int, function: Handler) -> None:
    message = Message.objects.filter(pk=message_id, done_at=None).first()
    if message is not None:
        # Looked up first: what is owed while the function runs may be about what it no longer saw.
        alike = Message.objects.open().filter(topic=message.topic, payload=message.payload)
        ids = list(alike.values_list("pk", flat=True))
        function(**message.payload)
        _done(message_id, *ids)


def _done(*message_ids: int) -> None:
    Message.objects.filter(pk__in=message_ids).update(done_at=timezone.now(), last_error="")
