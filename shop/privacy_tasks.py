"""What the clock and the outbox start for people's own data: load, one call, done."""

from celery import shared_task
from django.utils import timezone

from accounts.models import PrivacyRequest
from shop.outbox import mail
from shop.outbox.delivery import asks, delivers
from shop.processes.privacy import erasing, exporting, files, letters, requests, retention


@delivers("privacy.mail_link")
def mail_link(*, request_id: int, prefix: str) -> None:
    request = PrivacyRequest.objects.filter(pk=request_id, state=requests.State.ASKED).first()
    if request is not None:
        mail.send(letters.link(request, prefix=prefix))


@delivers("privacy.tell_ready")
def tell_ready(*, request_id: int, prefix: str) -> None:
    request = PrivacyRequest.objects.select_related("customer").filter(pk=request_id).first()
    if request is not None and (letter := letters.ready(request, prefix=prefix)):
        mail.send(letter)


@delivers("privacy.tell_refused")
def tell_refused(*, request_id: int) -> None:
    request = PrivacyRequest.objects.select_related("customer").filter(pk=request_id).first()
    if request is not None and (letter := letters.refused(request)):
        mail.send(letter)


@asks("privacy.erase")
def erase(*, request_id: int) -> None:
    erasing.work(request_id=request_id, now=timezone.now())


@asks("privacy.export")
def export(*, request_id: int, prefix: str) -> None:
    exporting.work(request_id=request_id, prefix=prefix, now=timezone.now())


@asks("privacy.delete_files")
def delete_files(*, names: list[str]) -> None:
    files.delete(names)


@shared_task(name="privacy.forget_old")
def forget_old() -> None:
    """Forget what has been kept long enough."""
    now = timezone.now()
    requests.expire(now=now)
    retention.run(now=now)
