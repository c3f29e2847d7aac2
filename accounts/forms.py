"""Cleaning of what the staff site takes about people."""

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

    CreationForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
else:
    from unfold.forms import UserChangeForm as ChangeForm
    from unfold.forms import UserCreationForm as CreationForm


class NewUserForm(CreationForm):
    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return _lower(self.cleaned_data["email"])


class UserForm(ChangeForm):
    class Meta:
        model = User
        fields: Any = forms.ALL_FIELDS

    def clean_email(self) -> str:
        return _lower(self.cleaned_data["email"])


def _lower(email: str) -> str:
    """People sign in with the address in any case; it is kept in one."""
    return email.strip().lower()
