"""Before what can't be undone, somebody signed in long ago proves again who they are."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest


def lately_proved(request: HttpRequest) -> bool:
    """Whether a password, code or passkey was given on purpose within the last five minutes."""
    return bool(did_recently_reauthenticate(request))


# Sends to the page that asks, and comes back.
proves_again = reauthentication_required
