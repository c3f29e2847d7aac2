"""The project: settings, URLs, Celery, and the processes that run across the apps."""

from shop.celery import app as celery_app

__all__ = ["celery_app"]
