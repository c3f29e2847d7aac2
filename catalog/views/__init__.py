from catalog.views.category import category
from catalog.views.collection import collection, collections
from catalog.views.home import home
from catalog.views.product import product
from catalog.views.recommended import recommended
from catalog.views.search import search, search_seen, suggest

__all__ = [
    "category",
    "collection",
    "collections",
    "home",
    "product",
    "recommended",
    "search",
    "search_seen",
    "suggest",
]
