"""What the demo's two customers have told the shop: addresses, what they agree to, an order each."""

import datetime as dt
import logging

from django.conf import settings

from accounts.models import Address, Customer, Purpose, User
from accounts.services import addresses, consents, notes, visits
from accounts.services.addresses import Written
from catalog.models import Market, Price
from orders.models import Cart, CartLine, Order
from orders.services.orders import Buyer
from shop.demo.seeding.staff import DOMAIN
from shop.lib.errors import Refused
from shop.processes import checkout
from shop.processes.checkout import Choice

log = logging.getLogger(__name__)
HOME = Written("Nora Pettigrew", "3 Lantern Row", "Whitby", "GB", postcode="YO22 4DE")
WORK = Written(
    "Nora Pettigrew",
    "The Old Chandlery",
    "Whitby",
    "GB",
    line2="Church Street",
    postcode="YO22 4AS",
    company="Pettigrew Restoration",
)
KITCHEN = Written(
    "Ruben Achterberg",
    "88 Corn Street",
    "Bristol",
    "GB",
    postcode="BS1 1JQ",
    company="The Slow Kitchen",
)
NOTE = "Rings up before she orders for the workshop. Likes the matt glazes; was sent two tiles to compare."
LOOKED_AT = (("/", "Marl & Weft"), ("/collections/", "Collections"), ("/p/foot-ring-mug/", "Mug"))
MUG, METHOD = "foot-ring-mug", "royal-mail-48"


def fill(*, now: dt.datetime) -> None:
    """In the demo alone: its logins are known. Each thing once."""
    member = Customer.objects.filter(email=f"member@{DOMAIN}").first()
    trade = Customer.objects.filter(email=f"trade@{DOMAIN}").first()
    if not settings.DEMO or member is None or trade is None or Address.objects.exists():
        return
    _write(member, [HOME, WORK], now)
    _write(trade, [KITCHEN], now)
    for purpose in (Purpose.NEWS, Purpose.VISITS):
        consents.give(customer=member, purpose=purpose, source="account", now=now)
    consents.withdraw(customer=trade, purpose=Purpose.NEWS, source="account", now=now)
    for path, title in LOOKED_AT:
        visits.seen(customer=member, path=path, title=title, now=now)
    author = User.objects.filter(email=f"support@{DOMAIN}").first()
    notes.add(customer=member, text=NOTE, author=author, now=now)
    notes.set_tags(customer=member, text="workshop, glazes", now=now)
    for customer, home in ((member, HOME), (trade, KITCHEN)):
        _order(customer, home, now)


def _write(customer: Customer, written: list[Written], now: dt.datetime) -> None:
    for place, one in enumerate(written):
        addresses.save(customer=customer, written=one, is_default=place == 0, now=now)


def _order(customer: Customer, home: Written, now: dt.datetime) -> None:
    """Two mugs by bank transfer, as the checkout would take them."""
    market = Market.objects.order_by("position", "pk").first()
    prices = Price.objects.filter(market=market, variant__product__slug=MUG)
    price = prices.order_by("variant__sku").first()
    if market is None or price is None or Order.objects.filter(customer=customer).exists():
        return
    cart = Cart.objects.create(market=market, customer=customer, created_at=now, updated_at=now)
    CartLine.objects.create(
        cart=cart,
        variant_id=price.variant_id,
        quantity=2,
        price_seen=price.current,
        added_at=now,
    )
    choice = Choice(
        buyer=Buyer(
            customer.email, home.name, home.line1, home.line2, home.city, home.postcode, "GB"
        ),
        shipping_method=METHOD,
        payment_method="bank_transfer",
        language=settings.LANGUAGE_CODE,
    )
    try:
        checkout.place_order(cart=cart, choice=choice, now=now)
    except Refused as refusal:
        # Sold out, for instance: the demo is whole without it.
        log.info("demo order left out: %s", type(refusal).__name__)
