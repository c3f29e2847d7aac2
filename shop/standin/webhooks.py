"""Sign events and bring them to the shop, again and again until it has taken them."""

import hashlib
import heapq
import hmac
import http.client
import itertools
import json
import logging
import secrets
import threading
import time
import urllib.parse

from shop.standin.objects import Delivery, Event
from shop.standin.store import Store

logger = logging.getLogger(__name__)

TIMEOUT_S = 10
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 60.0
GIVE_UP_AFTER_S = 6 * 3600
AT_ONCE = 8


def sign(body: bytes, *, secret: str, at: int) -> str:
    """Return the `Stripe-Signature` header for a body sent at that second."""
    signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signature.hexdigest()}"


def retry_delay_s(attempt: int) -> float:
    return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(attempt, 16))


class Courier:
    """Holds deliveries by due time, and sends them from a few threads.

    Lock order: the store's lock may be held when the queue's is taken, never the reverse.
    """

    def __init__(self, store: Store, *, url: str, secret: str) -> None:
        self.store = store
        self.url = url
        self.secret = secret
        self._queue: list[tuple[float, int, str]] = []
        self._sequence = itertools.count()
        self._changed = threading.Condition()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._stopped = False

    def start(self) -> None:
        """Take up what the journal still holds, then serve the queue."""
        for delivery in list(self.store.deliveries.values()):
            delivery.attempt = 0
            self._enqueue(delivery, due=min(delivery.due, time.time() + FIRST_RETRY_S))
        threading.Thread(target=self._serve, name="courier", daemon=True).start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def post(self, event: Event, *, delay_s: float) -> None:
        """Queue one copy of an event. Call inside a transaction of the store."""
        if not self.url:
            return
        due = time.time() + delay_s
        delivery = Delivery(
            id=f"we_{secrets.token_hex(12)}",
            event=event.id,
            due=due,
            give_up_at=due + GIVE_UP_AFTER_S,
        )
        self.store.save(delivery)
        self._enqueue(delivery, due=due)

    def _enqueue(self, delivery: Delivery, *, due: float) -> None:
        with self._changed:
            heapq.heappush(self._queue, (due, next(self._sequence), delivery.id))
            self._changed.notify_all()

    def _serve(self) -> None:
        while (identifier := self._next()) is not None:
            self._slots.acquire()
            threading.Thread(target=self._work, args=(identifier,), daemon=True).start()

    def _next(self) -> str | None:
        """Wait for the next delivery that is due; None when stopped."""
        with self._changed:
            while not self._stopped:
                wait_s = self._queue[0][0] - time.time() if self._queue else None
                if wait_s is not None and wait_s <= 0:
                    return heapq.heappop(self._queue)[2]
                self._changed.wait(wait_s)
        return None

    def _work(self, identifier: str) -> None:
        try:
            self._deliver(identifier)
        finally:
            self._slots.release()

    def _deliver(self, identifier: str) -> None:
        with self.store.transaction():
            delivery = self.store.deliveries.get(identifier)
            event = self.store.events.get(delivery.event) if delivery else None
            if delivery is None or event is None:
                return
            body = json.dumps(event.public()).encode()
        status = self._send(body)
        with self.store.transaction():
            self._settle(delivery, event, status=status)

    def _send(self, body: bytes) -> int:
        """Return the receiver's status, or 0 when there was no answer."""
        target = urllib.parse.urlsplit(self.url)
        is_tls = target.scheme == "https"
        kind = http.client.HTTPSConnection if is_tls else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=TIMEOUT_S)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(body, secret=self.secret, at=int(time.time())),
            "User-Agent": "Stripe/1.0 (local stand-in)",
            "Connection": "close",
        }
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            connection.request("POST", path, body=body, headers=headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def _settle(self, delivery: Delivery, event: Event, *, status: int) -> None:
        attempt = {
            "event": event.id,
            "type": event.type,
            "try": delivery.attempt,
            "code": status,
            "at": time.time(),
        }
        self.store.attempts.append(attempt)
        is_forgotten = delivery.id not in self.store.deliveries
        if 200 <= status < 300 or is_forgotten or time.time() > delivery.give_up_at:
            self.store.forget(delivery)
            return
        logger.info("webhook not taken", extra={"event": event.id, "status": status})
        delivery.due = time.time() + retry_delay_s(delivery.attempt)
        delivery.attempt += 1
        self.store.save(delivery)
        self._enqueue(delivery, due=delivery.due)
