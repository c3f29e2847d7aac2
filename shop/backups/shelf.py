"""The folder of backups: what lies there, who is at it, and what may go."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from shop.backups import manifest, media, rotation
from shop.backups.errors import BackupFailed, Busy
from shop.backups.manifest import Manifest

UNFINISHED = ".part"


@dataclass(frozen=True)
class Shelf:
    """One folder per backup, and beside them a pool of media that all of one key share."""

    folder: Path

    def pool(self, recipient: str) -> Path:
        return self.folder / f"media-{recipient[-8:]}"

    def backups(self) -> list[Manifest]:
        """Whole ones, oldest first."""
        if not self.folder.is_dir():
            return []
        found = []
        for path in sorted(self.folder.glob(f"*/{manifest.NAME}")):
            with suppress(BackupFailed):
                found.append(manifest.read(path.parent))
        return sorted((one for one in found if self._is_whole(one)), key=lambda one: one.at)

    def newest(self) -> Manifest | None:
        return next(reversed(self.backups()), None)

    def find(self, name: str) -> Manifest:
        """By its name, or "latest". Raises BackupFailed."""
        found = [one for one in self.backups() if name in {one.name, "latest"}]
        if not found:
            raise BackupFailed(f"There is no backup {name} in {self.folder}.")
        return found[-1]

    def place(self, backup: Manifest) -> Path:
        return self.folder / backup.name

    @contextmanager
    def held(self) -> Iterator[None]:
        """One at a time. What a run that died left behind goes. Raises Busy."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Busy("Another backup is being made right now.") from None
            for left in self.folder.glob(f"*{UNFINISHED}"):
                shutil.rmtree(left)
            yield

    def rotate(self, keep: rotation.Keep) -> list[str]:
        """Remove what has had its time, and pictures no backup needs; names of those that went."""
        there = self.backups()
        staying = rotation.to_keep([one.at for one in there], keep)
        gone = [one for one in there if one.at not in staying]
        for one in gone:
            shutil.rmtree(self.place(one))
        self._thin_out([one for one in there if one.at in staying])
        return [one.name for one in gone]

    def _thin_out(self, staying: list[Manifest]) -> None:
        needed = {
            media.piece(self.pool(one.recipient), digest)
            for one in staying
            for digest in manifest.pieces(self.place(one))
        }
        for path in self.folder.glob("media-*/*/*"):
            if path not in needed:
                path.unlink()

    def _is_whole(self, one: Manifest) -> bool:
        folder = self.place(one)
        sizes = {manifest.DATABASE: one.database, manifest.CONTENTS: one.contents}
        return (folder / manifest.PIECES).is_file() and all(
            (folder / name).is_file() and (folder / name).stat().st_size == piece["bytes"]
            for name, piece in sizes.items()
        )


def the_shops() -> Shelf:
    return Shelf(Path(settings.BACKUP_DIR))
