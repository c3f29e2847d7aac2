"""Codes from an app, recovery codes and passkeys; and staff, who get no further without one."""

import datetime as dt
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from accounts.services.doors import demo
from shop.audit.models import Entry
from shop.lib.secrets import unseal
from tests.accounts.doors import send_letters, sign_in, signed_in
from tests.factories import RateFactory
from tests.factories.customers import member
from tests.factories.people import PASSWORD, staff

pytestmark = pytest.mark.django_db
SET_UP, ASKS = "/account/2fa/totp/activate/", "/account/2fa/authenticate/"
PROVE = "/account/2fa/reauthenticate/"
STAFF_PAGES = ["/admin/", "/admin/orders/order/", "/dashboard/", "/stockroom/", "/dashboard/books/"]


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def prove(client):
    """Give the password once more, as the pages about safety ask for."""
    return client.post("/account/reauthenticate/", {"password": PASSWORD})


def with_codes(client):
    """A customer who has signed in and set up codes. Returns the secret."""
    member()
    sign_in(client)
    prove(client)
    secret = client.get(SET_UP).context["form"].secret
    client.post(SET_UP, {"code": code_of(secret)})
    return secret


def test_codes_are_set_up_after_proving_who_one_is(client, django_capture_on_commit_callbacks):
    member()
    sign_in(client)
    asked = client.get(SET_UP)
    prove(client)
    secret = client.get(SET_UP).context["form"].secret

    wrong = client.post(SET_UP, {"code": "000000"})
    with django_capture_on_commit_callbacks(execute=True):
        right = client.post(SET_UP, {"code": code_of(secret)})

    assert asked.url.startswith("/account/reauthenticate/?next=")
    assert wrong.status_code == 422
    assert right.url == "/account/2fa/recovery-codes/"
    assert secret == wrong.context["form"].secret
    assert send_letters()[0].subject == "Codes from an app now protect your account"


def test_a_password_alone_no_longer_opens(client):
    secret = with_codes(client)
    fresh = Client()

    answer = sign_in(fresh)
    wrong = fresh.post(ASKS, {"code": "000000"})
    first = signed_in(fresh)
    fresh.post(ASKS, {"code": code_of(secret, 1)})

    assert answer.url == ASKS
    assert wrong.status_code == 422
    assert not first
    assert signed_in(fresh)


def test_a_code_opens_once(client):
    secret = with_codes(client)
    code, fresh, thief = code_of(secret, 1), Client(), Client()
    sign_in(fresh)
    fresh.post(ASKS, {"code": code})
    sign_in(thief)

    answer = thief.post(ASKS, {"code": code})

    assert answer.status_code == 422
    assert signed_in(fresh)
    assert not signed_in(thief)


def test_the_code_that_set_it_up_opens_nothing_more(client):
    secret = with_codes(client)
    thief = Client()
    sign_in(thief)

    thief.post(ASKS, {"code": code_of(secret)})

    assert not signed_in(thief)


def test_codes_can_not_be_guessed_for_long(client):
    secret = with_codes(client)
    thief = Client()
    sign_in(thief)
    for number in range(12):
        thief.post(ASKS, {"code": f"{number:06}"})

    thief.post(ASKS, {"code": code_of(secret, 1)})

    assert not signed_in(thief)


def test_secrets_lie_sealed(client):
    secret = with_codes(client)

    app, recovery = Authenticator.objects.order_by("pk")

    assert app.data["secret"] != secret
    assert unseal(app.data["secret"]) == secret
    assert len(unseal(recovery.data["seed"])) == 80


def test_a_recovery_code_opens_once(client):
    with_codes(client)
    code = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    fresh, thief = Client(), Client()

    sign_in(fresh)
    fresh.post(ASKS, {"code": code})
    sign_in(thief)
    thief.post(ASKS, {"code": code})

    assert signed_in(fresh)
    assert not signed_in(thief)


def test_new_recovery_codes_end_the_old_ones(client):
    with_codes(client)
    old = client.get("/account/2fa/recovery-codes/").context["unused_codes"]

    client.post("/account/2fa/recovery-codes/generate/")

    new = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert len(new) == 10
    assert not set(old) & set(new)


def test_recovery_codes_come_as_a_file(client):
    with_codes(client)

    answer = client.get("/account/2fa/recovery-codes/download/")

    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert len(answer.text.split()) == 10


def test_a_customer_may_do_without_codes_again(client):
    with_codes(client)

    client.post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "page",
    [
        "",
        "totp/activate/",
        "webauthn/add/",
        "webauthn/",
        "recovery-codes/",
        "recovery-codes/generate/",
    ],
)
def test_pages_about_factors_are_nobodys_but_ones_own(client, page):
    answer = client.get(f"/account/2fa/{page}")

    assert answer.url.startswith("/account/login/?next=")


