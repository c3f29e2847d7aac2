"""What the pages at the doors are called, and what of them is on record, by allauth's names."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAFETY = _("Sign-in and safety")
TITLES: dict[str, Promise] = {
    "account_login": _("Sign in"),
    "account_logout": _("Sign out"),
    "account_signup": _("Open an account"),
    "account_inactive": _("Closed account"),
    "account_reauthenticate": _("Is it you?"),
    "account_email": _("Email address"),
    "account_email_verification_sent": _("Look into your letter box"),
    "account_confirm_email": _("Confirm your address"),
    "account_change_password": _("Change your password"),
    "account_set_password": _("Set a password"),
    "account_reset_password": _("New password"),
    "account_reset_password_done": _("New password"),
    "account_reset_password_from_key": _("Choose a password"),
    "account_reset_password_from_key_done": _("New password"),
    "mfa_authenticate": _("One more step"),
    "mfa_reauthenticate": _("Is it you?"),
    "mfa_reauthenticate_webauthn": _("Is it you?"),
    "mfa_activate_totp": _("Codes from an app"),
    "mfa_deactivate_totp": _("Codes from an app"),
    "mfa_add_webauthn": _("Add a passkey"),
    "mfa_edit_webauthn": _("Rename a passkey"),
    "mfa_list_webauthn": _("Passkeys"),
    "mfa_remove_webauthn": _("Remove a passkey"),
    "mfa_view_recovery_codes": _("Recovery codes"),
    "mfa_generate_recovery_codes": _("Recovery codes"),
    "usersessions_list": _("Where you are signed in"),
}
# Of staff, in the audit log.
ACTS = {
    "account_change_password": "password changed",
    "account_set_password": "password changed",
    "account_email": "new address given",
    "mfa_activate_totp": "second factor added",
    "mfa_add_webauthn": "second factor added",
    "mfa_deactivate_totp": "second factor removed",
    "mfa_remove_webauthn": "second factor removed",
    "mfa_generate_recovery_codes": "recovery codes made",
    "usersessions_list": "other sessions ended",
}
