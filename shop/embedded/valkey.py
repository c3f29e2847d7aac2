"""An own Valkey in a folder: broker, cache, locks. It listens on a socket only."""

import socket
import time
from pathlib import Path

from shop.embedded import binaries, paths, preflight
from shop.embedded.errors import CannotStart


def folder(data_dir: Path) -> Path:
    return data_dir / "valkey"


def command(data_dir: Path, *, durable: bool = True) -> tuple[str, ...]:
    """Return the command line of the server, which stays in the foreground."""
    options = {
        "port": "0",
        "unixsocket": str(paths.valkey_socket(data_dir)),
        "unixsocketperm": "700",
        "dir": str(folder(data_dir)),
        "appendonly": "yes" if durable else "no",
        "save": "",
        # Kept pages make room for each other. What has no end, as queues, is never forgotten.
        "maxmemory": "512mb",
        "maxmemory-policy": "volatile-lru",
        "databases": "256",
    }
    return (
        binaries.valkey(),
        *(part for name, value in options.items() for part in (f"--{name}", value)),
    )


def prepare(data_dir: Path) -> None:
    """Bring the folders into the state `command` can start from; end a server left behind."""
    preflight.private_folder(paths.socket_dir(data_dir))
    folder(data_dir).mkdir(mode=0o700, exist_ok=True)
    stop(data_dir)


def answers(data_dir: Path) -> bool:
    """Say whether the server is there and has read its data."""
    return _ask(data_dir, b"PING") == b"+PONG"


def stop(data_dir: Path, *, seconds: float = 10) -> None:
    """Ask a running server to save and end, and wait for it."""
    end = time.monotonic() + seconds
    while _ask(data_dir, b"SHUTDOWN") is not None:
        if time.monotonic() > end:
            raise CannotStart(
                f"The Valkey on {paths.valkey_socket(data_dir)} does not stop: end it first."
            )
        time.sleep(0.05)


def _ask(data_dir: Path, word: bytes) -> bytes | None:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(paths.valkey_socket(data_dir)))
            line.sendall(word + b"\r\n")
            return line.recv(64).strip()
        except ConnectionResetError:
            return b""
        except OSError:
            return None
