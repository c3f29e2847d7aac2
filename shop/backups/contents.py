"""The sealed part of what a backup says about itself: rows of each table, names of all files."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shop.backups import vault
from shop.backups.media import Paths
from shop.backups.rows import Counts
from shop.backups.vault import Piece


@dataclass(frozen=True)
class Contents:
    """What a restored shop is compared with."""

    rows: Counts
    extensions: list[str]
    media: Paths


def write(found: Contents, target: Path, recipients: Sequence[Any]) -> Piece:
    return vault.seal(io.BytesIO(json.dumps(asdict(found)).encode()), target, recipients)


def read(source: Path, keys: Sequence[Any]) -> Contents:
    """Raises BackupFailed when no key opens it."""
    opened = io.BytesIO()
    vault.unseal(source, opened, keys)
    return Contents(**json.loads(opened.getvalue()))
