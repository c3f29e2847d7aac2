"""The folder of backups: what counts as one, what goes, and that only one is made at a time."""

import datetime as dt

import pytest

from shop.backups import manifest, media
from shop.backups.errors import BackupFailed
from shop.backups.manifest import Manifest
from shop.backups.rotation import Keep
from shop.backups.shelf import Shelf

RECIPIENT = "age1abcdefghijklmnop"
NOW = dt.datetime(2026, 11, 22, 2, 50, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def place(tmp_path):
    return Shelf(tmp_path / "backups")


def put(place, at, *digests):
    """A backup as it lies there, with pieces of media."""
    made = Manifest(
        name=at.strftime(manifest.STAMP),
        at=at,
        server="18.6",
        shop="0.1.0",
        recipient=RECIPIENT,
        seconds=1.0,
        tables=1,
        database={"bytes": 4, "sha256": "x"},
        contents={"bytes": 4, "sha256": "x"},
        files=len(digests),
        media_bytes=0,
    )
    folder = place.place(made)
    folder.mkdir(parents=True)
    for name in (manifest.DATABASE, manifest.CONTENTS):
        (folder / name).write_bytes(b"dump")
    manifest.write_pieces(folder, dict.fromkeys(digests, "x"))
    for digest in digests:
        piece = media.piece(place.pool(RECIPIENT), digest)
        piece.parent.mkdir(parents=True, exist_ok=True)
        piece.write_bytes(b"piece")
    made.write(folder)
    return made


def test_a_manifest_reads_as_it_was_written(place):
    made = put(place, NOW)

    assert manifest.read(place.place(made)) == made
    assert manifest.read(place.place(made)).verified_at is None


def test_half_a_backup_is_none(place):
    whole, cut = put(place, NOW - DAY), put(place, NOW)
    (place.place(cut) / manifest.DATABASE).write_bytes(b"d")

    assert [one.name for one in place.backups()] == [whole.name]
    assert place.find("latest") == whole
    with pytest.raises(BackupFailed, match="no backup"):
        place.find(cut.name)


def test_a_folder_that_is_not_there_holds_none(place):
    assert place.newest() is None


def test_rotation_removes_backups_and_the_media_nobody_needs(place):
    old, new = put(place, NOW - 40 * DAY, "aa1", "bb2"), put(place, NOW, "bb2", "cc3")

    gone = place.rotate(Keep(days=1, weeks=0, months=0))

    assert gone == [old.name]
    assert place.backups() == [new]
    left = {path.stem for path in place.folder.glob("media-*/*/*")}
    assert left == {"bb2", "cc3"}


def test_one_at_a_time(place):
    with place.held(), pytest.raises(BackupFailed, match="right now"), Shelf(place.folder).held():
        pass


def test_what_a_run_that_died_left_behind_goes(place):
    left = place.folder / "20261121T025000Z.part"
    left.mkdir(parents=True)
    (left / "database.dump.age").write_bytes(b"half")

    with place.held():
        assert not left.exists()
