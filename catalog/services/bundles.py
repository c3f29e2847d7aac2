"""Bundles: what may be sold as one, and of which parts."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import BundlePart, Variant
from shop.lib.errors import Refused
from shop.lib.locks import locked

MOST_PARTS = 50
MOST_UNITS = 999


class BadBundle(Refused):
    """Raised for parts that cannot be sold as one."""


def check(*, bundle: Variant, parts: Mapping[int, int]) -> None:
    """Whether a variant can consist of these parts ({variant id: units}). Raises BadBundle.

    A bundle's parts lie on a shelf of their own, so there are no bundles in bundles.
    """
    if not parts:
        return
    if len(parts) > MOST_PARTS:
        raise BadBundle(_("A bundle has at most %(count)s parts.") % {"count": MOST_PARTS})
    if any(not 1 <= units <= MOST_UNITS for units in parts.values()):
        raise BadBundle(_("Each part comes once at least, and at most 999 times."))
    if bundle.pk in parts:
        raise BadBundle(_("A bundle can't be a part of itself."))
    if BundlePart.objects.filter(part=bundle).exists():
        raise BadBundle(_("This is a part of another bundle, so it can't be one."))
    if bundle.uses_keys or not bundle.product.type.is_shipped:
        raise BadBundle(_("Only what travels in a parcel can be a bundle."))
    _check_parts(parts)


def _check_parts(parts: Mapping[int, int]) -> None:
    found = Variant.objects.filter(pk__in=parts).select_related("product__type")
    variants = {one.pk: one for one in found.prefetch_related("parts")}
    if parts.keys() - variants.keys():
        raise BadBundle(_("One of the parts is gone."))
    for one in variants.values():
        if one.parts.all():
            raise BadBundle(_("%(sku)s is a bundle itself.") % {"sku": one.sku})
        if one.uses_keys or not one.product.type.is_shipped:
            text = _("%(sku)s does not travel in a parcel, so it can't be a part.")
            raise BadBundle(text % {"sku": one.sku})


@transaction.atomic
def put_together(*, bundle: Variant, parts: Mapping[int, int]) -> None:
    """Make a variant consist of these parts, in this order. No parts: a piece of its own again.

    Raises BadBundle. Bundle and parts are locked, so two changes can't nest one in another.
    """
    locked(Variant.objects.filter(pk__in=[bundle.pk, *parts]))
    check(bundle=bundle, parts=parts)
    BundlePart.objects.filter(bundle=bundle).delete()
    BundlePart.objects.bulk_create(
        BundlePart(bundle=bundle, part_id=part, quantity=units, position=position)
        for position, (part, units) in enumerate(parts.items())
    )
