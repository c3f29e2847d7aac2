"""Codes one by one: found, switched off, linked to a customer; and the orders that used them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.models import Customer
from marketing.models import Coupon, PromotionUse
from marketing.queries.coupons import normalised
from marketing.services import coupons, promotions
from shop.admin.base import ShopAdmin, badge
from shop.admin.discretion import SEE_PEOPLE, without
from shop.admin.kit import TextInput
from shop.lib.errors import Refused

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Coupon]
else:
    ModelForm = forms.ModelForm


class CouponForm(ModelForm):
    """The customer is written by e-mail, as it stands in a letter."""

    holder = forms.EmailField(
        label=lazy("customer's e-mail"),
        required=False,
        help_text=lazy("For a discount card: it works whenever they are signed in."),
        widget=TextInput(attrs={"type": "email"}),
    )

    class Meta:
        model = Coupon
        fields = ("promotion", "code", "is_card", "usage_limit", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.customer is not None:
            self.initial["holder"] = self.instance.customer.email

    def clean_code(self) -> str:
        code = normalised(self.cleaned_data["code"])
        if not code:
            words = _("A code has 3 to 40 letters, digits and hyphens; no hyphen comes first.")
            raise forms.ValidationError(words)
        if Coupon.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This code is taken already."))
        return code

    def clean_holder(self) -> Customer | None:
        email = self.cleaned_data["holder"]
        if not email:
            return None
        found = Customer.objects.filter(email__iexact=email).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer with this address."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_card = cleaned.get("is_card", self.instance.is_card)
        if cleaned.get("holder") and not is_card:
            self.add_error("holder", _("Only discount cards belong to somebody."))
        return cleaned


class NamelessForm(CouponForm):
    """For those who don't learn whose card it is: whose it is stays."""

    holder = None  # type: ignore[assignment]  # as Django takes a field away


class UsedFilter(admin.SimpleListFilter):
    title = lazy("used")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("yes", lazy("Used")), ("no", lazy("Not used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Coupon]) -> QuerySet[Coupon]:  # noqa: ARG002
        held = PromotionUse.objects.filter(released_at=None, coupon__isnull=False)
        match self.value():
            case "yes":
                return queryset.filter(pk__in=held.values("coupon"))
            case "no":
                return queryset.exclude(pk__in=held.values("coupon"))
        return queryset


class HeldFilter(admin.SimpleListFilter):
    title = lazy("discount card")
    parameter_name = "card"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [
            ("all", lazy("Discount cards")),
            ("linked", lazy("Linked to a customer")),
            ("free", lazy("Not linked yet")),
            ("none", lazy("No card")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Coupon]) -> QuerySet[Coupon]:  # noqa: ARG002
        match self.value():
            case "all":
                return queryset.filter(is_card=True)
            case "linked":
                return queryset.filter(is_card=True, customer__isnull=False)
            case "free":
                return queryset.filter(is_card=True, customer=None)
            case "none":
                return queryset.filter(is_card=False)
        return queryset


@admin.register(Coupon)
class CouponAdmin(ShopAdmin):
    form = CouponForm
    list_display = ("code", "promotion", "batch", "state", "card", "customer", "used", "created_at")
    list_select_related = ("promotion", "customer")
    list_filter = ("promotion", UsedFilter, HeldFilter, "is_active")
    search_fields = ("code", "batch", "promotion__name", "customer__email")
    search_help_text = lazy("Code, batch, promotion or customer")
    ordering = ("-created_at", "-id")
    actions = ("switch_on", "switch_off", "unlink")
    fields = ("promotion", "code", "is_card", "holder", "usage_limit", "is_active")

    @badge(lazy("state"), {True: "success"}, ordering="is_active")
    def state(self, coupon: Coupon) -> tuple[bool, str]:
        return coupon.is_active, _("On") if coupon.is_active else _("Off")

    @admin.display(description=lazy("card"), boolean=True)
    def card(self, coupon: Coupon) -> bool:
        return coupon.is_card

    @admin.display(description=lazy("uses"), ordering="uses")
    def used(self, coupon: Coupon) -> SafeString:
        page = reverse("admin:marketing_promotionuse_changelist")
        words = str(coupon.uses)
        if coupon.usage_limit is not None:
            told = {"uses": coupon.uses, "limit": coupon.usage_limit}
            words = _("%(uses)s of %(limit)s") % told
        link = '<a class="text-primary-600" href="{}?coupon__id__exact={}">{}</a>'
        return format_html(link, page, coupon.pk, words)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 — as Django calls it
        **kwargs: Any,
    ) -> Any:
        if not _names_holder(request, obj):
            kwargs["form"] = NamelessForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if _names_holder(request, obj):
            return found
        nameless = frozenset({"holder"})
        return [
            (title, told | {"fields": without(told["fields"], nameless)}) for title, told in found
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """A code that is out there stays what it is."""
        return ("promotion", "code", "is_card") if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Coupon], search_term: str
    ) -> tuple[QuerySet[Coupon], bool]:
        whole = normalised(search_term)
        if whole and queryset.filter(code=whole).exists():
            return queryset.filter(code=whole), False
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Coupon, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)
        if "holder" in form.changed_data:
            _link(request, obj, form.cleaned_data.get("holder"))
        promotions.limits_changed(promotion_id=obj.promotion_id)

    @admin.action(description=lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Coupon]) -> None:
        count = chosen.filter(is_active=False).update(is_active=True)
        words = ngettext("%(count)s code is on now.", "%(count)s codes are on now.", count)
        messages.success(request, words % {"count": count})

    @admin.action(description=lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Coupon]) -> None:
        count = chosen.filter(is_active=True).update(is_active=False)
        words = ngettext("%(count)s code is off now.", "%(count)s codes are off now.", count)
        messages.success(request, words % {"count": count})

    @admin.action(description=lazy("Unlink from the customer"), permissions=["change"])
    def unlink(self, request: HttpRequest, chosen: QuerySet[Coupon]) -> None:
        count = 0
        for coupon in chosen.filter(is_card=True).exclude(customer=None):
            _link(request, coupon, None)
            count += 1
        words = ngettext("%(count)s card is free again.", "%(count)s cards are free again.", count)
        messages.success(request, words % {"count": count})


def _names_holder(request: HttpRequest, coupon: Coupon | None) -> bool:
    """A card is given to an address by whoever knows it; whose it was is told to fewer."""
    return coupon is None or coupon.customer_id is None or request.user.has_perm(SEE_PEOPLE)


def _link(request: HttpRequest, coupon: Coupon, customer: Customer | None) -> None:
    """Take the card from whoever holds it, and give it to this one."""
    try:
        if coupon.customer is not None:
            coupons.unlink_card(coupon_id=coupon.pk, customer=coupon.customer)
        if customer is not None:
            coupons.link_card(code=coupon.code, customer=customer, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
