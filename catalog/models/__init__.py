from catalog.models.card import Card, CardQuerySet
from catalog.models.category import Category
from catalog.models.facet import Facet
from catalog.models.image import Image
from catalog.models.market import Market
from catalog.models.price import Price
from catalog.models.product import Product, ProductQuerySet, ProductType
from catalog.models.review import Review
from catalog.models.tax import TaxClass, TaxRate
from catalog.models.variant import Option, OptionValue, Variant

__all__ = [
    "Card",
    "CardQuerySet",
    "Category",
    "Facet",
    "Image",
    "Market",
    "Option",
    "OptionValue",
    "Price",
    "Product",
    "ProductQuerySet",
    "ProductType",
    "Review",
    "TaxClass",
    "TaxRate",
    "Variant",
]
