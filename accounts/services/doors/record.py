"""What happens at the doors to people who work here is on record."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from shop.audit import services as audit
from shop.audit.models import Entry

TABLE = "accounts_user"


def note(request: HttpRequest, act: str, user: object) -> None:
    """One line about somebody of the staff; what customers do at the door is theirs alone."""
    if isinstance(user, User) and user.is_staff:
        audit.noted(
            request,
            kind=Entry.Kind.DOOR,
            act=act,
            now=timezone.now(),
            actor=user,
            table=TABLE,
            row=str(user.pk),
        )


def note_refused(request: HttpRequest, email: str) -> None:
    """Somebody typed a wrong password, or a wrong code, for this address."""
    note(request, "sign-in refused", User.objects.filter(email=email.strip().lower()).first())
