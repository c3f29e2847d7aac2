"""The HTML of the hosted page. It works without script; what comes from outside is escaped."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import quote

from shop.standin import cards, money
from shop.standin.messages import Answer
from shop.standin.objects import Json, Method, Session

STYLE = "\n" + Path(__file__).with_name("hosted.css").read_text(encoding="utf-8")
KEEP_CARD = """<p><label><input type="checkbox" name="save" value="1">
Keep this card for next time</label></p>
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:;"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class CardForm:
    """What stands in the fields, and what is wrong with it by field name."""

    number: str = cards.APPROVED.spaced
    expiry: str = "12 / 40"
    cvc: str = "123"
    name: str = "Alice Example"
    errors: dict[str, str] = field(default_factory=dict)


def payment(
    session: Session, form: CardForm, *, saved: Sequence[Method] = (), status: int = 200
) -> Answer:
    amount = money.show(session.amount_total, session.currency)
    title = f"Pay {amount}"
    if form.errors:
        title = f"Error: {title}"
    body = f"""<main class="two">
<section aria-labelledby="amount">
<h1 id="amount">To pay <strong>{escape(amount)}</strong></h1>
{_lines(session)}
{_facts(session)}
</section>
<section class="panel" aria-labelledby="card">
<h2 id="card">Pay by card</h2>
{_saved(session, saved)}{_form(session, form, amount)}
</section>
</main>"""
    return _page(title, body, status=status)


def bank(minor: int, currency: str, card: cards.Card, *, action: str) -> Answer:
    amount = escape(money.show(minor, currency))
    body = f"""<main class="one">
<section class="panel" aria-labelledby="question">
<h1 id="question">3-D Secure <strong>Is it you?</strong></h1>
<p>This page plays your bank. Somebody wants to pay <b>{amount}</b>
with the card ending in <b>{card.last4}</b>.</p>
<form method="post" action="{escape(action)}" class="stack">
<button class="main" name="outcome" value="approve">Yes, approve the payment</button>
<button name="outcome" value="fail">No, refuse it</button>
</form>
</section>
</main>"""
    return _page("3-D Secure: is it you?", body)


def closed_tab(session: Session) -> Answer:
    amount = escape(money.show(session.amount_total, session.currency))
    body = f"""<main class="one">
<section class="panel" aria-labelledby="done">
<h1 id="done">Paid {amount} <strong>You can close this tab</strong></h1>
<p>You are not sent back to the shop. It hears of the payment by webhook only, as it does
when a shopper closes the browser too early.</p>
</section>
</main>"""
    return _page("You can close this tab", body)


def notice(title: str, words: str, *, link: str = "", status: int = 200) -> Answer:
    back = f'<a class="back" href="{escape(link)}">Back to the shop</a>' if link else ""
    body = f"""<main class="one">
<section class="panel" aria-labelledby="notice">
<h1 id="notice"><strong>{escape(title)}</strong></h1>
<p>{escape(words)}</p>
{back}
</section>
</main>"""
    return _page(title, body, status=status)


def _page(title: str, body: str, *, status: int = 200) -> Answer:
    document = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)} · Test payment page</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<header class="banner"><p>Test payment page. No money moves.</p></header>
{body}
</body>
</html>
"""
    return Answer(
        status, document.encode(), content_type="text/html; charset=utf-8", headers=HEADERS
    )


def _lines(session: Session) -> str:
    rows = "\n".join(_line(line) for line in session.lines)
    if session.shipping_label:
        amount = escape(money.show(session.amount_shipping, session.currency))
        label = escape(session.shipping_label)
        rows += f'\n<tr><th scope="row">{label}</th><td>{amount}</td></tr>'
    total = escape(money.show(session.amount_total, session.currency))
    return f"""<table>
<caption>What it is for</caption>
<tbody>
{rows}
</tbody>
<tfoot><tr><th scope="row">Total</th><td>{total}</td></tr></tfoot>
</table>"""


def _line(line: Json) -> str:
    amount = escape(money.show(line["amount_total"], line["currency"]))
    name = escape(line["description"])
    quantity = f' <span class="soft">× {line["quantity"]}</span>' if line["quantity"] > 1 else ""
    return f'<tr><th scope="row">{name}{quantity}</th><td>{amount}</td></tr>'


def _facts(session: Session) -> str:
    facts = {"Reference": session.client_reference_id, "E-mail": session.customer_email}
    rows = "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _form(session: Session, form: CardForm, amount: str) -> str:
    cancel = session.cancel_url
    back = f'<a class="back" href="{escape(cancel)}">Cancel and go back</a>' if cancel else ""
    return f"""<form method="post" action="/pay/{session.id}" novalidate>
{_field(form, "number", "Card number", hint=_hint(session), is_numeric=True)}
<div class="pair">
{_field(form, "expiry", "Expiry, MM/YY", is_numeric=True)}
{_field(form, "cvc", "CVC", is_numeric=True)}
</div>
{_field(form, "name", "Name on card")}
{KEEP_CARD if session.offers_saving else ""}<button class="main" id="pay">Pay {escape(amount)}</button>
<details>
<summary>Try a fault</summary>
<div class="stack">
<button name="fault" value="slow_webhook">Pay, webhook 30 seconds late</button>
<button name="fault" value="closed_tab">Pay, then close the tab</button>
<button name="fault" value="decline">Decline this payment</button>
</div>
</details>
</form>
<div class="below">{back}</div>"""


def _saved(session: Session, methods: Sequence[Method]) -> str:
    if not methods:
        return ""
    buttons = "\n".join(
        f'<button name="saved" value="{method.id}">Pay with {escape(method.card["brand"])}'
        f" ending in {escape(method.card['last4'])}</button>"
        for method in methods
    )
    return f"""<form method="post" action="/pay/{session.id}" class="stack">
{buttons}
</form>
"""


def _hint(session: Session) -> str:
    links = "\n".join(
        f'<li><a href="/pay/{session.id}?card={quote(card.number)}">{card.spaced}</a>'
        f' <span class="soft">{escape(card.label)}</span></li>'
        for card in cards.LISTED
    )
    return f"""<p class="soft" id="number-hint">Test numbers only. Never type a real card here.</p>
<ul class="cards">
{links}
</ul>"""


def _field(
    form: CardForm, name: str, label: str, *, hint: str = "", is_numeric: bool = False
) -> str:
    wrong = form.errors.get(name, "")
    described = [f"{name}-error"] if wrong else []
    described += [f"{name}-hint"] if hint else []
    attributes = ' inputmode="numeric"' if is_numeric else ""
    attributes += f' aria-describedby="{" ".join(described)}"' if described else ""
    if wrong:
        is_first = next(iter(form.errors)) == name
        attributes += ' aria-invalid="true"' + (" autofocus" if is_first else "")
    error = f'\n<p class="error" id="{name}-error">{escape(wrong)}</p>' if wrong else ""
    value = escape(getattr(form, name))
    # Browsers are not to offer the shopper's own cards here.
    return f"""<div class="field">
<label for="{name}">{label}</label>
<input id="{name}" name="{name}" value="{value}" autocomplete="off" required{attributes}>{error}
{hint}</div>"""
