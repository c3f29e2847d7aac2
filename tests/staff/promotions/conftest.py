import pytest

from tests.factories import MarketFactory
from tests.factories.shelf import product_with
from tests.factories.shipping import MethodFactory


@pytest.fixture
def markets(demo_market):
    MethodFactory()
    return demo_market, MarketFactory(code="eu", path="eu", currency="EUR", countries=["DE", "FR"])


@pytest.fixture
def marketing(sign_in, markets):
    return sign_in("marketing")


@pytest.fixture
def mug(markets):
    return product_with(title="Foot-ring mug", slug="mug", price="20.00")


@pytest.fixture
def bowl(markets):
    return product_with(title="Soup bowl", slug="bowl", price="30.00")
