from accounts.views.overview import card_link, overview, prices
from accounts.views.password import password_forgotten, password_new
from accounts.views.sign_in import sign_in, sign_out

__all__ = [
    "card_link",
    "overview",
    "password_forgotten",
    "password_new",
    "prices",
    "sign_in",
    "sign_out",
]
