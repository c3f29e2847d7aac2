"""The hosted payment page: what a shopper sees and sends, and where they go next."""

import re
import urllib.parse

from shop.standin import cards, pages, sessions
from shop.standin.cards import Card
from shop.standin.desk import Desk
from shop.standin.errors import ApiError
from shop.standin.messages import Answer, Request, see_other
from shop.standin.objects import Session
from shop.standin.pages import CardForm

SLOW, CLOSED_TAB, DECLINE = "slow_webhook", "closed_tab", "decline"
LONGEST_NAME = 100


def answer(desk: Desk, request: Request) -> Answer:
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
    return pages.payment(session, _chosen(request))


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
    fault = fields.get("fault", "")
    if "pm" in fields:
        # A script may name the card by its token instead of filling in the form.
        return _pay(desk, session, CardForm(), card=cards.by_token(fields["pm"]), fault=fault)
    form, card = _read(fields)
    if form.errors or card is None:
        return pages.payment(session, form, status=422)
    session.payer = form.name
    return _pay(desk, session, form, card=card, fault=fault)


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


def _pay(desk: Desk, session: Session, form: CardForm, *, card: Card, fault: str) -> Answer:
    try:
        if fault == DECLINE:
            sessions.refuse(desk, session, "generic_decline")
        if card.asks_bank:
            sessions.ask_bank(desk, session, card, fault=fault)
            return see_other(f"/pay/{session.id}/authenticate")
        return _paid(desk, session, card, fault=fault)
    except ApiError as error:
        return _declined(session, form, error)


def _paid(desk: Desk, session: Session, card: Card, *, fault: str) -> Answer:
    late_s = desk.faults.slow_webhook_ms / 1000 if fault == SLOW else 0.0
    sessions.pay(desk, session, card, late_s=late_s)
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
    card = cards.by_token(session.waiting["token"])
    if request.method == "GET":
        return pages.bank(session, card)
    try:
        if request.fields().get("outcome") != "approve":
            sessions.refuse(desk, session, "authentication_failure")
        return _paid(desk, session, card, fault=session.waiting["fault"])
    except ApiError as error:
        form = CardForm(number=card.spaced, name=session.payer or CardForm().name)
        return _declined(session, form, error)
