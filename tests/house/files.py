"""What the house rules look at: the files git knows or would take."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def project_files(*endings: str) -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = (ROOT / name for name in listed if name.endswith(endings))
    return tuple(path for path in sorted(paths) if path.is_file())


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
