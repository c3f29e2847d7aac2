"""The hosted payment page: what a shopper sees and sends, and where they go next."""

import re
import urllib.parse
from contextlib import suppress

from shop.standin import cards, intents, methods, pages, sessions
from shop.standin.cards import Card
from shop.standin.desk import Desk
from shop.standin.errors import ApiError
from shop.standin.messages import Answer, Request, see_other
from shop.standin.objects import Intent, Method, Session
from shop.standin.pages import CardForm

SLOW, CLOSED_TAB, DECLINE = "slow_webhook", "closed_tab", "decline"
LONGEST_NAME = 100


def answer(desk: Desk, request: Request) -> Answer:
    bank = re.fullmatch(r"/authenticate/(\w+)", request.path)
    if bank:
        return _bank_of_intent(desk, request, bank[1])
    match = re.fullmatch(r"/pay/(\w+)(/authenticate|/paid)?", request.path)
    if not match:
        words = "This is the test payment page of a shop. Start in the shop, at its checkout."
        return pages.notice(
            "Nothing to pay here", words, status=200 if request.path == "/" else 404
        )
    if request.method not in {"GET", "POST"}:
        return Answer(405, content_type="text/plain", headers={"Allow": "GET, HEAD, POST"})
    with desk.store.transaction():
        try:
            session = sessions.find(desk, match[1])
        except ApiError:
            words = "There is no payment at this address. Start again in the shop."
            return pages.notice("Payment not found", words, status=404)
        return _step(desk, request, session, step=match[2] or "")


def _step(desk: Desk, request: Request, session: Session, *, step: str) -> Answer:
    if step == "/paid" and session.status == "complete":
        return pages.closed_tab(session)
    if session.status != "open":
        return _over(session, is_submitted=request.method == "POST")
    if step == "/authenticate":
        return _authenticate(desk, request, session)
    if request.method == "POST":
        return _submit(desk, request, session)
    return pages.payment(session, _chosen(request), saved=sessions.saved_cards(desk, session))


def _over(session: Session, *, is_submitted: bool) -> Answer:
    if session.status == "expired":
        words = (
            "Its time was over, or the shop closed it. Nothing was paid. Start again in the shop."
        )
        title = "This payment page has expired"
        return pages.notice(title, words, link=session.cancel_url, status=410)
    if is_submitted:
        # A second click on Pay: the first one did it.
        return see_other(session.return_address())
    words = "There is nothing more to pay."
    return pages.notice("This payment is complete", words, link=session.return_address())


def _chosen(request: Request) -> CardForm:
    query = dict(urllib.parse.parse_qsl(request.query))
    card = cards.by_number(query.get("card", "")) or cards.APPROVED
    return CardForm(number=card.spaced)


def _submit(desk: Desk, request: Request, session: Session) -> Answer:
    fields = request.fields()
    fault, keeps = fields.get("fault", ""), bool(fields.get("save"))
    if fields.get("saved"):
        method = methods.chosen(desk, fields["saved"], customer=session.customer)
        return _pay(desk, session, CardForm(), method=method, fault=fault)
    if "pm" in fields:
        # A script may name the card by its token instead of filling in the form.
        method = sessions.method_of(desk, session, cards.by_token(fields["pm"]))
        return _pay(desk, session, CardForm(), method=method, fault=fault, keeps=keeps)
    form, card = _read(fields)
    if form.errors or card is None:
        return pages.payment(session, form, status=422)
    session.payer = form.name
    method = sessions.method_of(desk, session, card)
    return _pay(desk, session, form, method=method, fault=fault, keeps=keeps)


