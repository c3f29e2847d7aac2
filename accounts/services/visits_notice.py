"""The notice that asks whether visits may be kept: shown until it is answered, to customers alone.

It is the only thing the shop would like beyond what it needs; without an account nothing is asked.
"""

import datetime as dt

from django.utils.translation import get_language

from accounts.models import Purpose
from accounts.services import consent_texts, consents, customers


def words_for(user: object, *, now: dt.datetime) -> str:
    """What is asked; empty when it has been answered, or for whoever is no customer."""
    customer = customers.of_user(user)
    if customer is None or Purpose.VISITS in consents.standing(customer=customer):
        return ""
    language = get_language() or "en-gb"
    return consent_texts.words(purpose=Purpose.VISITS, language=language, now=now)
