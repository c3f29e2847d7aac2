"""Words looked up once."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation.trans_real import translation

MOST_WORDS = 8192


def remember_words() -> None:
    """Keep what each text is in each language, for the life of the process.

    A text of ours is English already: gettext finds that out anew each time, by asking the
    catalogues of all apps one after the other. They don't change while the shop runs.
    """
    for code, _name in settings.LANGUAGES:
        found = translation(code)
        if not hasattr(found.gettext, "cache_info"):
            found.gettext = lru_cache(maxsize=MOST_WORDS)(found.gettext)  # type: ignore[method-assign]
