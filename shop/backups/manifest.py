"""What a backup says about itself: in the open, nothing that tells about people or business."""

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from shop.backups.errors import BackupFailed
from shop.backups.media import Pieces

FORMAT = 1
NAME = "manifest.json"
# Inside a backup's folder.
DATABASE, CONTENTS, PIECES = "database.dump.age", "contents.json.age", "pieces.json"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One backup. `name` is its folder; sizes are bytes on the disk, `files` those of the media.

    `verified_at` is None until a restore of it was compared with the original.
    """

    name: str
    at: dt.datetime
    server: str
    shop: str
    recipient: str
    seconds: float
    tables: int
    database: dict[str, Any]
    contents: dict[str, Any]
    files: int
    media_bytes: int
    verified_at: dt.datetime | None = None

    @property
    def bytes(self) -> int:
        return int(self.database["bytes"]) + int(self.contents["bytes"]) + self.media_bytes

    def verified(self, at: dt.datetime) -> "Manifest":
        return replace(self, verified_at=at)

    def write(self, folder: Path) -> None:
        told = {"format": FORMAT, **asdict(self)}
        text = json.dumps(told, indent=1, default=lambda moment: moment.isoformat())
        (folder / NAME).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Raises BackupFailed when the folder holds no backup this shop can read."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise BackupFailed(f"{folder.name} was written in a form this shop does not know.")
        for moment in ("at", "verified_at"):
            told[moment] = told[moment] and dt.datetime.fromisoformat(told[moment])
        return Manifest(**told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupFailed(f"{folder.name} is no whole backup.") from error


def write_pieces(folder: Path, pieces: Pieces) -> None:
    (folder / PIECES).write_text(json.dumps(pieces, indent=0), encoding="utf-8")


def pieces(folder: Path) -> Pieces:
    """Which files of the pool belong to the backup. Raises BackupFailed."""
    try:
        return dict(json.loads((folder / PIECES).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{folder.name} does not say which media it needs.") from error
