"""The page of one dispute: what we know, our side, files, who sees to it, and handing it in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from payments.admin.dispute_forms import AssignForm, FileForm, StatementForm
from payments.models import Dispute, EvidenceFile
from payments.services import evidence
from shop.lib.errors import Refused
from shop.processes import case_facts, disputing

if TYPE_CHECKING:
    DisputePages = admin.ModelAdmin[Dispute]

RIGHT = "payments.answer_dispute"
TEMPLATE = "admin/payments/dispute/page.html"


class NotFilled(Refused):
    """Raised when a form of the page was sent without what it asks for."""


def show(request: HttpRequest, page: "DisputePages", pk: int) -> HttpResponse:
    """Tell, and act on what was pressed. 403 without the right to see, or to answer."""
    dispute = get_object_or_404(
        Dispute.objects.select_related("payment__order__terms", "assigned_to"), pk=pk
    )
    if not page.has_view_permission(request, dispute):
        raise PermissionDenied
    if request.method == "POST":
        return _act(request, dispute)
    may_answer = request.user.has_perm(RIGHT)
    is_answerable = dispute.status == Dispute.Status.NEEDS_RESPONSE and not dispute.submitted_at
    context = {
        **page.admin_site.each_context(request),
        "title": _("Dispute of order %(number)s") % {"number": dispute.payment.order.number},
        "opts": page.opts,
        "dispute": dispute,
        "order": dispute.payment.order,
        "facts": case_facts.facts(dispute),
        "files": dispute.files.order_by("pk"),
        "may_answer": may_answer and is_answerable,
        "may_assign": may_answer,
        "is_late": dispute.due_at is not None and dispute.due_at < timezone.now(),
        "statement": StatementForm(initial={"statement": _begun(dispute)}),
        "assign": AssignForm(initial={"to": dispute.assigned_to}),
        "file": FileForm(),
    }
    return TemplateResponse(request, TEMPLATE, context)


def _begun(dispute: Dispute) -> str:
    return dispute.statement or case_facts.draft(dispute)


def _act(request: HttpRequest, dispute: Dispute) -> HttpResponse:
    act = ACTS.get(request.POST.get("do", ""))
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    if act is None:
        raise Http404
    try:
        messages.success(request, act(request, dispute))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("admin:payments_dispute_change", args=[dispute.pk]))


def _save(request: HttpRequest, dispute: Dispute) -> str:
    form = StatementForm(request.POST)
    if not form.is_valid():
        raise NotFilled(_("At most 20,000 characters."))
    disputing.keep_statement(dispute_id=dispute.pk, statement=form.cleaned_data["statement"])
    return _("Kept.")


def _submit(request: HttpRequest, dispute: Dispute) -> str:
    _save(request, dispute)
    disputing.submit(dispute_id=dispute.pk, actor=_actor(request), now=timezone.now())
    return _("Our side is on its way to the bank.")


def _assign(request: HttpRequest, dispute: Dispute) -> str:
    form = AssignForm(request.POST)
    if not form.is_valid():
        raise NotFilled(_("Choose somebody who works here."))
    disputing.assign(dispute_id=dispute.pk, to=form.cleaned_data["to"])
    return _("Kept.")


def _add(request: HttpRequest, dispute: Dispute) -> str:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise NotFilled(_("Choose a file."))
    uploaded = form.cleaned_data["file"]
    if uploaded.size > evidence.MOST_BYTES:
        raise evidence.FileRefused(_("A file of at most 4.5 MB."))
    kept = evidence.add(
        dispute_id=dispute.pk,
        name=uploaded.name,
        data=uploaded.read(),
        actor=_actor(request),
        now=timezone.now(),
    )
    return _("%(name)s is with the case.") % {"name": kept.name}


def _remove(request: HttpRequest, dispute: Dispute) -> str:
    file_id = request.POST.get("file_id", "")
    if not (file_id.isascii() and file_id.isdigit()):
        raise NotFilled(_("Choose a file."))
    evidence.remove(file_id=int(file_id[:18]), dispute_id=dispute.pk)
    return _("The file is gone.")


ACTS: dict[str, Callable[[HttpRequest, Dispute], str]] = {
    "save": _save,
    "submit": _submit,
    "assign": _assign,
    "add": _add,
    "remove": _remove,
}


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user


def file(request: HttpRequest, page: "DisputePages", pk: int, file_id: int) -> FileResponse:
    """A file of a case, for those who may see cases."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    kept: Any = get_object_or_404(EvidenceFile, pk=file_id, dispute=pk)
    try:
        content = kept.file.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        content, content_type=kept.content_type, as_attachment=True, filename=kept.name
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
