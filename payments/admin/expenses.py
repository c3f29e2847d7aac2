"""Bills: entered by hand or brought as a file, booked at once, undone by a reversal."""

import hashlib
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.admin.asking import Answer, Question, ask
from payments.admin.expense_forms import BillForm, BillsFileForm
from payments.admin.forms import ReasonForm
from payments.models import Expense
from payments.services import expense_files, expenses
from payments.services.expense_files import Sheet
from shop.admin.base import ReadOnlyAdmin, badge, button
from shop.lib.errors import Refused
from shop.templatetags.shop_text import money

NAME = "payments_expense"
ADD = "payments.add_expense"
UNDO = "payments.change_expense"
# A file waits so long between its preview and the button.
KEPT = 3600
SHOWN = 500


@admin.register(Expense)
class ExpenseAdmin(ReadOnlyAdmin):
    list_display = ("supplier", "reference", "on", "account", "paid_from", "sum", "vat", "state")
    list_select_related = ("account", "paid_from", "entry__reversed_by")
    list_filter = ("account", "paid_from", "on")
    search_fields = ("supplier", "=reference", "note")
    search_help_text = lazy("Supplier, their number or a word of the note")
    ordering = ("-on", "-id")
    fields = (
        *("supplier", "reference", "on", "account", "paid_from", "net", "tax", "gross", "currency"),
        *("note", "in_books", "state", "created_by", "created_at"),
    )
    readonly_fields = ("in_books", "state")
    actions_detail = ("undo",)

    @admin.display(description=lazy("gross"), ordering="gross")
    def sum(self, expense: Expense) -> str:
        return money(expense.gross, expense.currency)

    @admin.display(description=lazy("tax"), ordering="tax")
    def vat(self, expense: Expense) -> str:
        return money(expense.tax, expense.currency)

    @badge(lazy("state"), {"booked": "success", "undone": "default"})
    def state(self, expense: Expense) -> tuple[str, str]:
        undone = getattr(expense.entry, "reversed_by", None) is not None
        return ("undone", _("Undone")) if undone else ("booked", _("Booked"))

    @admin.display(description=lazy("in the books"))
    def in_books(self, expense: Expense) -> SafeString:
        link = reverse("analytics:books_entry", args=[expense.entry_id])
        return format_html('<a href="{}">{}</a>', link, expense.entry.source[:24])

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        tools = [*super().list_tools(request)]
        if request.user.has_perm(ADD):
            new = {"words": _("Enter an expense"), "link": reverse(f"admin:{NAME}_enter")}
            file = {"words": _("Import a file"), "link": reverse(f"admin:{NAME}_upload")}
            tools = [new, file, *tools]
        return tools

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("enter/", wrap(self.enter_view), name=f"{NAME}_enter"),
            path("import/", wrap(self.upload_view), name=f"{NAME}_upload"),
            path("import/<slug:digest>/", wrap(self.preview_view), name=f"{NAME}_preview"),
            path("<int:pk>/undo/", wrap(self.undo_view), name=f"{NAME}_undo"),
            *super().get_urls(),
        ]

    @button(lazy("Undo"), "undo")
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse(f"admin:{NAME}_undo", args=[object_id]))

    undo.allowed_permissions = ["undo"]  # type: ignore[attr-defined]

    def has_undo_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return request.user.has_perm(UNDO)

    def enter_view(self, request: HttpRequest) -> HttpResponse:
        form = BillForm(request.POST if request.method == "POST" else None)
        question = Question(
            title=_("Enter an expense"),
            words=_("It is booked at once; a wrong one is undone with a reason."),
            form=lambda _data: form,
            rights=(ADD,),
            run=partial(_enter, form),
            back=_list(),
        )
        return ask(request, self, question)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        expense = get_object_or_404(Expense, pk=pk)
        question = Question(
            title=_("Undo"),
            words=_("%(expense)s is taken out of the books by its opposite, today.")
            % {"expense": expense},
            form=ReasonForm,
            rights=(UNDO,),
            run=partial(_undo, expense),
            back=reverse(f"admin:{NAME}_change", args=[pk]),
        )
        return ask(request, self, question)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file. Nothing is written but the file itself, for an hour."""
        _check(request)
        form = BillsFileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data["file"].read()
            digest = hashlib.sha256(data).hexdigest()
            cache.set(_key(request, digest), data, KEPT)
            return HttpResponseRedirect(reverse(f"admin:{NAME}_preview", args=[digest]))
        context = {"form": form, "title": _("Import expenses"), "back": _list()}
        return self._shown(request, "upload", context)

    def preview_view(self, request: HttpRequest, digest: str) -> HttpResponse:
        """What a file says, line by line; the button books it, all of it or nothing."""
        _check(request)
        data = cache.get(_key(request, digest))
        if data is None:
            messages.error(request, _("The file has waited too long: bring it again."))
            return HttpResponseRedirect(reverse(f"admin:{NAME}_upload"))
        try:
            sheet = _read(data)
            if request.method == "POST":
                return self._book(request, sheet)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse(f"admin:{NAME}_upload"))
        return self._shown(request, "preview", _page(sheet))

    def _book(self, request: HttpRequest, sheet: Sheet) -> HttpResponse:
        added = expense_files.add_all(
            sheet=sheet,
            actor=request.user,  # type: ignore[arg-type]  # staff: admin_view saw to it
            now=timezone.now(),
        )
        words = _("%(added)s of %(all)s lines were new and are booked.")
        messages.success(request, words % {"added": added, "all": len(sheet.lines)})
        return HttpResponseRedirect(_list())

    def _shown(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        base = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/payments/expense/{name}.html"
        return TemplateResponse(request, template, base | context)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(ADD):
        raise PermissionDenied


def _key(request: HttpRequest, digest: str) -> str:
    return f"expenses-{request.user.pk}-{digest}"


def _list() -> str:
    return reverse(f"admin:{NAME}_changelist")


def _enter(form: BillForm, answer: Answer) -> str:
    bill = expenses.enter(facts=form.facts(), actor=answer.actor, now=answer.now)
    return _("%(expense)s is booked.") % {"expense": bill}


def _undo(expense: Expense, answer: Answer) -> str:
    expenses.undo(
        expense_id=expense.pk, reason=answer.data["reason"], actor=answer.actor, now=answer.now
    )
    return _("%(expense)s is undone.") % {"expense": expense}


def _read(data: bytes) -> Sheet:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        return expense_files.read(path=Path(file.name), now=timezone.now())


def _page(sheet: Sheet) -> dict[str, Any]:
    rows = [
        {
            "number": line.number,
            "facts": line.facts,
            "sum": money(line.facts.gross, line.facts.currency) if line.facts else "",
            "problem": line.problem,
            "is_known": line.is_known,
        }
        for line in sheet.lines[:SHOWN]
    ]
    return {
        "title": _("Look the expenses over"),
        "rows": rows,
        "notes": sheet.notes,
        "wrong": len(sheet.problems),
        "new": 0 if sheet.problems else len(sheet.new),
        "all": len(sheet.lines),
        "back": reverse(f"admin:{NAME}_upload"),
    }
