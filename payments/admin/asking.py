"""A page that asks before money moves: who may, what is asked, what is done with the answer."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import User
from shop.lib.errors import Refused

TEMPLATE = "admin/payments/valueaccount/ask.html"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was filled in, by whom, when."""

    data: dict[str, Any]
    actor: User
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Question:
    """run: acts on the answer; gives words for the message, or a whole response.

    rights: all of them are needed.
    """

    title: Promise | str
    words: Promise | str
    form: Callable[[Any], forms.Form]
    rights: tuple[str, ...]
    run: Callable[[Answer], str | HttpResponse]
    back: str


def ask(request: HttpRequest, page: "ModelAdmin[Any]", question: Question) -> HttpResponse:
    """Show the question; act on a valid answer and report. 403 without the rights."""
    if not request.user.has_perms(question.rights):
        raise PermissionDenied
    form = question.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = Answer(form.cleaned_data, request.user, timezone.now())  # type: ignore[arg-type]
        try:
            done = question.run(answer)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, done)
            return HttpResponseRedirect(question.back)
    context = {
        **page.admin_site.each_context(request),
        "title": question.title,
        "opts": page.opts,
        "question": question,
        "form": form,
    }
    return TemplateResponse(request, TEMPLATE, context)
