"""The demo's pictures in the media folder, and the copies that workers owe for them."""

import datetime as dt
import shutil
from pathlib import Path

from django.conf import settings
from PIL import Image as Pillow

from catalog.models import Image
from shop.demo.seeding.goods import Picture
from shop.outbox.models import Message

SOURCE = Path(__file__).resolve().parents[1] / "pictures"
FOLDER = "products/demo"


def put_in_place() -> dict[str, Picture]:
    """Copy every picture into the media folder. Returns them by file name."""
    target = Path(settings.MEDIA_ROOT) / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    return {file.name: _put(file, target / file.name) for file in sorted(SOURCE.glob("*.webp"))}


def _put(file: Path, target: Path) -> Picture:
    shutil.copyfile(file, target)
    with Pillow.open(file) as picture:
        return Picture(f"{FOLDER}/{file.name}", *picture.size)


def owe_copies(*, now: dt.datetime) -> int:
    """Owe the workers a rendering of every picture that has none."""
    waiting = Image.objects.filter(status=Image.Status.WAITING).exclude(file="")
    owed = Message.objects.bulk_create(
        (
            Message(
                topic="images.render",
                key=f"image-{image_id}-render-demo",
                payload={"image_id": image_id},
                created_at=now,
                due_at=now,
            )
            for image_id in waiting.order_by("pk").values_list("pk", flat=True)
        ),
        ignore_conflicts=True,
    )
    return len(owed)


def in_use(*, limit: int) -> dict[str, Picture]:
    """Pictures of the catalogue, to be shown again by made-up products."""
    images = Image.objects.exclude(file="").order_by("pk")[:limit]
    rows = images.values_list("file", "width", "height", "renditions")
    return {name: Picture(name, *known) for name, *known in rows}
