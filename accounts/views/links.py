"""The pages of an account, as its navigation lists them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Pages below each other's address count as the nearest one above.
PAGES: tuple[tuple[str, Promise], ...] = (
    ("accounts:overview", _("Overview")),
    ("accounts:orders", _("Orders")),
    ("accounts:addresses", _("Addresses")),
    ("orders:wishlist", _("Wish lists")),
    ("accounts:reviews", _("Reviews")),
    ("accounts:stored_value", _("Gift cards and credit")),
    ("accounts:saved_cards", _("Payment cards")),
    ("accounts:preferences", _("What we may send you")),
    ("accounts:privacy", _("Your data")),
    ("account_email", _("Email address")),
    ("account_change_password", _("Password")),
    ("mfa_index", _("Second factor")),
    ("usersessions_list", _("Where you are signed in")),
)
# Who works here has no orders, but a way to sign in.
OF_STAFF = (("admin:index", _("Staff pages")), *PAGES[-4:])


@dataclass(frozen=True, slots=True)
class Link:
    name: Promise
    url: str
    is_current: bool


def of(request: HttpRequest) -> list[Link]:
    """All of them; the one that the page belongs to is current."""
    pages = OF_STAFF if getattr(request.user, "is_staff", False) else PAGES
    found = [(name, reverse(page)) for page, name in pages]
    here = max((url for _name, url in found if request.path.startswith(url)), key=len, default="")
    return [Link(name, url, url == here) for name, url in found]
