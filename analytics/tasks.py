from celery import shared_task
from django.utils import timezone

from analytics.services import rollups


@shared_task(name="analytics.roll_up")
def roll_up() -> None:
    """Add up months that are over, and anew what later changes took away."""
    rollups.roll_up(now=timezone.now())
