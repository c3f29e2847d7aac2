"""Pictures are sealed once, come back as they were, and damage is noticed."""

import pytest

from shop.backups import media, vault
from shop.backups.errors import BackupFailed


@pytest.fixture
def key():
    return vault.identity(vault.new_identity()[0])


@pytest.fixture
def house(tmp_path, key):
    """A folder of media, a pool, and what a first backup kept of it."""
    source, pool = tmp_path / "media", tmp_path / "pool"
    (source / "products").mkdir(parents=True)
    (source / "products" / "mug.jpg").write_bytes(b"a mug" * 50_000)
    (source / "products" / "the same mug.jpg").write_bytes(b"a mug" * 50_000)
    (source / "empty.txt").touch()
    return source, pool, media.store(source, pool, known={}, recipients=[key.to_public()])


def test_what_is_the_same_is_kept_once(house):
    _source, _pool, kept = house

    assert len(kept.paths) == 3
    assert len(kept.pieces) == 2


def test_the_next_backup_seals_only_what_is_new(house, key):
    source, pool, kept = house
    before = {path: path.stat().st_mtime_ns for path in pool.rglob("*.age")}
    (source / "new.jpg").write_bytes(b"new")

    again = media.store(source, pool, known=kept.pieces, recipients=[key.to_public()])

    after = {path: path.stat().st_mtime_ns for path in pool.rglob("*.age")}
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()
    assert kept.pieces.items() <= again.pieces.items()


def test_files_come_back_as_they_were(house, key, tmp_path):
    source, pool, kept = house

    done = media.bring_back(kept.paths, pool, tmp_path / "new", keys=[key], replace=False)

    assert done.written == 3
    for name in kept.paths:
        assert (tmp_path / "new" / name).read_bytes() == (source / name).read_bytes()


def test_what_is_there_already_stays(house, key):
    source, pool, kept = house
    (source / "empty.txt").write_text("changed since")

    done = media.bring_back(kept.paths, pool, source, keys=[key], replace=False)

    assert (done.written, done.same, done.different) == (0, 2, 1)
    assert (source / "empty.txt").read_text() == "changed since"


def test_a_damaged_piece_is_noticed_without_a_key(house):
    _source, pool, kept = house
    digest = next(iter(kept.pieces))
    place = media.piece(pool, digest)
    place.write_bytes(place.read_bytes()[:-1] + b"x")

    assert media.damaged(kept.pieces, pool) == [digest]


def test_a_damaged_piece_leaves_no_half_of_a_file(house, key, tmp_path):
    _source, pool, kept = house
    place = media.piece(pool, kept.paths["products/mug.jpg"])
    place.write_bytes(place.read_bytes()[:-40_000])

    with pytest.raises(BackupFailed):
        media.bring_back(
            {"mug.jpg": kept.paths["products/mug.jpg"]},
            pool,
            tmp_path / "new",
            keys=[key],
            replace=False,
        )

    assert not list((tmp_path / "new").iterdir())


def test_a_swapped_piece_is_not_taken_for_another(house, key, tmp_path):
    _source, pool, kept = house
    one, other = (media.piece(pool, digest) for digest in kept.pieces)
    other.write_bytes(one.read_bytes())

    with pytest.raises(BackupFailed, match="not what was backed up"):
        media.check(kept.paths, pool, keys=[key])


def test_no_name_leads_out_of_the_media_folder(house, key, tmp_path):
    _source, pool, kept = house
    digest = kept.paths["empty.txt"]

    with pytest.raises(BackupFailed, match="outside"):
        media.bring_back(
            {"../../etc/passwd": digest}, pool, tmp_path / "new", keys=[key], replace=True
        )