def test_passkeys_are_offered_at_the_door_and_in_the_account(client):
    member()
    door = client.get("/account/login/")
    sign_in(client)
    prove(client)

    page = client.get("/account/2fa/webauthn/add/")

    assert 'id="passkey_login"' in door.text
    assert page.context["js_data"]["creation_options"]["publicKey"]["rp"]["name"] == "Marl & Weft"
    assert "mfa/js/webauthn.js" in page.text


# Staff


def plain_sign_in(client, person):
    """A password and nothing else."""
    sign_in(client, person.email)
    assert signed_in(client)


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_staff_without_a_second_factor_get_no_further(client, page):
    plain_sign_in(client, staff("owner"))

    answer = client.get(page)

    assert answer.url == "/account/2fa/"
    assert "Staff need a second factor" in client.get(answer.url).text


def test_staff_without_a_second_factor_write_nothing(client):
    plain_sign_in(client, staff("owner"))

    assert (
        client.post("/admin/accounts/user/add/", {"email": "x@example.com"}).url == "/account/2fa/"
    )


def test_staff_pages_open_as_soon_as_codes_are_set_up(client):
    plain_sign_in(client, staff("owner"))
    prove(client)
    secret = client.get(SET_UP).context["form"].secret

    client.post(SET_UP, {"code": code_of(secret)})

    assert client.get("/admin/").status_code == 200
    acts = list(Entry.objects.filter(kind=Entry.Kind.DOOR).values_list("act", flat=True))
    assert "second factor added" in acts


def test_a_code_leads_staff_straight_to_their_pages(client):
    owner = staff("owner")
    demo.give(owner)

    asked = sign_in(client, owner.email, next="/dashboard/")
    answer = client.post(asked.url, {"code": code_of(demo.SECRET)})

    assert (asked.url, answer.url) == (ASKS, "/dashboard/")
    assert client.get("/dashboard/").status_code in (200, 404)


def test_a_session_from_before_the_factor_shows_it_first(client):
    owner = staff("owner")
    plain_sign_in(client, owner)
    demo.give(owner)

    asked = client.get("/admin/")
    client.post(asked.url, {"code": code_of(demo.SECRET), "next": "/admin/"})

    assert asked.url == f"{PROVE}?next=%2Fadmin%2F"
    assert client.get("/admin/").status_code == 200


def test_staff_do_not_give_up_their_only_factor(client):
    owner = staff("owner")
    demo.give(owner)
    client.force_login(owner)
    prove(client)

    answer = client.post("/account/2fa/totp/deactivate/")

    assert answer.status_code == 422
    assert "add another one first" in answer.text
    assert Authenticator.objects.exists()


def test_staff_do_not_give_up_their_only_passkey(client):
    owner = staff("owner")
    key = Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={})
    client.force_login(owner)
    prove(client)

    answer = client.post(f"/account/2fa/webauthn/keys/{key.pk}/remove/")

    assert answer.url == "/account/2fa/"
    assert Authenticator.objects.exists()


def test_a_day_at_work_ends_after_eight_hours_however_busy(client, time_machine):
    client.force_login(staff("owner"))
    assert client.get("/admin/").status_code == 200
    time_machine.move_to(timezone.now() + dt.timedelta(hours=8, minutes=1))

    answer = client.get("/admin/")

    assert answer.url == "/account/login/?next=%2Fadmin%2F"
    assert not signed_in(client)


def test_the_staff_site_has_no_door_of_its_own(client):
    owner = staff("owner")

    answer = client.post("/admin/login/", {"username": owner.email, "password": PASSWORD})

    assert answer.url.startswith("/account/login/")
    assert not signed_in(client)


def test_a_customer_finds_no_staff_page(client):
    client.force_login(member().user)

    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403


# The demo


def test_the_demo_fills_its_own_code_in(client, settings):
    settings.DEMO = True
    owner = staff("owner")
    demo.give(owner)
    sign_in(client, owner.email)

    form = client.get(ASKS).context["form"]
    client.post(ASKS, {"code": form["code"].value()})

    assert signed_in(client)


def test_three_sign_ins_in_a_row_each_find_a_code(settings):
    settings.DEMO = True
    owner = staff("owner")
    demo.give(owner)

    for _turn in range(3):
        client = Client()
        sign_in(client, owner.email)
        client.post(ASKS, {"code": client.get(ASKS).context["form"]["code"].value()})
        assert signed_in(client)


def test_outside_the_demo_no_code_is_filled_in(client):
    owner = staff("owner")
    demo.give(owner)
    sign_in(client, owner.email)

    assert client.get(ASKS).context["form"]["code"].value() is None
