from catalog.views.category import category
from catalog.views.home import home
from catalog.views.product import product
from catalog.views.search import search, suggest

__all__ = ["category", "home", "product", "search", "suggest"]
