"""What is asked on the page of a dispute."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from shop.admin.kit import FileInput, Select, Textarea


class StatementForm(forms.Form):
    statement = forms.CharField(
        label=lazy("Our side"),
        max_length=20_000,
        required=False,
        help_text=lazy("What happened, day by day. The bank reads it; so may the buyer."),
        widget=Textarea(attrs={"rows": 12}),
    )


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=lazy("Who sees to it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=lazy("Nobody yet"),
        widget=Select(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_staff=True, is_active=True)
        self.fields["to"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]


class FileForm(forms.Form):
    file = forms.FileField(
        label=lazy("Add a file"),
        help_text=lazy("A PDF or a picture of at most 4.5 MB; five files at most."),
        max_length=200,
        widget=FileInput(),
    )
