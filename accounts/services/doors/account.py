"""How allauth behaves in this shop: its words, its letters, where it leads to."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import customers
from accounts.services.doors import letters, record, words
from shop.lib.http import client_address

NOWHERE = "::"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        **words.ERRORS,
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002 - allauth's signature
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        told = message or words.FLASHES.get(message_template or "")
        if told:
            messages.add_message(request, level, str(told), extra_tags=extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or NOWHERE

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whoever may sign in. A closed account is answered like a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) and user.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        record.note_refused(request, credentials.get("email", ""))

    def post_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse:
        record.note(request, "signed in", user)
        response: HttpResponse = super().post_login(request, user, **told)
        return response

    def logout(self, request: HttpRequest) -> None:
        record.note(request, "signed out", request.user)
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        is_staff = isinstance(request.user, User) and request.user.is_staff
        return reverse("admin:index" if is_staff else "accounts:overview")

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        is_confirmed = bool(super().confirm_email(request, email_address))
        if is_confirmed:
            customers.follow_address(user=email_address.user, now=timezone.now())
        return is_confirmed

    # Letters

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002
        return _address("account_confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        who, _dash, proof = key.partition("-")
        return customers.password_url(who=who, proof=proof)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """The link goes to the address that signs in: one that waits to be confirmed proves nothing."""
        if email.lower() == user.email:
            self.send_mail("account/email/password_reset_key", email, context)
        else:
            self.send_mail("account/email/unknown_account", email, {})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        write = {
            "account/email/email_confirmation": _confirmation,
            "account/email/email_confirmation_signup": _confirmation,
            "account/email/password_reset_key": _reset,
            "account/email/account_already_exists": _known,
            "account/email/unknown_account": _unknown,
        }.get(template_prefix)
        told = write(context) if write is not None else _notice(template_prefix, context)
        letters.owe(
            to=email,
            now=timezone.now(),
            reference=f"user-{user.pk}" if isinstance(user, User) else "",
            **told,
        )


def _address(name: str, *args: str) -> str:
    """Of a page in the market at hand, as a mail needs it: not as whoever asks spells the host."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _confirmation(context: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "confirm_address",
        "context": {"url": context["activate_url"]},
        "secret": context["key"],
    }


def _reset(context: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "password_link",
        "context": {"url": context["password_reset_url"], "is_invitation": False},
        "secret": context["key"],
    }


def _known(_context: dict[str, Any]) -> dict[str, Any]:
    links = {
        "sign_in_url": _address("account_login"),
        "url": _address("account_reset_password"),
    }
    return {"kind": "known_address", "context": links}


def _unknown(_context: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "unknown_address", "context": {"url": _address("account_signup")}}


def _notice(template_prefix: str, context: dict[str, Any]) -> dict[str, Any]:
    told = {
        "notice": template_prefix,
        "at": context.get("timestamp", timezone.now()).isoformat(),
        "device": str(context.get("user_agent", ""))[:200],
        "url": _address("account_reset_password"),
    }
    return {"kind": "safety_notice", "context": told}
