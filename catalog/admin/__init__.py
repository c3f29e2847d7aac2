from catalog.admin.category import CategoryAdmin
from catalog.admin.option import OptionAdmin
from catalog.admin.product import ProductAdmin, ProductTypeAdmin
from catalog.admin.review import ReviewAdmin
from catalog.admin.settings import MarketAdmin, TaxClassAdmin, TaxRateAdmin

__all__ = [
    "CategoryAdmin",
    "MarketAdmin",
    "OptionAdmin",
    "ProductAdmin",
    "ProductTypeAdmin",
    "ReviewAdmin",
    "TaxClassAdmin",
    "TaxRateAdmin",
]
