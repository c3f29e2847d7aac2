from accounts.views.addresses import (
    address,
    address_default,
    address_new,
    address_remove,
    addresses,
)
from accounts.views.orders import orders
from accounts.views.overview import card_link, overview, prices
from accounts.views.policies import policies, visits_answer
from accounts.views.preferences import preferences
from accounts.views.privacy import privacy, privacy_erase, privacy_export, privacy_file
from accounts.views.reviews import review_new, review_remove, reviews
from accounts.views.saved_cards import saved_card_remove, saved_cards
from accounts.views.stored_value import stored_value
from accounts.views.viewing import stop_viewing
from accounts.views.visits import visit

__all__ = [
    "address",
    "address_default",
    "address_new",
    "address_remove",
    "addresses",
    "card_link",
    "orders",
    "overview",
    "policies",
    "preferences",
    "prices",
    "privacy",
    "privacy_erase",
    "privacy_export",
    "privacy_file",
    "review_new",
    "review_remove",
    "reviews",
    "saved_card_remove",
    "saved_cards",
    "stop_viewing",
    "stored_value",
    "visit",
    "visits_answer",
]
