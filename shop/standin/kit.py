"""`/_kit/…`: the handles for tests and demonstrations. Stripe has nothing like it."""

import re
import secrets
from collections.abc import Callable

from shop.standin import balance, charging, handles, sessions
from shop.standin.desk import Desk
from shop.standin.errors import ApiError, invalid, missing
from shop.standin.holds import AFTER, BEFORE
from shop.standin.messages import Answer, Request, json_answer, refusal
from shop.standin.objects import Event, Json

Handle = Callable[[Desk, Request, str], Json]
MOST_REPEATS = 100


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
    for method, pattern, handle in HANDLES:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            return handle(desk, request, "".join(match.groups()))
    raise ApiError(f"Unknown: {request.method} {request.path}", status=404)


def _ledger(desk: Desk, _: Request, __: str) -> Json:
    """Show all money that moved; in a charge, `refunded` is the amount given back."""
    store = desk.store
    return {
        "charges": [
            {**charge.public(), "refunded": charge.amount_refunded, "at": charge.created}
            for charge in store.charges.values()
            if charge.status == "succeeded"
        ],
        "refunds": [refund.public() for refund in store.refunds.values()],
        "intents": [intent.public() for intent in store.intents.values()],
        "sessions": [session.public() for session in store.sessions.values()],
        "disputes": [dispute.public() for dispute in store.disputes.values()],
        "payouts": [payout.public() for payout in store.payouts.values()],
        "movements": [
            {**movement.public(), "payout": movement.payout or None}
            for movement in store.movements.values()
        ],
        "payment_methods": [method.public() for method in store.methods.values()],
        "customers": [customer.public() for customer in store.customers.values()],
        "events": len(store.events),
        "deliveries": list(store.attempts),
        "waiting_deliveries": len(store.deliveries),
        "calls": desk.calls,
    }


def _show_config(desk: Desk, _: Request, __: str) -> Json:
    return {"webhook": desk.courier.url, "refunds": desk.new_refunds, **vars(desk.faults)}


def _config(desk: Desk, request: Request, _: str) -> Json:
    changes = request.json()
    addresses = {name: changes.pop(name) for name in ("webhook", "secret") if name in changes}
    new_refunds = changes.pop("refunds", desk.new_refunds)
    if new_refunds not in {"succeeded", "pending"}:
        raise invalid("refunds", "refunds is succeeded or pending")
    desk.faults.set(changes)
    desk.new_refunds = new_refunds
    desk.courier.url = str(addresses.get("webhook", desk.courier.url))
    desk.courier.secret = str(addresses.get("secret", desk.courier.secret))
    return _show_config(desk, request, "")


def _terms(desk: Desk, request: Request, _: str) -> Json:
    desk.terms.set(request.json())
    return dict(vars(desk.terms))


def _advance(desk: Desk, request: Request, _: str) -> Json:
    """Move the clock ahead, and let everything that is due then happen."""
    seconds = request.json().get("seconds")
    if not isinstance(seconds, int) or seconds < 0:
        raise missing("seconds")
    desk.clock_ahead_s += seconds
    sessions.expire_due(desk)
    charging.expire_due(desk)
    balance.settle_due(desk)
    return {"now": desk.now()}


def _send_event(desk: Desk, request: Request, _: str) -> Json:
    """Deliver an event made by hand, as given and with a true signature."""
    given = request.json()
    return desk.publish(str(given.get("type", "")), {}, by_hand=given).public()


def _repeat(desk: Desk, request: Request, _: str) -> Json:
    """Send known events once more or many times, in their order or in none."""
    given = request.json()
    times = given.get("times", 1)
    if not isinstance(times, int) or not 0 < times <= MOST_REPEATS:
        raise invalid("times", f"times must be from 1 to {MOST_REPEATS}")
    copies = [event for event in _chosen(desk, given) for _ in range(times)]
    if given.get("shuffle"):
        secrets.SystemRandom().shuffle(copies)
    for number, event in enumerate(copies):
        # A little apart, so that the order of the queue is the order of sending.
        desk.courier.post(event, delay_s=number / 1000)
    return {"queued": len(copies)}


def _chosen(desk: Desk, given: Json) -> list[Event]:
    types, events = given.get("types"), given.get("events")
    return [
        event
        for event in desk.store.events.values()
        if (not types or event.type in types) and (not events or event.id in events)
    ]


def _hold(desk: Desk, request: Request, _: str) -> Json:
    given = request.json()
    call, where, count = given.get("call"), given.get("where", BEFORE), given.get("count", 1)
    if not isinstance(call, str) or where not in {BEFORE, AFTER} or not isinstance(count, int):
        raise invalid("call", "Give call (such as POST /v1/refunds), where (before, after), count")
    return {"id": desk.holds.add(call, where=where, count=count).id}


def _show_holds(desk: Desk, _: Request, __: str) -> Json:
    return {"holds": desk.holds.shown()}


def _release(desk: Desk, request: Request, identifier: str) -> Json:
    if not desk.holds.release(identifier, drop=bool(request.json().get("drop"))):
        raise ApiError(f"Unknown: {identifier}", status=404)
    return {}


def _release_all(desk: Desk, _: Request, __: str) -> Json:
    desk.holds.release_all()
    return {}


def _reset(desk: Desk, _: Request, __: str) -> Json:
    desk.store.reset()
    desk.holds.release_all()
    desk.new_refunds = "succeeded"
    desk.calls = desk.clock_ahead_s = 0
    return {}


HANDLES: list[tuple[str, str, Handle]] = [
    ("GET", "/_kit/ledger", _ledger),
    ("GET", "/_kit/config", _show_config),
    ("POST", "/_kit/config", _config),
    ("POST", "/_kit/terms", _terms),
    ("POST", "/_kit/advance", _advance),
    ("POST", "/_kit/send_event", _send_event),
    ("POST", "/_kit/webhooks/repeat", _repeat),
    ("POST", "/_kit/reset", _reset),
    ("POST", "/_kit/hold", _hold),
    ("GET", "/_kit/holds", _show_holds),
    ("POST", r"/_kit/holds/(\w+)/release", _release),
    ("POST", "/_kit/release", _release_all),
    ("POST", r"/_kit/pay/(\w+)", handles.pay),
    ("POST", r"/_kit/authenticate/(\w+)", handles.authenticate),
    ("POST", r"/_kit/refunds/(\w+)/succeed", handles.succeed_refund),
    ("POST", r"/_kit/refunds/(\w+)/fail", handles.fail_refund),
    ("POST", "/_kit/dispute", handles.open_dispute),
    ("POST", r"/_kit/disputes/(\w+)/won", handles.decider("won")),
    ("POST", r"/_kit/disputes/(\w+)/lost", handles.decider("lost")),
    ("POST", r"/_kit/disputes/(\w+)/warning_closed", handles.decider("warning_closed")),
    ("POST", r"/_kit/disputes/(\w+)/review", handles.review_dispute),
    ("POST", r"/_kit/disputes/(\w+)/escalate", handles.escalate_dispute),
    ("POST", "/_kit/payout", handles.pay_out),
    ("POST", r"/_kit/payouts/(\w+)/paid", handles.payout_arrived),
    ("POST", r"/_kit/payouts/(\w+)/failed", handles.payout_failed),
]
