"""Cards that customers saved with the provider: kept in step, chosen at the checkout, let go."""

import pytest
import stripe
from django.conf import settings as conf
from django.urls import reverse

from orders.models import Order
from payments.models import Payment, ProviderCustomer, SavedCard
from tests.factories import CartLineFactory, MarketFactory, RateFactory, TaxRateFactory, in_stock
from tests.factories.customers import member
from tests.orders.test_checkout_codes import TYPED
from tests.payments.provider import work

pytestmark = pytest.mark.django_db
CARD = {**TYPED, "payment_method": "card"}
CARDS = "/account/cards/"


@pytest.fixture
def alice(client, provider, demo_market):
    customer = member("alice@example.com")
    client.force_login(customer.user)
    return customer


def fill_basket(client, customer=None):
    MarketFactory()
    TaxRateFactory()
    RateFactory()
    line = CartLineFactory(variant=in_stock(20), cart__customer=customer)
    client.cookies["cart"] = line.cart.token
    return line.cart


def order_now(client, customer=None, **changes):
    fill_basket(client, customer)
    answer = client.post("/checkout/", {**CARD, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return answer, Order.objects.latest("pk")


def api(provider):
    return stripe.StripeClient(conf.STRIPE_SECRET_KEY, base_addresses={"api": provider.standin.url})


def save_card(provider, customer, kind="pm_card_visa"):
    """A card Stripe keeps for this customer, and that we know of."""
    owner, _is_new = ProviderCustomer.objects.get_or_create(
        customer=customer,
        provider="card",
        defaults={
            "provider_ref": api(provider).v1.customers.create({"email": customer.email}).id,
            "created_at": customer.created_at,
        },
    )
    method = api(provider).v1.payment_methods.attach(kind, {"customer": owner.provider_ref})
    return SavedCard.objects.create(
        customer=customer,
        provider_ref=method.id,
        brand=method.card.brand,
        last4=method.card.last4,
        expires_on="2040-12-31",
        saved_at=customer.created_at,
    )


def test_a_card_saved_on_the_page_is_known_afterwards(client, provider, alice):
    _answer, order = order_now(client, alice)
    payment = Payment.objects.get(order=order)
    provider.pay(payment.provider_ref, save=True).raise_for_status()

    client.get(reverse("payments:back", args=[order.number]), {"t": order.link_token})
    work()

    card = SavedCard.objects.get()
    assert (card.customer, card.brand, card.last4) == (alice, "visa", "4242")
    assert "Visa … 4242" in client.get(CARDS).content.decode()


def test_a_stranger_is_no_customer_of_the_provider(client, provider):
    order_now(client)

    assert not ProviderCustomer.objects.exists()
    assert not provider.ledger()["customers"]


def test_a_saved_card_pays_without_the_providers_page(client, provider, alice):
    card = save_card(provider, alice)
    answer, order = order_now(client, alice, saved_card=card.pk)
    assert "/payment/back/" in answer.url

    client.get(answer.url)

    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("confirmed", "paid")
    assert not provider.ledger()["sessions"]


def test_a_second_click_charges_a_saved_card_once(client, provider, alice):
    card = save_card(provider, alice)
    answer, order = order_now(client, alice, saved_card=card.pk)
    client.cookies["cart"] = order.cart.token

    again = client.post("/checkout/", {**CARD, "saved_card": card.pk})

    assert again.url == answer.url
    assert len(provider.ledger()["charges"]) == 1


def test_the_bank_is_asked_on_a_page_of_its_own(client, provider, alice):
    card = save_card(provider, alice, "pm_card_authenticationRequired")
    answer, order = order_now(client, alice, saved_card=card.pk)
    assert answer.url.startswith(provider.standin.url)
    assert order.payment_status == "pending"

    page = provider.web.post(answer.url, data={"outcome": "approve"})
    client.get(page.headers["location"])

    order.refresh_from_db()
    assert order.payment_status == "paid"


def test_a_bank_that_says_no_leaves_the_order_to_be_paid(client, provider, alice):
    card = save_card(provider, alice, "pm_card_authenticationRequired")
    answer, order = order_now(client, alice, saved_card=card.pk)

    page = provider.web.post(answer.url, data={"outcome": "fail"})
    told = client.get(page.headers["location"], follow=True).content.decode()

    assert "Your card was declined" in told
    assert not Payment.objects.get(order=order).is_open


def test_a_declined_card_keeps_the_order_and_another_page_opens(client, provider, alice):
    card = save_card(provider, alice, "pm_card_chargeDeclined")
    answer, order = order_now(client, alice, saved_card=card.pk)
    page = client.get(answer.url).content.decode()
    assert "Your card was declined" in page
    assert "12 Analytical Row" in page

    client.post(f"{reverse('payments:pay', args=[order.number])}?t={order.link_token}")
    second = Payment.objects.get(order=order, is_open=True)
    provider.pay(second.provider_ref).raise_for_status()
    provider.tell(client)

    order.refresh_from_db()
    assert (second.attempt, order.payment_status) == (2, "paid")


def test_the_checkout_offers_own_cards_and_keeps_the_choice(client, provider, alice):
    card = save_card(provider, alice)
    fill_basket(client, alice)

    page = client.get("/checkout/").content.decode()
    again = client.post(
        "/checkout/", {**CARD, "saved_card": card.pk, "postcode": "bad"}
    ).content.decode()

    assert "Visa … 4242" in page
    assert f'value="{card.pk}" checked' in again


def test_nobody_pays_with_anothers_card(client, provider, alice):
    theirs = save_card(provider, member("bob@example.com"))

    _answer, order = order_now(client, alice, saved_card=theirs.pk)

    assert Payment.objects.get(order=order).provider_ref.startswith("cs_")
    assert "4242" not in client.get(CARDS).content.decode()


def test_a_removed_card_is_gone_at_the_provider_too(client, provider, alice):
    card = save_card(provider, alice)

    client.post(reverse("accounts:saved_card_remove", args=[card.pk]))

    assert not SavedCard.objects.exists()
    assert not api(provider).v1.payment_methods.retrieve(card.provider_ref).customer
    assert "No card is saved" in client.get(CARDS).content.decode()


def test_a_provider_that_is_down_removes_nothing_and_says_so(client, provider, alice):
    card = save_card(provider, alice)
    provider.break_down(fail_before=1.0)

    answer = client.post(reverse("accounts:saved_card_remove", args=[card.pk]))

    assert answer.status_code == 503
    assert SavedCard.objects.exists()


def test_a_card_let_go_at_the_provider_is_forgotten(client, provider, alice):
    card = save_card(provider, alice)
    api(provider).v1.payment_methods.detach(card.provider_ref)

    provider.tell(client)

    assert not SavedCard.objects.exists()


def test_a_customer_the_provider_forgot_pays_on_the_page(client, provider, alice):
    card = save_card(provider, alice)
    provider.standin.desk.store.customers.clear()
    answer, order = order_now(client, alice, saved_card=card.pk)
    assert order.get_absolute_url() in answer.url

    client.post(f"{reverse('payments:pay', args=[order.number])}?t={order.link_token}")

    assert Payment.objects.get(order=order, is_open=True).provider_ref.startswith("cs_")


@pytest.mark.parametrize("method", ["get", "post"])
def test_cards_are_for_members(client, demo_market, method):
    address = CARDS if method == "get" else reverse("accounts:saved_card_remove", args=[1])

    assert "/account/login/" in getattr(client, method)(address).url
