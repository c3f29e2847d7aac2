"""Pictures are fetched by workers: once as far as anyone can see, and never for ever."""

import datetime as dt
from functools import partial

import pytest
from celery import current_app
from django.utils import timezone

from catalog import tasks
from catalog.models import Image
from shop.lib.fetch import safe_fetch
from shop.outbox.models import Message, post
from tests.catalog.paint import painted
from tests.factories import ImageFactory
from tests.lib.webserver import Answer, serving

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _owed(url):
    image = ImageFactory(file="", source_url=url)
    key = f"image-{image.pk}-fetch"
    message = post(topic="images.fetch", key=key, payload={"image_id": image.pk}, now=NOW)
    return image, message


def _fetch(message, server, *, now=NOW):
    fetcher = partial(safe_fetch, trusted={server.door})
    tasks.fetch_owed(message_id=message.pk, now=now, fetcher=fetcher)
    message.refresh_from_db()


def test_a_fetched_picture_has_a_file_and_is_owed_its_copies():
    with serving({"/mug.jpg": Answer(painted(900, 900), kind="image/jpeg")}) as server:
        image, message = _owed(f"{server.url}/mug.jpg")
        _fetch(message, server)

    image.refresh_from_db()
    assert (image.width, image.height) == (900, 900)
    assert message.done_at == NOW
    assert Message.objects.get(topic="images.render").payload == {"image_id": image.pk}


def test_delivered_twice_it_is_fetched_once():
    with serving({"/mug.jpg": Answer(painted(90, 90), kind="image/jpeg")}) as server:
        image, message = _owed(f"{server.url}/mug.jpg")
        _fetch(message, server)
        first = Image.objects.get(pk=image.pk).file.name
        _fetch(message, server)

    assert server.asked == ["/mug.jpg"]
    assert Image.objects.get(pk=image.pk).file.name == first


def test_of_two_workers_at_one_picture_one_leaves_a_file():
    answers = {"/mug.jpg": Answer(painted(90, 90), kind="image/jpeg")}

    with serving(answers) as server:
        _image, message = _owed(f"{server.url}/mug.jpg")

        def slow(url, **how):
            """The other worker ends while this one is still at it."""
            fetched = safe_fetch(url, trusted={server.door}, **how)
            _fetch(message, server)
            return fetched

        tasks.fetch_owed(message_id=message.pk, now=NOW, fetcher=slow)

    assert Message.objects.filter(topic="images.render").count() == 1


def test_the_relay_leaves_a_picture_alone_while_a_worker_is_at_it():
    _image, message = _owed("https://pictures.example/mug.jpg")

    def killed(url, **how):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tasks.fetch_owed(message_id=message.pk, now=NOW, fetcher=killed)

    assert not Message.objects.due(now=NOW + dt.timedelta(minutes=2)).filter(pk=message.pk)
    assert Message.objects.due(now=NOW + dt.timedelta(minutes=4)).filter(pk=message.pk)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(status=404), "The server answered 404."),
        (Answer(b"<html>", kind="text/html"), "The server sent “text/html”."),
        (Answer(b"<svg/>", kind="image/svg+xml"), "The server sent “image/svg+xml”."),
        (
            Answer(b"<html>", kind="image/png"),
            "This is not a PNG, JPEG, WebP, AVIF or GIF picture.",
        ),
        (
            Answer(headers={"Content-Length": "20000000"}, write=print),
            "The file is larger than 10 MB.",
        ),
    ],
)
def test_what_is_no_picture_is_noted_for_staff_and_not_asked_again(answer, problem):
    with serving({"/a": answer}) as server:
        image, message = _owed(f"{server.url}/a")
        _fetch(message, server)

    image.refresh_from_db()
    assert (image.status, image.problem) == (Image.Status.FAILED, problem)
    assert message.done_at is not None


def test_an_address_in_a_private_network_is_refused():
    image, message = _owed("http://169.254.169.254/latest/meta-data/")

    current_app.tasks["images.fetch"](message_id=message.pk)

    image.refresh_from_db()
    assert image.problem == "The address leads into a private network."


def test_a_server_that_is_down_is_asked_again_later_and_later_and_then_no_more():
    waits = []
    with serving({"/a": Answer(status=503)}) as server:
        image, message = _owed(f"{server.url}/a")
        for _ in range(5):
            _fetch(message, server)
            waits.append((message.due_at - NOW).total_seconds() / 60)

    image.refresh_from_db()
    assert waits[:4] == [1, 5, 30, 120]
    assert (image.status, image.problem) == (Image.Status.FAILED, "The server answered 503.")
    assert message.done_at is not None


def test_a_picture_that_was_deleted_is_owed_no_more():
    image, message = _owed("https://pictures.example/mug.jpg")
    image.delete()

    current_app.tasks["images.fetch"](message_id=message.pk)

    message.refresh_from_db()
    assert message.done_at is not None


def test_rendering_owes_the_product_fresh_cards():
    image = ImageFactory()
    message = post(topic="images.render", key="render", payload={"image_id": image.pk}, now=NOW)

    current_app.tasks["images.render"](message_id=message.pk)

    image.refresh_from_db()
    assert image.status == Image.Status.READY
    owed = Message.objects.get(topic="browsing.refresh_cards")
    assert owed.payload == {"product_ids": [image.product_id]}


def test_pictures_of_a_product_that_are_done_together_owe_one_refresh(time_machine):
    time_machine.move_to(dt.datetime(2026, 3, 1, 9, 0, 1, tzinfo=dt.UTC))
    first = ImageFactory()
    second = ImageFactory(product=first.product)
    for image in (first, second):
        key = f"render-{image.pk}"
        message = post(topic="images.render", key=key, payload={"image_id": image.pk}, now=NOW)
        current_app.tasks["images.render"](message_id=message.pk)

    owed = Message.objects.get(topic="browsing.refresh_cards")
    assert owed.due_at == dt.datetime(2026, 3, 1, 9, 0, 20, tzinfo=dt.UTC)
