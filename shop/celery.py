import os

from celery import Celery
from celery.signals import setup_logging, task_failure
from django.utils import timezone

from shop.lib import failures

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["shop"])
app.autodiscover_tasks(["shop"], related_name="stock_tasks")
app.autodiscover_tasks(["shop"], related_name="privacy_tasks")


@setup_logging.connect
def keep_djangos_logging(**_kwargs: object) -> None:
    """Workers log as the web does: Celery's own set-up stays out."""


@task_failure.connect
def remember_failure(sender: object = None, exception: object = None, **_kwargs: object) -> None:
    """For the health page: what broke off, and with what kind of error."""
    name = str(getattr(sender, "name", sender))
    failures.note(name=name, error=type(exception).__name__, now=timezone.now())
