import pytest

from tests.factories import CartLineFactory, MarketFactory, RateFactory, TaxRateFactory, in_stock
from tests.factories.promotions import CouponFactory, promotion


@pytest.fixture
def line(client):
    """Two mugs of £22.00 and £3.90 for delivery: £47.90."""
    MarketFactory()
    TaxRateFactory()
    RateFactory()
    line = CartLineFactory(variant=in_stock(20), quantity=2)
    client.cookies["cart"] = line.cart.token
    return line


@pytest.fixture
def spring(line):
    """SPRING10: a tenth of the goods."""
    offer = promotion("percent", {"percent": "10"}, label="Spring", is_automatic=False)
    return CouponFactory(promotion=offer, code="SPRING10")
