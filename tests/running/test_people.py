"""Accounts in a real browser: opened, proved, locked with more than a password, and closed again.

Passkeys belong to a name, and a number is none: these pages are visited as localhost.
"""

import re
import time
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

PASSWORD = "seven grey herons wade"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def button(page, name):
    return page.locator("main").get_by_role("button", name=name, exact=True)


def link(page, name):
    return page.locator("main").get_by_role("link", name=name, exact=True).first


class Person:
    """Somebody with a letter box, in front of a browser."""

    def __init__(self, house, page):
        self.house, self.page = house, page
        self.email = f"{uuid4().hex[:10]}@people.example"
        self.host = f"http://localhost:{house.port}"

    def go(self, path):
        self.page.goto(f"{self.host}{path}")

    def mailed(self, kind, *, to="", count=1):
        """The address in the newest mail of a kind, once so many have come."""
        told = (to or self.email, f"accounts/{kind}")
        counted = 'select count(*) from outbox_mail where "to" = %s and kind = %s'
        self.house.until(counted, count, *told)
        newest = 'select text from outbox_mail where "to" = %s and kind = %s order by id desc'
        return re.search(r"https?://[^/\s]+(/\S+)", self.house.value(newest, *told)).group(1)

    def sign_up(self):
        self.go("/account/signup/")
        self.page.locator("[name=email]").fill(self.email)
        self.page.locator("[name=password1]").fill(PASSWORD)
        button(self.page, "Open the account").click()
        expect(self.page.locator("main")).to_contain_text("A mail is on its way")
        self.go(self.mailed("confirm_address"))
        button(self.page, "Yes, confirm it").click()
        self.is_in()

    def sign_in(self):
        self.go("/account/login/")
        self.page.locator("[name=login]").fill(self.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        button(self.page, "Sign in").click()

    def sign_out(self):
        self.go("/account/logout/")
        button(self.page, "Sign out").click()
        self.page.wait_for_url(f"{self.host}/")

    def prove(self):
        """Give the password once more, where a page asks for it."""
        self.page.wait_for_url(re.compile("/account/reauthenticate/"))
        self.page.locator("[name=password]").fill(PASSWORD)
        button(self.page, "Go on").click()

    def is_in(self):
        self.page.wait_for_url(f"{self.host}/account/")

    def set_up_codes(self):
        """Returns the key that the app would keep."""
        secret = self.page.locator("#totp_secret").inner_text()
        self.page.locator("[name=code]").fill(code_of(secret))
        button(self.page, "Set up codes").click()
        self.page.wait_for_url(re.compile("/recovery-codes/"))
        return secret

    def give_code(self, code):
        self.page.wait_for_url(re.compile("/account/2fa/authenticate/"))
        self.page.locator("[name=code]").fill(code)
        button(self.page, "Sign in").click()


@pytest.fixture
def person(house, new_page):
    return Person(house, new_page())


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_a_device(page):
    """A device that keeps passkeys, and a finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_a_passkey_opens_an_account_without_a_password(person):
    page = person.page
    with_a_device(page)
    person.sign_up()
    person.go("/account/2fa/webauthn/add/")
    person.prove()
    page.locator("[name=passwordless]").check()
    button(page, "Add the passkey").click()
    page.wait_for_url(re.compile("/recovery-codes/"))
    person.sign_out()

    person.go("/account/login/")
    button(page, "Sign in with a passkey").click()

    person.is_in()
    person.mailed("safety_notice")


def test_codes_and_recovery_codes_open_an_account_that_a_password_does_not(person):
    page = person.page
    person.sign_up()
    person.go("/account/2fa/totp/activate/")
    person.prove()
    secret = person.set_up_codes()
    recovery = page.locator("#recovery_codes code").first.inner_text()
    person.sign_out()

    person.sign_in()
    person.give_code("000000")
    expect(page.locator("main")).to_contain_text("This code does not fit")
    person.give_code(code_of(secret, 1))
    person.is_in()
    person.sign_out()
    person.sign_in()
    person.give_code(recovery)

    person.is_in()


def test_without_script_the_doors_open_as_well(house, new_page):
    person = Person(house, new_page(js=False))

    person.sign_up()
    person.sign_out()
    person.sign_in()

    person.is_in()


def test_a_lost_device_is_signed_out_from_another(person, new_page, house):
    person.sign_up()
    lost = Person(house, new_page())
    lost.email = person.email
    lost.sign_in()
    lost.is_in()

    person.go("/account/sessions/")
    button(person.page, "Sign this device out").click()

    expect(person.page.locator("main")).not_to_contain_text("Sign this device out")
    lost.go("/account/")
    lost.page.wait_for_url(re.compile("/account/login/"))


def test_the_address_changes_after_a_proof_and_a_mailed_link(person):
    page, old = person.page, person.email
    person.sign_up()
    new = f"new.{old}"
    person.go("/account/email/")
    page.locator("[name=email]").last.fill(new)
    button(page, "Change the address").click()
    person.prove()
    expect(page.locator("main")).to_contain_text(f"We have mailed a link to {new}")

    person.go(person.mailed("confirm_address", to=new))
    button(page, "Yes, confirm it").click()
    person.go("/account/email/")

    expect(page.locator("main")).to_contain_text(f"You sign in with {new}")
    person.mailed("safety_notice", to=old)


def test_everything_is_taken_along_and_then_forgotten(person):
    page = person.page
    person.sign_up()
    person.go("/account/privacy/")
    button(page, "Make the file").click()
    person.house.until(
        "select count(*) from accounts_privacyrequest where kind = 'export' and state = 'done'"
        " and customer_id = (select id from accounts_customer where email = %s)",
        1,
        person.email,
    )

    person.go("/account/privacy/erase/")
    person.prove()
    button(page, "Forget me now").click()

    page.wait_for_url(re.compile("/privacy/done/"))
    person.house.until("select count(*) from accounts_user where email = %s", 0, person.email)
    person.sign_in()
    expect(page.locator("main")).to_contain_text("No account has this email address")


NEW_STAFF = """
    with person as (
        insert into accounts_user (email, name, password, is_staff, is_active, is_superuser, joined_at)
        select %s, 'New', password, true, true, true, now() from accounts_user
        where email = 'owner@marlandweft.example' returning id, email
    )
    insert into account_emailaddress (user_id, email, verified, "primary")
    select id, email, true, true from person
"""


def test_staff_without_a_second_factor_get_no_further(person):
    page = person.page
    person.house.change(NEW_STAFF, person.email)
    person.go("/account/login/?next=/admin/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill("mercer-demo")
    button(page, "Sign in").click()
    page.wait_for_url(f"{person.host}/account/2fa/")
    for path in ("/admin/", "/admin/orders/order/", "/dashboard/", "/stockroom/"):
        person.go(path)
        expect(page.locator("main")).to_contain_text("Staff need a second factor")

    link(page, "Set up codes").click()
    page.locator("[name=password]").fill("mercer-demo")
    button(page, "Go on").click()
    person.set_up_codes()
    person.go("/admin/")

    page.wait_for_url(f"{person.host}/admin/")
