"""The fields of the checkout as HTML. Nobody has typed anything yet: then they are the same for everybody."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from orders.forms import CheckoutForm
from orders.views.business import VatSaid

TEMPLATE = "orders/_checkout_fields.html"
# Of the form's values these are no fields of this part, or, as the country, chosen from a list.
NOT_TYPED = {"country", "shipping_method", "pickup", "near", "payment_method"}
# In each process: languages, markets and countries are few.
MOST = 256
UNTOUCHED: dict[tuple[Any, ...], SafeString] = {}


def fields(
    form: CheckoutForm, *, vat: VatSaid | None, saved: list[dict[str, Any]], can_keep: bool
) -> SafeString:
    """Who it is for and where it goes. saved: the buyer's own addresses; can_keep: whether this may be one."""
    look = None if vat or saved or can_keep else _look(form)
    found = UNTOUCHED.get(look) if look else None
    if found is not None:
        return found
    context = {
        "form": form,
        "vat": vat,
        "saved": saved,
        "can_keep": can_keep,
        "needs_delivery": "line1" in form.fields,
        "needs_region": "region" in form.fields,
        "checkout_url": reverse("orders:checkout"),
    }
    made = render_to_string(TEMPLATE, context)
    if look:
        if len(UNTOUCHED) >= MOST:
            UNTOUCHED.clear()
        UNTOUCHED[look] = made
    return made


def _look(form: CheckoutForm) -> tuple[Any, ...] | None:
    """All that an untouched form shows; None for any other."""
    typed = [name for name, value in form.initial.items() if value and name not in NOT_TYPED]
    if form.is_bound or typed:
        return None
    country = form.fields["country"]
    return (
        get_language(),
        get_script_prefix(),
        form.initial.get("country"),
        tuple(country.choices),  # type: ignore[attr-defined]
        tuple(form.fields),
    )
