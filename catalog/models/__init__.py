from catalog.models.attribute import Attribute, AttributeChoice, AttributeValue, TypeAttribute
from catalog.models.bundle import BundlePart
from catalog.models.card import Card, CardQuerySet
from catalog.models.category import Category
from catalog.models.collection import Collection, CollectionEntry
from catalog.models.digital import DigitalFile
from catalog.models.extra import Extra, ExtraPrice
from catalog.models.facet import Facet
from catalog.models.image import Image
from catalog.models.import_run import ImportRow, ImportRun
from catalog.models.market import Market, Rounding
from catalog.models.price import Price, PriceHistory
from catalog.models.price_list import ExchangeRate, PriceList, PriceListEntry
from catalog.models.product import Product, ProductQuerySet, ProductType
from catalog.models.recommendation import Recommendation
from catalog.models.redirect import Redirect
from catalog.models.review import Review
from catalog.models.safety import SafetyParty
from catalog.models.sale import Sale, SaleEntry
from catalog.models.search import SearchCount, Synonym, Unit, Word
from catalog.models.tax import TaxClass, TaxRate, TaxRegistration, TaxTerritory
from catalog.models.variant import Option, OptionValue, Variant

__all__ = [
    "Attribute",
    "AttributeChoice",
    "AttributeValue",
    "BundlePart",
    "Card",
    "CardQuerySet",
    "Category",
    "Collection",
    "CollectionEntry",
    "DigitalFile",
    "ExchangeRate",
    "Extra",
    "ExtraPrice",
    "Facet",
    "Image",
    "ImportRow",
    "ImportRun",
    "Market",
    "Option",
    "OptionValue",
    "Price",
    "PriceHistory",
    "PriceList",
    "PriceListEntry",
    "Product",
    "ProductQuerySet",
    "ProductType",
    "Recommendation",
    "Redirect",
    "Review",
    "Rounding",
    "SafetyParty",
    "Sale",
    "SaleEntry",
    "SearchCount",
    "Synonym",
    "TaxClass",
    "TaxRate",
    "TaxRegistration",
    "TaxTerritory",
    "TypeAttribute",
    "Unit",
    "Variant",
    "Word",
]
