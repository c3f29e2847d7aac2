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
from catalog.models.market import Market
from catalog.models.price import Price, PriceHistory
from catalog.models.product import Product, ProductQuerySet, ProductType
from catalog.models.recommendation import Recommendation
from catalog.models.redirect import Redirect
from catalog.models.review import Review
from catalog.models.safety import SafetyParty
from catalog.models.search import SearchCount, Synonym, Unit, Word
from catalog.models.tax import TaxClass, TaxRate
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
    "Product",
    "ProductQuerySet",
    "ProductType",
    "Recommendation",
    "Redirect",
    "Review",
    "SafetyParty",
    "SearchCount",
    "Synonym",
    "TaxClass",
    "TaxRate",
    "TypeAttribute",
    "Unit",
    "Variant",
    "Word",
]
