"""The shop's settings for a server beside the tests: as theirs, nothing is collected for it."""

from shop.settings import *  # noqa: F403
from shop.settings import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
