"""Entries by hand and reversals, for those who may."""

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import EntryForm, EntryLineForm, ReasonForm
from analytics.views.books.access import WRITE, show, with_right
from analytics.views.books.tables import link
from payments.models import JournalEntry
from payments.services.books import manual, posting
from payments.services.books.chart import books_currency, ensure
from payments.services.books.manual import ByHand, Note
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day

LINES = 6
LineForms = forms.formset_factory(EntryLineForm, extra=LINES, max_num=LINES)


@with_right(WRITE)
def entry_new(request: HttpRequest) -> HttpResponse:
    """Write an entry by hand: up to six lines that sum to zero."""
    now = timezone.now()
    ensure()
    data = request.POST if request.method == "POST" else None
    form = EntryForm(data, initial={"key": secrets.token_hex(8), "on": shop_day(now)})
    lines = LineForms(data, prefix="line")
    if data is not None and form.is_valid() and lines.is_valid():
        found = _entered(request, form, lines)
        if found is not None:
            messages.success(request, _("The entry is in the books."))
            return HttpResponseRedirect(link("entry", found.pk))
    context = {
        "title": _("Entry by hand"),
        "here": "journal",
        "form": form,
        "lines": lines,
        "errors": form.non_field_errors(),
    }
    bad = data is not None
    return show(request, "entry_new", context, status=400 if bad else 200)


def _entered(request: HttpRequest, form: EntryForm, lines: Any) -> JournalEntry | None:
    asked = form.cleaned_data
    try:
        return manual.enter(
            lines=[_line(one) for one in lines.cleaned_data if one.get("account")],
            note=Note(asked["memo"], asked["on"], books_currency(), asked["key"]),
            actor=request.user,  # type: ignore[arg-type]  # signed in, or with_right() said no
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


def _line(one: dict[str, Any]) -> ByHand:
    return ByHand(one["account"], (one["debit"] or Decimal(0)) - (one["credit"] or Decimal(0)))


@with_right(WRITE)
def entry_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an entry by one the other way round, with the reason."""
    found = get_object_or_404(JournalEntry, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data)
    if data is not None and form.is_valid():
        try:
            undone = posting.reverse(
                entry=found,
                reason=form.cleaned_data["reason"],
                actor=request.user,  # type: ignore[arg-type]  # signed in, or with_right() said no
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The entry is reversed."))
            return HttpResponseRedirect(link("entry", undone.pk))
    context = {
        "title": _("Reverse %(source)s") % {"source": found.source},
        "here": "journal",
        "form": form,
        "words": _("An entry stays as it is; another one takes it back, today."),
        "button": _("Reverse"),
        "back_url": link("entry", pk),
        "errors": form.non_field_errors(),
    }
    return show(request, "ask", context, status=400 if data is not None else 200)
