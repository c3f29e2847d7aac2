"""The words people agree to. A shop starts with its own; every change is a new version."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override

from accounts.models import ConsentText, Purpose
from shop.lib.locks import locked

# In force until staff publish others.
WORDS: dict[str, str] = {
    Purpose.NEWS: gettext_noop(
        "Write to me by e-mail about new pieces and offers, about twice a month. "
        "I can stop this at any time in my account or by the link in every mail."
    ),
    Purpose.REMINDERS: gettext_noop(
        "Remind me by e-mail when I leave a basket behind, at most once a basket. "
        "I can stop this at any time."
    ),
    Purpose.REVIEWS: gettext_noop(
        "Ask me by e-mail how an order was, once an order. I can stop this at any time."
    ),
    Purpose.SMS: gettext_noop(
        "Send me text messages about where my order is. I can stop this at any time."
    ),
    Purpose.VISITS: gettext_noop(
        "Keep which pages I look at with my account, to advise me better. "
        "Nobody outside the shop gets to see them. I can stop this at any time; "
        "then what was kept is deleted."
    ),
}
FIRST_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DEFAULT_LANGUAGE = "en-gb"


def in_force(*, purpose: Purpose, language: str, now: dt.datetime) -> ConsentText:
    """The newest words in this language, or the shop's first ones, which are written down then."""
    return _newest(purpose, language, now) or _first(purpose, language)


def words(*, purpose: Purpose, language: str, now: dt.datetime) -> str:
    """The same to be shown, for pages that write nothing."""
    newest = _newest(purpose, language, now)
    return newest.words if newest else _default(purpose, language)


@transaction.atomic
def publish(*, purpose: Purpose, language: str, words: str, now: dt.datetime) -> ConsentText:
    """Put new words in force. Who agreed to the old ones keeps having agreed to them."""
    _first(purpose, language)
    # Its first row is locked with the others: two editors get two versions.
    rows = locked(ConsentText.objects.filter(purpose=purpose, language=language))
    last = max(row.version for row in rows)
    return ConsentText.objects.create(
        purpose=purpose, language=language, version=last + 1, words=words, published_at=now
    )


def _newest(purpose: Purpose, language: str, now: dt.datetime) -> ConsentText | None:
    published = ConsentText.objects.filter(
        purpose=purpose, language=language, published_at__lte=now
    )
    return published.order_by("-version").first()


def _first(purpose: Purpose, language: str) -> ConsentText:
    text, _created = ConsentText.objects.get_or_create(
        purpose=purpose,
        language=language,
        version=1,
        defaults={"words": _default(purpose, language), "published_at": FIRST_DAY},
    )
    return text


def _default(purpose: Purpose, language: str) -> str:
    with override(language):
        return gettext(WORDS[purpose])
