import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["shop"])


@setup_logging.connect
def keep_djangos_logging(**_kwargs: object) -> None:
    """Workers log as the web does: Celery's own set-up stays out."""
