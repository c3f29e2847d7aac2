"""Why the shop suggests a line, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Reasons = Mapping[str, Any]


def words(reasons: Reasons) -> str:
    """Sentences for whoever approves the order; empty for a line that a person put there."""
    if "reorder_point" not in reasons:
        return ""
    told = [_stock(reasons), _level(reasons)]
    told += [say(reasons) for key, say in ALSO.items() if reasons.get(key)]
    return " ".join(one for one in told if one)


def _stock(reasons: Reasons) -> str:
    parts = [_("%(available)s can be sold") % reasons]
    if reasons.get("incoming"):
        parts.append(_("%(incoming)s are on order") % reasons)
    if reasons.get("drafted"):
        parts.append(_("%(drafted)s are on drafts of your own") % reasons)
    if reasons.get("owed"):
        parts.append(_("%(owed)s are owed to customers") % reasons)
    stock = ", ".join(parts)
    if reasons.get("days_of_cover") is None:
        return _("%(stock)s; nothing is sold in a usual week.") % {"stock": stock}
    lasting = _("%(stock)s: enough for %(days_of_cover)s days at %(weekly)s a week.")
    return lasting % {**reasons, "stock": stock}


def _level(reasons: Reasons) -> str:
    return (
        _(
            "The reorder point is %(reorder_point)s: %(lead_days)s days until a delivery, "
            "and %(safety_stock)s against surprises. %(wanted)s fill it up to %(order_up_to)s."
        )
        % reasons
    )


def _packs(reasons: Reasons) -> str:
    same = reasons["units"] == reasons["wanted"] or reasons.get("break_from")
    if same or reasons.get("topped_up") or reasons.get("cut"):
        return ""
    if reasons["units"] == reasons["minimum"]:
        return _("They sell at least %(minimum)s.") % reasons
    return _("They come in packs of %(pack_size)s.") % reasons


def _break(reasons: Reasons) -> str:
    return _("From %(break_from)s on a unit costs less.") % reasons


def _topped_up(reasons: Reasons) -> str:
    return _("%(topped_up)s of them reach the supplier's least order value.") % reasons


def _short_of(reasons: Reasons) -> str:
    return _("The order is %(short_of)s short of the supplier's least value.") % reasons


def _cut(reasons: Reasons) -> str:
    return _("%(units)s instead of %(cut)s: the budget does not pay for more.") % reasons


ALSO: Mapping[str, Callable[[Reasons], str]] = {
    "pack_size": _packs,
    "break_from": _break,
    "topped_up": _topped_up,
    "short_of": _short_of,
    "cut": _cut,
}
