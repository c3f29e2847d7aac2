"""Where the embedded PostgreSQL and Valkey listen. Pure text: nothing is imported or created."""

import hashlib
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROLE = "shop"
DATABASE = "shop"
POSTGRES_PORT = 5432
PROJECT = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """Return DATA_DIR, read from the project's folder and not from where one happens to stand."""
    return (PROJECT / os.environ.get("DATA_DIR", ".data")).resolve()


def socket_dir(data_dir: Path) -> Path:
    """Return the folder of both sockets: one per user and data folder.

    Not inside the data folder: the kernel allows 107 bytes for a socket's path. Not under
    $TMPDIR: every process has to arrive at the same name.
    """
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:8]
    return Path("/tmp") / f"mercer-{os.getuid()}-{digest}"  # noqa: S108 — 0700 and owner checked  # nosec B108


def valkey_socket(data_dir: Path) -> Path:
    return socket_dir(data_dir) / "valkey.sock"


def postgres_socket(data_dir: Path) -> Path:
    return socket_dir(data_dir) / f".s.PGSQL.{POSTGRES_PORT}"


def database_url(data_dir: Path, *, database: str = DATABASE) -> str:
    """Return the URL of the embedded database, in the form django-environ and libpq both read."""
    return f"postgresql://{ROLE}@/{database}?host={socket_dir(data_dir)}&port={POSTGRES_PORT}"


def redis_url(data_dir: Path, *, number: int = 0) -> str:
    """Return the URL of the embedded Valkey, as redis-py and Django's cache read it."""
    return f"unix://{valkey_socket(data_dir)}?db={number}"


def celery_url(redis_url: str) -> str:
    """Return the same server in Celery's spelling; a TCP address stays as it is."""
    address = urlsplit(redis_url)
    if address.scheme != "unix":
        return redis_url
    number = parse_qs(address.query).get("db", ["0"])[0]
    return f"redis+socket://{address.path}?virtual_host={number}"
