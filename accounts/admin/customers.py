"""Customers and their groups: what somebody's prices and taxes depend on."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter

from accounts.admin import customer_page
from accounts.admin.customer_file import CustomerFile
from accounts.admin.customer_record import CustomerRecord
from accounts.forms import CustomerForm
from accounts.models import Customer, CustomerGroup
from accounts.services import customers, news
from orders.models import Order
from shop.admin.base import ShopAdmin
from shop.admin.kit import CheckboxSelectMultiple
from shop.lib.errors import Refused

# More groups than this are not offered as acts of their own; the customer's page has them all.
MOST_ACTS = 20
Act = Callable[..., None]


@admin.register(CustomerGroup)
class CustomerGroupAdmin(ShopAdmin):
    list_display = ("name", "code", "people", "lists")
    search_fields = ("name", "code")
    search_help_text = lazy("Name or code")
    ordering = ("name", "id")
    prepopulated_fields = {"code": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerGroup]:
        rows: QuerySet[CustomerGroup] = super().get_queryset(request)
        return rows.annotate(
            people_count=Count("customers", distinct=True),
            list_count=Count("price_lists", distinct=True),
        )

    @admin.display(description=lazy("customers"), ordering="people_count")
    def people(self, group: CustomerGroup) -> SafeString:
        count = group.people_count  # type: ignore[attr-defined]
        return _link("accounts_customer", f"groups__id__exact={group.pk}", count)

    @admin.display(description=lazy("price lists"), ordering="list_count")
    def lists(self, group: CustomerGroup) -> SafeString:
        count = group.list_count  # type: ignore[attr-defined]
        return _link("catalog_pricelist", f"group__id__exact={group.pk}", count)


@admin.register(Customer)
class CustomerAdmin(CustomerFile, CustomerRecord):
    form = CustomerForm
    list_display = ("email", "name", "company", "in_groups", "is_tax_exempt", "bought", "since")
    list_filter = (("groups", RelatedDropdownFilter), "is_tax_exempt")
    search_fields = ("email", "name", "company", "vat_number", "tags")
    search_help_text = lazy("E-mail, name, company, VAT number or tag")
    ordering = ("-created_at", "-id")
    raw_id_fields = ("user",)
    readonly_fields = ("bought", "credit", "cards", "since")
    fieldsets = (
        (None, {"fields": ("email", "name", "company", "user", "groups")}),
        (lazy("Tax"), {"fields": ("vat_number", "is_tax_exempt", "exemption")}),
        (lazy("With us"), {"fields": readonly_fields}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        rows: QuerySet[Customer] = super().get_queryset(request)
        theirs = Order.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
        counted = theirs.annotate(count=Count("pk")).values("count")
        return rows.prefetch_related("groups").annotate(order_count=Subquery(counted))

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Groups as boxes to tick: a list to hold Ctrl over is a trap."""
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        topic = news.CHANGED if change else news.CREATED
        news.of_customers(topic=topic, customer_ids=[form.instance.pk], now=timezone.now())

    # Columns

    @admin.display(description=lazy("groups"))
    def in_groups(self, customer: Customer) -> str:
        return ", ".join(sorted(group.name for group in customer.groups.all()))

    @admin.display(description=lazy("orders"), ordering="order_count")
    def bought(self, customer: Customer) -> SafeString:
        count = getattr(customer, "order_count", None) or 0
        return _link("orders_order", f"customer__id__exact={customer.pk}", count)

    @admin.display(description=lazy("since"), ordering="created_at")
    def since(self, customer: Customer) -> Any:
        return customer.created_at

    @admin.display(description=lazy("gift cards and credit"))
    def credit(self, customer: Customer) -> SafeString | str:
        return customer_page.credit(customer)

    @admin.display(description=lazy("discount cards"))
    def cards(self, customer: Customer) -> SafeString | str:
        return customer_page.cards(customer)

    # Acts on many

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not self.has_change_permission(request):
            return actions
        offered: dict[str, tuple[Act, Any]] = {"invite": (_invite, _("Mail an invitation"))}
        for group in CustomerGroup.objects.order_by("name", "pk")[:MOST_ACTS]:
            told = {"group": group.name}
            offered[f"add_{group.pk}"] = (partial(_add, group), _("Add to %(group)s") % told)
            offered[f"remove_{group.pk}"] = (
                partial(_remove, group),
                _("Take out of %(group)s") % told,
            )
        return actions | {name: (act, name, words) for name, (act, words) in offered.items()}


def _add(
    group: CustomerGroup, page: CustomerAdmin, request: HttpRequest, rows: QuerySet[Customer]
) -> None:
    ids = list(rows.values_list("pk", flat=True))
    count = customers.put_in_group(customers=ids, group=group)
    news.of_customers(topic=news.CHANGED, customer_ids=ids, now=timezone.now())
    words = ngettext(
        "%(count)s of %(all)s customer put in %(group)s, the others were in it.",
        "%(count)s of %(all)s customers put in %(group)s, the others were in it.",
        len(ids),
    )
    page.message_user(request, words % {"count": count, "all": len(ids), "group": group.name})


def _remove(
    group: CustomerGroup, page: CustomerAdmin, request: HttpRequest, rows: QuerySet[Customer]
) -> None:
    ids = list(rows.values_list("pk", flat=True))
    count = customers.take_out_of_group(customers=ids, group=group)
    news.of_customers(topic=news.CHANGED, customer_ids=ids, now=timezone.now())
    words = ngettext(
        "%(count)s of %(all)s customer taken out of %(group)s, the others were not in it.",
        "%(count)s of %(all)s customers taken out of %(group)s, the others were not in it.",
        len(ids),
    )
    page.message_user(request, words % {"count": count, "all": len(ids), "group": group.name})


def _invite(page: CustomerAdmin, request: HttpRequest, rows: QuerySet[Customer]) -> None:
    invited = 0
    for customer in rows.order_by("pk"):
        try:
            customers.invite(customer=customer, now=timezone.now())
        except Refused as refusal:
            page.message_user(request, refusal.message, messages.WARNING)
        else:
            invited += 1
    words = ngettext(
        "%(count)s invitation is on its way.", "%(count)s invitations are on their way.", invited
    )
    page.message_user(request, words % {"count": invited})


def _link(page: str, query: str, count: int) -> SafeString:
    address = reverse(f"admin:{page}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, query, count)
