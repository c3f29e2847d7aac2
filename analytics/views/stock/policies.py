"""How a variant is stocked, as a form on its page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.stock_policy import PolicyForm
from catalog.models import Variant
from inventory.models import StockPolicy
from shop.lib.errors import Refused
from shop.processes import stock_policies


def policy_form(variant: Variant, data: Any = None) -> PolicyForm:
    """A variant without a policy shows what holds of it."""
    found = getattr(variant, "stock_policy", None)
    return PolicyForm(data, instance=found or StockPolicy(variant=variant))


def saved(request: HttpRequest, variant: Variant, form: PolicyForm) -> bool:
    """Whether it was kept; says so, or adds to the form why not."""
    if not form.is_valid():
        return False
    values = {name: form.cleaned_data[name] for name in form.changed_data}
    try:
        stock_policies.change(variant_id=variant.pk, values=values, now=timezone.now())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("Saved."))
    return True
