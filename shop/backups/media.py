"""Uploaded and drawn files: sealed once each, however many backups they are part of."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shop.backups import vault
from shop.backups.errors import BackupFailed

# path below the media folder -> digest of the content
Paths = dict[str, str]
# digest of the content -> digest of the sealed piece
Pieces = dict[str, str]


@dataclass
class Kept:
    """What a backup holds of the media."""

    paths: Paths = field(default_factory=dict)
    pieces: Pieces = field(default_factory=dict)
    bytes: int = 0


@dataclass
class Returned:
    """What a restore did, in files. `different` were there with another content, and stayed."""

    written: int = 0
    same: int = 0
    different: int = 0


def piece(pool: Path, digest: str) -> Path:
    return pool / digest[:2] / f"{digest}.age"


def store(source: Path, pool: Path, *, known: Mapping[str, str], recipients: Sequence[Any]) -> Kept:
    """Seal every file that is not in the pool yet. `known`: pieces that earlier backups made."""
    kept = Kept()
    for path in _files(source):
        try:
            digest = vault.sha256(path)
            sealed = _sealed(path, pool, digest, known=known, recipients=recipients)
        except FileNotFoundError:
            # Thrown away while we were looking.
            continue
        kept.paths[path.relative_to(source).as_posix()] = digest
        kept.pieces[digest] = sealed
    kept.bytes = sum(piece(pool, digest).stat().st_size for digest in kept.pieces)
    return kept


def _sealed(
    path: Path, pool: Path, digest: str, *, known: Mapping[str, str], recipients: Sequence[Any]
) -> str:
    place = piece(pool, digest)
    if digest in known and place.is_file():
        return known[digest]
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with path.open("rb") as stream:
        sealed = vault.seal(stream, fresh, recipients)
    fresh.replace(place)
    return sealed.sha256


def bring_back(
    paths: Mapping[str, str], pool: Path, target: Path, *, keys: Sequence[Any], replace: bool
) -> Returned:
    """Write every file of a backup below `target`; the rest of what lies there stays.

    replace: also where another content lies now. Raises BackupFailed at the first damaged piece.
    """
    done = Returned()
    for name, digest in paths.items():
        place = _below(target, name)
        if place.is_file():
            if vault.sha256(place) == digest:
                done.same += 1
                continue
            if not replace:
                done.different += 1
                continue
        _write(piece(pool, digest), place, digest, keys)
        done.written += 1
    return done


def check(paths: Mapping[str, str], pool: Path, *, keys: Sequence[Any]) -> int:
    """Open every piece and compare its content; how many there are. Raises BackupFailed."""
    wanted = set(paths.values())
    for digest in wanted:
        seen = _Digest()
        vault.unseal(piece(pool, digest), seen, keys)
        _compare(seen.digest.hexdigest(), digest)
    return len(wanted)


def damaged(pieces: Mapping[str, str], pool: Path) -> list[str]:
    """Pieces that are missing or not as they were sealed; for this nobody needs a key."""
    return [
        digest
        for digest, sealed in pieces.items()
        if not piece(pool, digest).is_file() or vault.sha256(piece(pool, digest)) != sealed
    ]


def _files(source: Path) -> Iterator[Path]:
    return (path for path in sorted(source.rglob("*")) if path.is_file() and not path.is_symlink())


def _below(target: Path, name: str) -> Path:
    place = (target / name).resolve()
    if not place.is_relative_to(target.resolve()):
        raise BackupFailed("The backup names a file outside the media folder.")
    return place


def _write(source: Path, place: Path, digest: str, keys: Sequence[Any]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name[:100]}.restoring")
    try:
        with fresh.open("wb") as stream:
            vault.unseal(source, stream, keys)
        _compare(vault.sha256(fresh), digest)
    except BackupFailed:
        fresh.unlink()
        raise
    fresh.replace(place)


def _compare(found: str, wanted: str) -> None:
    if found != wanted:
        raise BackupFailed(f"A file of the media is not what was backed up ({wanted[:12]}…).")


class _Digest:
    """Takes bytes and keeps only their digest."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""
