"""Sealing and opening with age: whoever makes a backup can't read it, and need not."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from shop.backups.errors import BackupFailed

SECRET_PREFIX = "AGE-SECRET-KEY-"  # noqa: S105 — how such keys begin, none itself


@dataclass(frozen=True)
class Piece:
    """A sealed file as it lies on the disk."""

    bytes: int
    sha256: str


class _Hashed:
    """A file that knows the digest of what was written to it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.stream.write(data)

    def flush(self) -> None:
        self.stream.flush()


def new_identity() -> tuple[str, str]:
    """A secret identity and the recipient that belongs to it, as text."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient(text: str) -> Any:
    """Raises BackupFailed when `text` is no age recipient."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise BackupFailed("BACKUP_RECIPIENT is no age recipient (age1…).") from None


def identities(file: Path) -> list[Any]:
    """The secret keys in a file, one a line, as age-keygen writes them. Raises BackupFailed."""
    try:
        lines = file.read_text(encoding="utf-8").split()
        found = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line.startswith(SECRET_PREFIX)
        ]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise BackupFailed(f"There is no age identity in {file}.")
    return found


def identity(text: str) -> Any:
    return pyrage.x25519.Identity.from_str(text)


def seal(source: IO[bytes], target: Path, recipients: Sequence[Any]) -> Piece:
    """Write what `source` gives to a new file, sealed; it is on the disk when this returns."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        hashed = _Hashed(stream)
        pyrage.encrypt_io(source, hashed, list(recipients))
        stream.flush()
        os.fsync(stream.fileno())
    return Piece(target.stat().st_size, hashed.digest.hexdigest())


def unseal(source: Path, target: Any, keys: Sequence[Any]) -> None:
    """Write the content of a sealed file to `target`.

    Raises BackupFailed when no key fits or the file is damaged, perhaps after a part was written.
    """
    try:
        with source.open("rb") as stream:
            pyrage.decrypt_io(stream, target, list(keys))
    except FileNotFoundError:
        raise BackupFailed(f"{source.name} is missing from the backup.") from None
    except pyrage.DecryptError:
        raise BackupFailed(f"The identity does not open {source.name}.") from None
    except OSError as error:
        raise BackupFailed(f"{source.name} can't be read to its end: {error}.") from error


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
