"""What a customer's page shows of the rest of the shop: credit, cards."""

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import Customer
from marketing.models import Coupon
from payments.models import ValueAccount
from shop.admin.base import NEVER
from shop.templatetags.shop_text import money

ROW = '<a href="{}">{}</a>'


def credit(customer: Customer) -> SafeString | str:
    """Accounts with their balances, each a link to its page."""
    if not customer.pk:
        return NEVER
    rows = ValueAccount.objects.filter(customer=customer).order_by("kind", "pk")
    return _links(
        [
            (
                reverse("admin:payments_valueaccount_change", args=[one.pk]),
                f"{one.get_kind_display()}: {money(one.balance, one.currency)}",
            )
            for one in rows
        ]
    )


def cards(customer: Customer) -> SafeString | str:
    if not customer.pk:
        return NEVER
    rows = Coupon.objects.filter(customer=customer).select_related("promotion").order_by("code")
    return _links(
        [
            (
                reverse("admin:marketing_promotion_change", args=[one.promotion_id]),
                f"{one.code}: {one.promotion}",
            )
            for one in rows
        ]
    )


def _links(rows: list[tuple[str, str]]) -> SafeString | str:
    return format_html_join(", ", ROW, rows) or NEVER
