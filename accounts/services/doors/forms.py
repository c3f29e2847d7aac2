"""What is typed at the doors: allauth's forms with the shop's labels, and without its gaps."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

LONGEST = 200
EMPTY = {
    "login": _("Enter your email address."),
    "email": _("Enter your email address."),
    "password": _("Enter your password."),
    "oldpassword": _("Enter your password."),
    "password1": _("Choose a password."),
    "code": _("Enter the code."),
}
LABELS = {
    "login": _("Email"),
    "email": _("Email"),
    "password": _("Password"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
    "code": _("Code"),
    "name": _("What you call it"),
    "passwordless": _("Sign in with it alone, without a password"),
}


class Plain(forms.Form):
    """Labels above the fields, no placeholders in them, and a password typed once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = LABELS.get(name, field.label), ""
            if name in EMPTY:
                field.error_messages["required"] = EMPTY[name]
            if "email" in (name, field.widget.attrs.get("type")):
                field.error_messages["invalid"] = _("Enter an email address like name@example.com.")
            if "password" in name:
                field.widget.attrs["maxlength"] = str(LONGEST)
        if "password1" in self.fields:
            self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Hashing what is longer than anybody types would only be work for us."""
        for name, value in self.cleaned_data.items():
            if "password" in name and isinstance(value, str) and len(value) > LONGEST:
                raise forms.ValidationError(_("A password has at most 200 characters."))
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        return cleaned


class LoginForm(Plain, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class SignupForm(Plain, allauth_forms.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")

    def try_save(self, request: HttpRequest) -> Any:
        """A known address costs the same work as a new one: the time tells nobody which it was."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ResetForm(Plain, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(Plain, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def save(self) -> None:
        """The link went to the address that signs in, so whoever has it has proved the address."""
        super().save()
        address, _is_new = EmailAddress.objects.get_or_create(user=self.user, email=self.user.email)
        if address.set_verified():
            address.set_as_primary(conditional=True)


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class AddressForm(Plain, allauth_forms.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New email address")


class ProveForm(Plain, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    pass
