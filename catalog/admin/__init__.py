from catalog.admin.category import CategoryAdmin
from catalog.admin.collection import CollectionAdmin
from catalog.admin.imports import ImportRunAdmin
from catalog.admin.option import OptionAdmin
from catalog.admin.product import ProductAdmin
from catalog.admin.redirect import RedirectAdmin
from catalog.admin.review import ReviewAdmin
from catalog.admin.safety import SafetyPartyAdmin
from catalog.admin.search import SearchCountAdmin, SynonymAdmin, UnitAdmin
from catalog.admin.settings import (
    AttributeAdmin,
    MarketAdmin,
    ProductTypeAdmin,
    TaxClassAdmin,
    TaxRateAdmin,
)
from catalog.admin.variant import VariantAdmin

__all__ = [
    "AttributeAdmin",
    "CategoryAdmin",
    "CollectionAdmin",
    "ImportRunAdmin",
    "MarketAdmin",
    "OptionAdmin",
    "ProductAdmin",
    "ProductTypeAdmin",
    "RedirectAdmin",
    "ReviewAdmin",
    "SafetyPartyAdmin",
    "SearchCountAdmin",
    "SynonymAdmin",
    "TaxClassAdmin",
    "TaxRateAdmin",
    "UnitAdmin",
    "VariantAdmin",
]
