"""`/_kit/…`: the handles for tests and demonstrations. Stripe has nothing like it."""

import re
from collections.abc import Callable

from shop.standin import cards, params, sessions
from shop.standin.desk import Desk
from shop.standin.errors import ApiError, missing
from shop.standin.messages import Answer, Request, json_answer, refusal
from shop.standin.objects import Json


def answer(desk: Desk, request: Request) -> Answer:
    if "Origin" in request.headers:
        # A web page in the user's browser must not move the faults or the clock.
        return refusal(ApiError("Not for web pages.", status=403))
    try:
        with desk.store.transaction():
            return json_answer(_call(desk, request))
    except ApiError as error:
        return refusal(error)


def _call(desk: Desk, request: Request) -> Json:
    payment = re.fullmatch(r"/_kit/pay/(\w+)", request.path)
    if payment and request.method == "POST":
        return _pay(desk, request, payment[1])
    call = CALLS.get((request.method, request.path))
    if call is None:
        raise ApiError(f"Unknown: {request.method} {request.path}", status=404)
    return call(desk, request)


def _ledger(desk: Desk, _: Request) -> Json:
    """Show all money that moved; in a charge, `refunded` is the amount given back."""
    store = desk.store
    return {
        "charges": [
            {**charge.public(), "refunded": charge.amount_refunded, "at": charge.created}
            for charge in store.charges.values()
        ],
        "refunds": [refund.public() for refund in store.refunds.values()],
        "intents": [intent.public() for intent in store.intents.values()],
        "sessions": [session.public() for session in store.sessions.values()],
        "events": len(store.events),
        "deliveries": list(store.attempts),
        "waiting_deliveries": len(store.deliveries),
        "calls": desk.calls,
    }


def _show_config(desk: Desk, _: Request) -> Json:
    return {"webhook": desk.courier.url, **vars(desk.faults)}


def _config(desk: Desk, request: Request) -> Json:
    changes = request.json()
    addresses = {name: changes.pop(name) for name in ("webhook", "secret") if name in changes}
    desk.faults.set(changes)
    desk.courier.url = str(addresses.get("webhook", desk.courier.url))
    desk.courier.secret = str(addresses.get("secret", desk.courier.secret))
    return _show_config(desk, request)


def _advance(desk: Desk, request: Request) -> Json:
    """Move the clock ahead, and let everything that is due then happen."""
    seconds = request.json().get("seconds")
    if not isinstance(seconds, int) or seconds < 0:
        raise missing("seconds")
    desk.clock_ahead_s += seconds
    sessions.expire_due(desk)
    return {"now": desk.now()}


def _send_event(desk: Desk, request: Request) -> Json:
    """Deliver an event made by hand, as given and with a true signature."""
    given = request.json()
    return desk.publish(str(given.get("type", "")), {}, by_hand=given).public()


def _pay(desk: Desk, request: Request, identifier: str) -> Json:
    """Pay as a shopper would, the bank's question included."""
    given = params.parse(request.text())
    card = cards.by_token(params.text(given, "pm") or cards.APPROVED.token)
    session = sessions.find(desk, identifier)
    sessions.pay(desk, session, card)
    return {"success_url": session.return_address()}


def _reset(desk: Desk, _: Request) -> Json:
    desk.store.reset()
    desk.calls = desk.clock_ahead_s = 0
    return {}


CALLS: dict[tuple[str, str], Callable[[Desk, Request], Json]] = {
    ("GET", "/_kit/ledger"): _ledger,
    ("GET", "/_kit/config"): _show_config,
    ("POST", "/_kit/config"): _config,
    ("POST", "/_kit/advance"): _advance,
    ("POST", "/_kit/send_event"): _send_event,
    ("POST", "/_kit/reset"): _reset,
}
