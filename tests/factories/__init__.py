"""Things to test with, made with the fewest words. The ladder: cart, order, paid, shipped."""

from tests.factories.catalog import (
    CategoryFactory,
    ImageFactory,
    MarketFactory,
    PriceFactory,
    ProductFactory,
    ProductTypeFactory,
    SafetyPartyFactory,
    TaxClassFactory,
    TaxRateFactory,
    VariantFactory,
)
from tests.factories.orders import (
    CartFactory,
    CartLineFactory,
    buyer,
    canceled_order,
    checkout_of,
    paid_order,
    placed_order,
    shipped_order,
)
from tests.factories.shipping import MethodFactory, RateFactory, ZoneFactory
from tests.factories.stock import in_stock, stock_of

__all__ = [
    "CartFactory",
    "CartLineFactory",
    "CategoryFactory",
    "ImageFactory",
    "MarketFactory",
    "MethodFactory",
    "PriceFactory",
    "ProductFactory",
    "ProductTypeFactory",
    "RateFactory",
    "SafetyPartyFactory",
    "TaxClassFactory",
    "TaxRateFactory",
    "VariantFactory",
    "ZoneFactory",
    "buyer",
    "canceled_order",
    "checkout_of",
    "in_stock",
    "paid_order",
    "placed_order",
    "shipped_order",
    "stock_of",
]
