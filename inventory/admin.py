"""Stock as it stands, corrected with a reason, and the ledger of every change."""

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from inventory.models import LicenceKey, Location, StockItem, StockMovement
from inventory.services import keys, stock
from inventory.services.stock import StockRefused, Why
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, ShopAdmin, badge, button
from shop.admin.kit import NumberInput, Select, Textarea, TextInput
from shop.processes import browsing

PROMISED = F("allocated") + F("safety")
SOLD_OUT = Q(on_hand__lte=PROMISED)
LOW = Q(on_hand__gt=PROMISED, on_hand__lte=PROMISED + F("low_at"))
LEVELS = {"out": lazy("Sold out"), "low": lazy("Low"), "fine": lazy("Enough")}
ID = re.compile(r"[0-9]{1,18}")
AT_ONCE = 200
Kind = StockMovement.Kind
BY_HAND = (Kind.COUNT, Kind.RECEIPT, Kind.ADJUSTMENT)


class LevelFilter(admin.SimpleListFilter):
    title = lazy("level")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return list(LEVELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockItem]) -> QuerySet[StockItem]:  # noqa: ARG002
        match self.value():
            case "out":
                return queryset.filter(SOLD_OUT, variant__is_active=True)
            case "low":
                return queryset.filter(LOW, variant__is_active=True)
            case "fine":
                return queryset.exclude(SOLD_OUT | LOW)
        return queryset


class CorrectionForm(forms.Form):
    """What is really there, and why it differs."""

    def __init__(self, data: Any = None, *, items: list[StockItem]) -> None:
        super().__init__(data)
        self.items = items
        for item in items:
            self.fields[f"on_hand_{item.pk}"] = forms.IntegerField(
                label=f"{item.variant.sku}, {item.location}",
                help_text=_("%(promised)s promised to orders.") % {"promised": item.allocated},
                min_value=0,
                max_value=1_000_000,
                initial=item.on_hand,
                widget=NumberInput(),
            )
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[(kind, kind.label) for kind in BY_HAND], widget=Select()
        )
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), max_length=200, widget=TextInput()
        )

    def on_hand(self, item: StockItem) -> int:
        return int(self.cleaned_data[f"on_hand_{item.pk}"])


class MovementInline(ReadOnlyInline):
    model = StockMovement
    fields = ("at", "kind", "on_hand_change", "allocated_change", "reason", "reference", "actor")
    ordering = ("-at", "-id")
    per_page = 25


