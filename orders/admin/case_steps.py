"""What staff do to returns and claims: each step with its right, its question and what it calls."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from shop.admin.kit import Select, TextInput


@dataclass(frozen=True, slots=True)
class By:
    actor: User
    now: dt.datetime


class CaseForm(forms.Form):
    """Nothing to fill in."""


class WhyForm(CaseForm):
    reason = forms.CharField(
        label=_("Why not"),
        max_length=300,
        help_text=_("The customer reads it."),
        widget=TextInput(),
    )


class ChoiceField(forms.ChoiceField):
    """A choice as the staff pages draw it."""

    widget = Select


@dataclass(frozen=True, slots=True)
class CaseStep:
    """done: what is said of each that moved. states: where it is possible."""

    slug: str
    right: str
    icon: str
    verb: Promise
    words: Promise
    done: Promise
    states: Collection[str]
    run: Callable[[Any, dict[str, Any], By], object]
    form: type[CaseForm] = CaseForm
    is_destructive: bool = False

    def is_possible(self, case: Any) -> bool:
        return case.status in self.states
