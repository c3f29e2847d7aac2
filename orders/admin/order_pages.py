"""The pages about one order, and the small answers they ask for."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orders.admin import (
    decisions,
    desk,
    edit_page,
    order_files,
    page,
    refund_page,
    short_lines,
    step_pages,
)
from orders.admin.forms import NoteForm
from orders.models import Order, Upload
from orders.services import orders
from orders.services.orders import Move
from shop.admin.base import ReadOnlyAdmin

HERE = "admin/orders/order/_here.html"


class OrderPages(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
            ("steps/<slug:slug>/", self.step_view, "step"),
            ("uploads/<uuid:key>/", require_GET(self.upload_view), "upload"),
            ("<int:pk>/refund/", self.refund_view, "refund"),
            ("<int:pk>/edit/", self.edit_view, "edit"),
            ("<int:pk>/notes/", require_POST(self.note_view), "note"),
            ("<int:pk>/here/", require_GET(self.here_view), "here"),
            ("<int:pk>/files/", require_POST(order_files.add), "files"),
            ("<int:pk>/files/<int:file_id>/", require_GET(self.file_view), "file"),
            ("<int:pk>/files/<int:file_id>/removal/", require_POST(order_files.remove), "unfile"),
        ]
        paths = [path(route, wrap(view), name=f"orders_order_{name}") for route, view, name in own]
        return [*paths, *super().get_urls()]

    def step_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        return step_pages.show(request, self, slug)

    def refund_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return refund_page.show(request, self, pk)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return edit_page.show(request, self, pk)

    def file_view(self, request: HttpRequest, pk: int, file_id: int) -> FileResponse:
        return order_files.send(request, pk, file_id)

    def here_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who else has this order open; asking says that one has it open oneself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {"others": desk.also_here(request, pk)}
        return TemplateResponse(request, HERE, context)

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
            "goods": short_lines.rows_of(request, whole),
            "states": page.states(whole),
            "holds": decisions.open_holds(whole),
            "verification": page.verification(request, whole),
            "refunds": page.refunds(request, whole),
            "timeline": page.timeline(whole),
            "documents": page.documents_of(whole, request),
            "mails": page.mails_about(whole) if request.user.has_perm("outbox.view_mail") else None,
            "paid_by": page.paid_by(whole),
            "sums": page.sums(whole),
            "note_form": NoteForm() if can_note else None,
            "desk": desk.of_order(request, whole),
        }