@admin.register(StockItem)
class StockItemAdmin(ShopAdmin):
    """The two numbers change only through a correction; the marks are set here."""

    list_display = ("sku", "piece", "location", "on_hand", "allocated", "available", "level")
    list_select_related = ("variant__product", "location")
    list_filter = (LevelFilter, "location")
    search_fields = ("variant__sku", "variant__barcode", "variant__product__title")
    search_help_text = lazy("SKU, barcode or title")
    ordering = ("variant__sku", "id")
    fields = ("variant", "location", "on_hand", "allocated", "available", "safety", "low_at")
    readonly_fields = ("variant", "location", "on_hand", "allocated", "available")
    inlines = (MovementInline,)
    actions = ("correct_chosen",)
    actions_detail = ("correct_one",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=lazy("SKU"), ordering="variant__sku")
    def sku(self, item: StockItem) -> str:
        return item.variant.sku

    @admin.display(description=lazy("piece"), ordering="variant__product__title")
    def piece(self, item: StockItem) -> str:
        variant = item.variant
        return ", ".join(filter(None, (variant.product.title, variant.label)))

    @admin.display(description=lazy("available"))
    def available(self, item: StockItem) -> int:
        return item.available

    @badge(lazy("level"), {"out": "danger", "low": "warning", "fine": "success"})
    def level(self, item: StockItem) -> tuple[str, Any]:
        state = _level(item)
        return state, LEVELS[state]

    def save_model(self, request: HttpRequest, obj: StockItem, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        browsing.cards_are_stale(product_ids=[obj.variant.product_id], now=timezone.now())

    # Correcting

    @admin.action(description=lazy("Correct stock …"), permissions=["change"])
    def correct_chosen(
        self, request: HttpRequest, chosen: QuerySet[StockItem]
    ) -> HttpResponse | None:
        ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(ids) > AT_ONCE:
            text = _("Choose at most %(count)s rows at a time.") % {"count": AT_ONCE}
            self.message_user(request, text, messages.ERROR)
            return None
        return HttpResponseRedirect(_correction_of(ids, back=request.GET.urlencode()))

    @button(lazy("Correct stock"), "edit_note")
    def correct_one(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(_correction_of([object_id]))

    def get_urls(self) -> list[URLPattern]:
        correction = self.admin_site.admin_view(self.correction_view)
        return [
            path("correction/", correction, name="inventory_stockitem_correction"),
            *super().get_urls(),
        ]

    def correction_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        items = _chosen(request)
        form = CorrectionForm(request.POST if request.method == "POST" else None, items=items)
        back = f"{reverse('admin:inventory_stockitem_changelist')}?{request.GET.get('back', '')}"
        if request.method == "POST" and form.is_valid():
            for item in items:
                _correct(request, form, item)
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correct stock"),
            "opts": self.opts,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/inventory/stockitem/correction.html", context)


def _level(item: StockItem) -> str:
    if item.available == 0:
        return "out"
    return "low" if item.available <= item.low_at else "fine"


def _correction_of(ids: list[Any], *, back: str = "") -> str:
    query = [("item", str(item_id)) for item_id in ids] + ([("back", back)] if back else [])
    return f"{reverse('admin:inventory_stockitem_correction')}?{urlencode(query)}"


def _chosen(request: HttpRequest) -> list[StockItem]:
    wanted = [text for text in request.GET.getlist("item") if ID.fullmatch(text)]
    rows = StockItem.objects.filter(pk__in=wanted[:AT_ONCE])
    items = list(rows.select_related("variant__product", "location").order_by("variant__sku", "pk"))
    if not items:
        raise Http404
    return items


def _correct(request: HttpRequest, form: CorrectionForm, item: StockItem) -> None:
    """Set one number and say what came of it. Untouched rows stay what they are by now."""
    counted = form.on_hand(item)
    if counted == item.on_hand:
        return
    why = Why(
        kind=Kind(form.cleaned_data["kind"]),
        now=timezone.now(),
        reason=form.cleaned_data["reason"],
        actor=request.user if isinstance(request.user, User) else None,
    )
    try:
        _set(item, counted, why)
    except StockRefused as refusal:
        messages.error(request, f"{item.variant.sku}: {refusal.message}")
    else:
        messages.success(request, f"{item.variant.sku}: {item.on_hand} → {counted}")


@transaction.atomic
def _set(item: StockItem, counted: int, why: Why) -> None:
    stock.set_on_hand(variant_id=item.variant_id, on_hand=counted, why=why, location=item.location)
    browsing.cards_are_stale(product_ids=[item.variant.product_id], now=why.now)


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "sku",
        "kind",
        "on_hand_change",
        "allocated_change",
        "reason",
        "reference",
        "actor",
    )
    list_select_related = ("stock_item__variant", "actor")
    list_filter = ("kind", "at")
    search_fields = ("stock_item__variant__sku", "=reference")
    search_help_text = lazy("SKU or order number")
    ordering = ("-at", "-id")

    @admin.display(description=lazy("SKU"))
    def sku(self, movement: StockMovement) -> str:
        return movement.stock_item.variant.sku


@admin.register(Location)
class LocationAdmin(ShopAdmin):
    list_display = ("name", "code", "position")
    ordering = ("position", "id")
    prepopulated_fields = {"code": ("name",)}


class KeysForm(forms.ModelForm):  # type: ignore[type-arg]
    """Many keys at once, for one variant."""

    codes = forms.CharField(
        label=lazy("Keys, one per line"),
        widget=Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
        max_length=200_000,
        help_text=lazy("Those that are there already are left out."),
    )

    class Meta:
        model = LicenceKey
        fields = ("variant",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lines = [line.strip() for line in cleaned.get("codes", "").splitlines()]
        variant = cleaned.get("variant")
        if any(len(line) > keys.LONGEST for line in lines):
            self.add_error("codes", _("A key has at most 255 characters."))
        elif variant and "codes" in cleaned:
            known = set(LicenceKey.objects.filter(variant=variant).values_list("code", flat=True))
            if not set(filter(None, lines)) - known:
                self.add_error("codes", _("All of these are there already."))
        return {**cleaned, "lines": lines}


@admin.register(LicenceKey)
class LicenceKeyAdmin(ShopAdmin):
    """Pools of keys. A key is put in and handed out; nobody reads or edits it here."""

    form = KeysForm
    list_display = ("sku", "ends_in", "added_at", "taken_at")
    list_select_related = ("variant",)
    list_filter = (("taken_at", admin.EmptyFieldListFilter),)
    search_fields = ("variant__sku", "=code")
    search_help_text = lazy("SKU, or a whole key")
    ordering = ("variant__sku", "id")
    autocomplete_fields = ("variant",)
    fields = ("variant", "codes")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One at a time, and a key that somebody has stays."""
        is_free = obj is not None and obj.holder is None
        return is_free and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("variant", "ends_in", "added_at", "taken_at") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("variant", "ends_in", "added_at", "taken_at") if obj else ()

    @admin.display(description=lazy("SKU"), ordering="variant__sku")
    def sku(self, key: LicenceKey) -> str:
        return key.variant.sku

    @admin.display(description=lazy("key"))
    def ends_in(self, key: LicenceKey) -> str:
        return f"…{key.code[-4:]}"

    def save_model(self, request: HttpRequest, obj: LicenceKey, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        now = timezone.now()
        added = keys.add(variant=obj.variant, codes=form.cleaned_data["lines"], now=now)
        obj.pk = LicenceKey.objects.filter(variant=obj.variant).latest("pk").pk
        browsing.cards_are_stale(product_ids=[obj.variant.product_id], now=now)
        told = {"count": added.count, "known": added.known}
        text = _("%(count)s keys put in, %(known)s were there already.") % told
        messages.success(request, text)

    def response_add(self, request: HttpRequest, obj: Any, *_args: Any, **_kwargs: Any) -> Any:  # noqa: ARG002
        """What there is to say was said."""
        return HttpResponseRedirect(reverse("admin:inventory_licencekey_changelist"))
