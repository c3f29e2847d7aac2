"""Second factors: their secrets are sealed, a code opens once, and staff keep at least one."""

from typing import Any, ClassVar

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.services.doors import record, words
from accounts.services.doors.forms import Plain
from shop.lib.secrets import seal, unseal

Type = Authenticator.Type
FACTORS = (Type.TOTP, Type.WEBAUTHN)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        **words.ERRORS,
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff always keep a factor: without one they could not come back."""
        if not authenticator.user.is_staff or authenticator.type not in FACTORS:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}

    def _get_site_name(self) -> str:
        return str(settings.SHOP["name"])


def may_remove(user: Any, *, pk: int) -> bool:
    """Whether a factor may go. What is not this person's is not theirs to keep, either."""
    own = Authenticator.objects.filter(user_id=getattr(user, "pk", None), pk=pk).first()
    return own is None or FactorAdapter().can_delete_authenticator(own)


def use_once(user_id: int, code: str) -> bool:
    """Whether this code of an app was not used before, for as long as a clock would let it pass."""
    lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return bool(cache.add(_used(user_id, code), 1, timeout=lasts))


def was_used(user_id: int, code: str) -> bool:
    return cache.get(_used(user_id, code)) is not None


def _used(user_id: int, code: str) -> str:
    return f"doors:code:{user_id}:{''.join(code.split())}"


class OnceOnly(Plain):
    """A code that was seen over a shoulder opens nothing."""

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            record.note(context.request, "code refused", self.user)  # type: ignore[attr-defined]
            raise
        kind = getattr(self, "authenticator", None)
        is_from_app = kind is None or kind.type == Type.TOTP
        if is_from_app and not use_once(self.user.pk, code):  # type: ignore[attr-defined]
            raise FactorAdapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, AuthenticateForm):  # type: ignore[misc]
    pass


class ProveCodeForm(OnceOnly, ReauthenticateForm):  # type: ignore[misc]
    pass


class NewAppForm(OnceOnly, ActivateTOTPForm):  # type: ignore[misc]
    pass


class NewPasskeyForm(Plain, AddWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyNameForm(Plain, EditWebAuthnForm):  # type: ignore[misc]
    pass
