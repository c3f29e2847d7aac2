"""Cleaning of what people type about themselves, and what the staff site takes about them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.password_validation import validate_password as check_password
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, PrivacyRequest, User
from accounts.services import roles, vat_numbers
from shop.lib.errors import Refused

if TYPE_CHECKING:
    from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

    CreationForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
    CustomerModelForm = forms.ModelForm[Customer]
else:
    CustomerModelForm = forms.ModelForm
    from unfold.forms import UserChangeForm as ChangeForm
    from unfold.forms import UserCreationForm as CreationForm


class PrivacyForm(forms.Form):
    """Whose data, and whether they want it or want it gone."""

    email = forms.EmailField(label=_("Email address"), max_length=254)
    kind = forms.ChoiceField(choices=PrivacyRequest.Kind.choices)


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

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        leaves = not self._stays_owner(data) and roles.is_owner(self.instance)
        if leaves and not roles.keeps_an_owner([self.instance.pk]):
            raise forms.ValidationError(_("The shop needs an owner: name another one first."))
        return data

    def _stays_owner(self, data: dict[str, Any]) -> bool:
        is_owner = data.get("is_superuser", self.instance.is_superuser) or any(
            group.name == "owner" for group in data.get("groups") or ()
        )
        return bool(is_owner and data.get("is_active") and data.get("is_staff"))


class CustomerForm(CustomerModelForm):
    """A customer as staff write one down."""

    class Meta:
        model = Customer
        fields: Any = forms.ALL_FIELDS

    def clean_email(self) -> str:
        return _lower(self.cleaned_data["email"])

    def clean_user(self) -> User | None:
        user: User | None = self.cleaned_data["user"]
        if user is not None and (user.is_staff or user.is_superuser):
            raise forms.ValidationError(_("Staff sign in to the staff site alone."))
        return user

    def clean_vat_number(self) -> str:
        typed: str = self.cleaned_data["vat_number"].strip()
        try:
            return vat_numbers.check(typed) if typed else ""
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("is_tax_exempt") and not data.get("exemption"):
            self.add_error("exemption", _("Say why: the certificate, and its number."))
        return data


def _lower(email: str) -> str:
    """People sign in with the address in any case; it is kept in one."""
    return email.strip().lower()


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("Enter your password.")},
    )

    def clean_email(self) -> str:
        return _lower(self.cleaned_data["email"])


class ForgottenForm(forms.Form):
    """Where the link to a new password is to go."""

    email = SignInForm.base_fields["email"]

    def clean_email(self) -> str:
        return _lower(self.cleaned_data["email"])


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        check_password(password, self._user)
        return password


class CardForm(forms.Form):
    """The number on a discount card."""

    number = forms.CharField(
        label=_("Card number"),
        max_length=40,
        error_messages={"required": _("Enter the number on the card.")},
    )
