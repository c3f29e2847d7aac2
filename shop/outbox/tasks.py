from celery import shared_task

from shop.outbox import delivery


@shared_task(name="outbox.relay")
def relay() -> None:
    """Hand over everything that is due, in batches."""
    while delivery.relay() == delivery.BATCH:
        pass