def _read(fields: dict[str, str]) -> tuple[CardForm, Card | None]:
    card = cards.by_number(fields.get("number", ""))
    expiry, cvc = fields.get("expiry", "").strip(), fields.get("cvc", "").strip()
    name = fields.get("name", "").strip()[:LONGEST_NAME]
    errors = {}
    if card is None:
        errors["number"] = "This is not a test number. Choose one from the list."
    if not re.fullmatch(r"(0?[1-9]|1[0-2]) ?/? ?(20)?[2-9][0-9]", expiry):
        errors["expiry"] = "Write the expiry as month and year, such as 12 / 40."
    if not re.fullmatch(r"[0-9]{3,4}", cvc):
        errors["cvc"] = "Write the three or four digits, such as 123."
    if not name:
        errors["name"] = "Write a name."
    # A number we do not know may be somebody's real card: it is not shown again.
    number = card.spaced if card else ""
    return CardForm(number=number, expiry=expiry, cvc=cvc, name=name, errors=errors), card


def _pay(
    desk: Desk,
    session: Session,
    form: CardForm,
    *,
    method: Method,
    fault: str,
    keeps: bool = False,
) -> Answer:
    try:
        if fault == DECLINE:
            sessions.refuse(desk, session, "generic_decline", method)
        if cards.by_token(method.token).asks_bank:
            sessions.ask_bank(desk, session, method, fault=fault, keeps=keeps)
            return see_other(f"/pay/{session.id}/authenticate")
        return _paid(desk, session, method, fault=fault, keeps=keeps)
    except ApiError as error:
        return _declined(session, form, error)


def _paid(
    desk: Desk, session: Session, method: Method, *, fault: str, keeps: bool = False
) -> Answer:
    late_s = desk.faults.slow_webhook_ms / 1000 if fault == SLOW else 0.0
    sessions.pay(desk, session, method, late_s=late_s, keeps=keeps)
    if fault == CLOSED_TAB:
        return see_other(f"/pay/{session.id}/paid")
    return see_other(session.return_address())


def _declined(session: Session, form: CardForm, error: ApiError) -> Answer:
    words = cards.DECLINE_WORDS.get(error.decline_code, str(error))
    shown = CardForm(
        number=form.number,
        expiry=form.expiry,
        cvc=form.cvc,
        name=form.name,
        errors={"number": words},
    )
    return pages.payment(session, shown, status=402)


def _authenticate(desk: Desk, request: Request, session: Session) -> Answer:
    if not session.waiting:
        return see_other(f"/pay/{session.id}")
    waiting = session.waiting
    method = methods.find(desk, waiting["method"])
    card = cards.by_token(method.token)
    if request.method == "GET":
        return pages.bank(session.amount_total, session.currency, card, action=request.path)
    try:
        if request.fields().get("outcome") != "approve":
            sessions.refuse(desk, session, "authentication_failure", method)
        fault, keeps = waiting["fault"], bool(waiting["keeps"])
        return _paid(desk, session, method, fault=fault, keeps=keeps)
    except ApiError as error:
        form = CardForm(number=card.spaced, name=session.payer or CardForm().name)
        return _declined(session, form, error)


def _bank_of_intent(desk: Desk, request: Request, identifier: str) -> Answer:
    """The bank's page of a payment with a saved card: it leads back to where the shop said."""
    with desk.store.transaction():
        intent = desk.store.intents.get(identifier)
        if intent is None or not intent.return_url:
            words = "There is no payment at this address. Start again in the shop."
            return pages.notice("Payment not found", words, status=404)
        if intent.status != "requires_action":
            return see_other(lead_back(intent))
        if request.method == "GET":
            card = cards.by_token(methods.find(desk, intent.payment_method).token)
            return pages.bank(intent.amount, intent.currency, card, action=request.path)
        is_approved = request.fields().get("outcome") == "approve"
        with suppress(ApiError):
            # Refused: the address it leads back to says so.
            intents.answer_bank(desk, intent, is_approved=is_approved)
        return see_other(lead_back(intent))


def lead_back(intent: Intent) -> str:
    """The shop's address with what Stripe appends to it."""
    is_paid = intent.status in {"succeeded", "requires_capture"}
    added = urllib.parse.urlencode(
        {
            "payment_intent": intent.id,
            "payment_intent_client_secret": intent.client_secret,
            "redirect_status": "succeeded" if is_paid else "failed",
        }
    )
    return f"{intent.return_url}{'&' if '?' in intent.return_url else '?'}{added}"
