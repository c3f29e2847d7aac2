"""Where stock is when nobody says where."""

from django.utils.translation import gettext as _

from inventory.models import Location


def default_location() -> Location:
    location = Location.objects.order_by("position", "pk").first()
    return location or Location.objects.create(code="main", name=_("Main store"))
