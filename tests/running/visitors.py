"""Whoever comes to the running shop over HTTP: strangers, buyers, staff; each from an own address."""

import json
import re
import time

from shop.embedded import demo_env
from shop.standin.webhooks import sign
from tests.running.test_pressure import browser, order

# A glaze that no other test buys: eighteen lie on the shelf.
SKU = "MW-MUG-HNY-320"
MEMBER = "member@marlandweft.example"
PASSWORD = "mercer-demo"
SIGNED_IN = """
import time
from accounts.models import User
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
user, now = User.objects.get(email="{email}"), time.time()
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session["account_authentication_methods"] = [
    {{"method": "password", "at": now, "email": user.email}},
    {{"method": "mfa", "at": now, "type": "totp", "id": 0}},
]
session["account_authentication_methods_user"] = str(user.pk)
session.save()
print(session.session_key)
"""


def signed_in(house, email):
    """A browser with a session that went through both factors: without the form, whose tries count."""
    visitor = browser(house.url)
    key = house.run(SIGNED_IN.format(email=email)).split()[-1]
    visitor.cookies.set("session", key)
    return visitor


def staff(house, role):
    return signed_in(house, f"{role}@marlandweft.example")


def token(visitor, page):
    """The token of a page's form, against forms of other sites."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(page).text)
    assert found, page
    return found[1]


def send(visitor, page, **fields):
    """Fill in a form with a token and send it."""
    return visitor.post(page, data={"csrfmiddlewaretoken": token(visitor, page), **fields})


def add(visitor, quantity="1", **fields):
    return visitor.post("/cart/lines/", data={"sku": SKU, "quantity": quantity, **fields})


def buy(visitor, house, email):
    """An order to be paid by bank transfer: (number, address with its key)."""
    assert add(visitor).status_code == 302
    answer = order(visitor, house.url, email)
    assert answer.status_code == 302, answer.text[:2000]
    link = answer.headers["Location"]
    return re.search(r"/orders/(\w+)/", link)[1], link


def letter(house, body, *, at=None, secret=None):
    """A webhook as the provider sends it."""
    secret = secret or demo_env.read(house.data_dir)["STRIPE_WEBHOOK_SECRET"]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = sign(content, secret=secret, at=int(at or time.time()))
    with browser(house.url) as provider:
        return provider.post(
            "/webhooks/stripe/",
            content=content,
            headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
        )
