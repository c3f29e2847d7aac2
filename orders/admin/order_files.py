"""Files kept with an order: put there, taken away, and handed out as attachments only."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.models import Order, OrderFile
from orders.services import files
from orders.services.files import MOST_BYTES, FileRefused
from shop.admin.kit import FileInput

if TYPE_CHECKING:
    OrderPage = admin.ModelAdmin[Order]


class FileForm(forms.Form):
    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy("A PDF, a picture or plain text, at most 10 MB."),
        widget=FileInput(),
    )


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file. Needs the right to add files of orders."""
    if not request.user.has_perm("orders.add_orderfile"):
        raise PermissionDenied
    get_object_or_404(Order, pk=pk)
    try:
        sent = _sent(request)
        files.add(
            order_id=pk,
            name=sent.name or "",
            data=sent.read(),
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except FileRefused as refusal:
        messages.error(request, refusal.message)
    return _back(pk)


def _sent(request: HttpRequest) -> "UploadedFile[bytes]":
    """Raises FileRefused, before much of it is read."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise FileRefused(_("Choose a file."))
    sent: UploadedFile[bytes] = form.cleaned_data["file"]
    if (sent.size or 0) > MOST_BYTES:
        raise FileRefused(_("A file of at most 10 MB."))
    return sent


def remove(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """Take a file away. Needs the right to delete files of orders."""
    if not request.user.has_perm("orders.delete_orderfile"):
        raise PermissionDenied
    get_object_or_404(OrderFile, pk=file_id, order=pk)
    files.remove(
        file_id=file_id,
        order_id=pk,
        actor=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
    )
    return _back(pk)


def send(request: HttpRequest, pk: int, file_id: int) -> FileResponse:
    """Hand a file out, never to be shown within the shop's own pages."""
    if not request.user.has_perm("orders.view_orderfile"):
        raise PermissionDenied
    kept = get_object_or_404(OrderFile, pk=file_id, order=pk)
    try:
        stream = kept.file.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        stream, as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _back(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:orders_order_change", args=[pk]) + "#files")
