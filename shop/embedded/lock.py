"""One demo per data folder. The kernel drops the lock with its holder, however that one ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shop.embedded.errors import CannotStart


@contextmanager
def hold(data_dir: Path, *, note: str) -> Iterator[None]:
    """Keep `data_dir` to this process; `note` tells a second one who is there.

    Raises CannotStart when another process holds it.
    """
    with (data_dir / "demo.lock").open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            stream.seek(0)
            raise CannotStart(
                f"A demo already runs on {data_dir} ({stream.read()}): stop it, or start a second "
                "one beside it with DATA_DIR=.data2 PORT=8010 make demo."
            ) from error
        stream.truncate(0)
        stream.write(note)
        stream.flush()
        yield
