"""What is said at the doors, in the shop's own words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOO_MANY = _("Too many tries. Please wait a few minutes.")
TAKEN = _("This address can't be used. Is it yours already?")

ERRORS: dict[str, Promise] = {
    "email_password_mismatch": _("No account has this email address and this password."),
    "too_many_login_attempts": TOO_MANY,
    "rate_limited": TOO_MANY,
    "incorrect_password": _("This is not your password."),
    "enter_current_password": _("This is not your password."),
    "incorrect_code": _("This code does not fit, or was used already."),
    "invalid_login": _("No account has this email address and this password."),
    "duplicate_email": _("This is your address already."),
    "same_as_current": _("This is your address already."),
    "email_taken": TAKEN,
    "account_inactive": _("No account has this email address and this password."),
    "unverified_email": _("Confirm your email address first: we have mailed you a link."),
    "cannot_delete_authenticator": _("Staff need a second factor: add another one first."),
    "cannot_generate_recovery_codes": _("Recovery codes come with a second factor: add one first."),
}
# What allauth flashes, by its template. What is not here is not said: signing up must sound the
# same whether an address is known or not.
FLASHES: dict[str, Promise] = {
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "account/messages/email_confirmed.txt": _("Your email address is confirmed."),
    "account/messages/email_confirmation_failed.txt": TAKEN,
    "account/messages/primary_email_set.txt": _("You sign in with the new address from now on."),
    "account/messages/email_deleted.txt": _("The address is removed."),
    "mfa/messages/totp_activated.txt": _("Codes from your app are asked for from now on."),
    "mfa/messages/totp_deactivated.txt": _("Codes from your app are no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("You have new recovery codes."),
    "usersessions/messages/sessions_logged_out.txt": _("All other devices are signed out."),
}
# What the owner of an account hears of by mail, by allauth's name of the letter.
NOTICES: dict[str, Promise] = {
    "account/email/password_changed": _("Your password was changed"),
    "account/email/password_reset": _("Your password was changed"),
    "account/email/password_set": _("A password was set for your account"),
    "account/email/email_changed": _("The email address of your account was changed"),
    "account/email/email_deleted": _("An email address was removed from your account"),
    "mfa/email/totp_activated": _("Codes from an app now protect your account"),
    "mfa/email/totp_deactivated": _("Codes from an app no longer protect your account"),
    "mfa/email/webauthn_added": _("A passkey was added to your account"),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account"),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account"),
    "factors_taken_away": _("The shop has taken your second factor away"),
    "socialaccount/email/account_connected": _("A sign-in of another service was connected"),
    "socialaccount/email/account_disconnected": _("A sign-in of another service was removed"),
}
SOMETHING = _("Something about how you sign in was changed")
