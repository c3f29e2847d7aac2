from catalog.admin.category import CategoryAdmin
from catalog.admin.collection import CollectionAdmin
from catalog.admin.imports import ImportRunAdmin
from catalog.admin.option import OptionAdmin
from catalog.admin.price_lists import PriceListAdmin
from catalog.admin.price_sheet import PriceSheet
from catalog.admin.product import ProductAdmin
from catalog.admin.rates import ExchangeRateAdmin
from catalog.admin.redirect import RedirectAdmin
from catalog.admin.review import ReviewAdmin
from catalog.admin.safety import SafetyPartyAdmin
from catalog.admin.sales import SaleAdmin
from catalog.admin.search import SearchCountAdmin, SynonymAdmin, UnitAdmin
from catalog.admin.settings import (
    AttributeAdmin,
    MarketAdmin,
    ProductTypeAdmin,
)
from catalog.admin.tax import (
    TaxClassAdmin,
    TaxRateAdmin,
    TaxRegistrationAdmin,
    TaxTerritoryAdmin,
)
from catalog.admin.variant import VariantAdmin

__all__ = [
    "AttributeAdmin",
    "CategoryAdmin",
    "CollectionAdmin",
    "ExchangeRateAdmin",
    "ImportRunAdmin",
    "MarketAdmin",
    "OptionAdmin",
    "PriceListAdmin",
    "PriceSheet",
    "ProductAdmin",
    "ProductTypeAdmin",
    "RedirectAdmin",
    "ReviewAdmin",
    "SafetyPartyAdmin",
    "SaleAdmin",
    "SearchCountAdmin",
    "SynonymAdmin",
    "TaxClassAdmin",
    "TaxRateAdmin",
    "TaxRegistrationAdmin",
    "TaxTerritoryAdmin",
    "UnitAdmin",
    "VariantAdmin",
]
