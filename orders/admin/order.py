"""Orders: found, read on one page, moved by the processes. Nothing is edited by hand."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)

from orders.admin import badges, page, step_pages
from orders.admin.filters import DeliveryMethodFilter, PaymentMethodFilter
from orders.admin.forms import NoteForm
from orders.admin.saved_views import SavedViewFilter
from orders.admin.steps import STEPS
from orders.models import Order, OrderLine, Upload
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Fulfilment
from shop.admin.base import ReadOnlyAdmin, badge
from shop.templatetags.shop_text import money


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "placed",
        "buyer",
        "sum",
        "payment",
        "delivery",
        "state",
        "country",
    )
    list_filter = (
        SavedViewFilter,
        ("status", ChoicesDropdownFilter),
        ("payment_status", ChoicesDropdownFilter),
        ("fulfillment_status", ChoicesDropdownFilter),
        ("market", RelatedDropdownFilter),
        ("placed_at", RangeDateFilter),
        PaymentMethodFilter,
        DeliveryMethodFilter,
    )
    search_fields = ("number",)
    search_help_text = lazy("Number, e-mail, name, SKU or tracking number")
    ordering = ("-placed_at", "-id")

    @admin.display(description=lazy("placed"), ordering="placed_at")
    def placed(self, order: Order) -> str:
        return date_format(timezone.localtime(order.placed_at), "j M Y, H:i")

    @admin.display(description=lazy("customer"), ordering="email")
    def buyer(self, order: Order) -> SafeString:
        return format_html(
            '<span class="who">{}<br><span class="quiet">{}</span></span>', order.name, order.email
        )

    @admin.display(description=lazy("total"), ordering="total")
    def sum(self, order: Order) -> str:
        return money(order.total, order.currency)

    @badge(lazy("payment"), badges.PAYMENT, ordering="payment_status")
    def payment(self, order: Order) -> tuple[str, str]:
        return order.payment_status, order.get_payment_status_display()

    @badge(lazy("delivery"), badges.FULFILLMENT, ordering="fulfillment_status")
    def delivery(self, order: Order) -> tuple[str, str]:
        return order.fulfillment_status, order.get_fulfillment_status_display()

    @badge(lazy("status"), badges.STATUS, ordering="status")
    def state(self, order: Order) -> tuple[str, str]:
        return order.status, order.get_status_display()

    # Finding

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Order],
        search_term: str,
    ) -> tuple[QuerySet[Order], bool]:
        for word in search_term.split():
            queryset = queryset.filter(_about(word))
        return queryset, False

    # Moving

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            slug: (partial(_start, slug), slug, f"{step.verb} …")
            for slug, step in STEPS.items()
            if request.user.has_perm(step.right)
        }

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("steps/<slug:slug>/", wrap(self.step_view), name="orders_order_step"),
            path(
                "uploads/<uuid:key>/",
                wrap(require_GET(self.upload_view)),
                name="orders_order_upload",
            ),
            path("<int:pk>/notes/", wrap(require_POST(self.note_view)), name="orders_order_note"),
            *super().get_urls(),
        ]

    def step_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        return step_pages.show(request, self, slug)

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a note down. Needs the right to add order events."""
        if not request.user.has_perm("orders.add_orderevent"):
            raise PermissionDenied
        order = get_object_or_404(Order, pk=pk)
        form = NoteForm(request.POST)
        if form.is_valid():
            move = Move(timezone.now(), request.user)  # type: ignore[arg-type]
            orders.note(order=order, text=form.cleaned_data["text"], move=move)
        else:
            messages.error(request, _("A note needs some words, at most 500 characters."))
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[pk]))

    def upload_view(self, request: HttpRequest, key: UUID) -> FileResponse:
        """The picture that a customer sent with a piece. Needs the right to see orders."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload = get_object_or_404(Upload, key=key, line__isnull=False)
        try:
            response = FileResponse(upload.file.open("rb"), content_type="image/webp")
        except OSError as error:
            raise Http404 from error
        response["X-Content-Type-Options"] = "nosniff"
        return response

    # One page

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        order = self.get_object(request, unquote(object_id))
        if order is None:
            raise Http404
        if not self.has_view_permission(request, order):
            raise PermissionDenied
        return TemplateResponse(request, "admin/orders/order/page.html", self._page(request, order))

    def _page(self, request: HttpRequest, order: Order) -> dict[str, Any]:
        whole = page.whole_order(Order.objects.filter(pk=order.pk)).get()
        can_note = request.user.has_perm("orders.add_orderevent")
        return {
            **self.admin_site.each_context(request),
            "title": _("Order %(number)s") % {"number": whole.number},
            "opts": self.opts,
            "original": whole,
            "order": whole,
            "buttons": page.buttons(request, whole),
            "states": page.states(whole),
            "holds": page.open_holds(whole),
            "timeline": page.timeline(whole),
            "mails": page.mails_about(whole) if request.user.has_perm("outbox.view_mail") else None,
            "paid_by": page.paid_by(whole),
            "sums": page.sums(whole),
            "note_form": NoteForm() if can_note else None,
        }


def _about(word: str) -> Q:
    """Whatever a person at the telephone may have in hand."""
    # As typed and in capitals: that is how both are written, and both have an index.
    spellings = {word, word.upper()}
    with_sku = OrderLine.objects.filter(sku__in=spellings).values("order")
    with_parcel = Fulfilment.objects.filter(tracking_number__in=spellings).values("order")
    return (
        Q(number__istartswith=word.removeprefix("#"))
        | Q(email__icontains=word)
        | Q(name__icontains=word)
        | Q(pk__in=with_sku)
        | Q(pk__in=with_parcel)
    )


def _start(
    slug: str, _page: OrderAdmin, request: HttpRequest, chosen: QuerySet[Order]
) -> HttpResponse:
    return step_pages.start(request, chosen, STEPS[slug])
