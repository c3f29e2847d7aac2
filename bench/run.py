"""Run every measurement of this folder, each on servers started for it: python bench/run.py [NAME]

Figures are of this machine at this moment; compare ratios, not seconds.
"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from shop.embedded import paths, preflight, servers  # noqa: E402
from shop.embedded.supervisor import Supervisor  # noqa: E402

DATA_DIR = ROOT / ".data" / "bench"


def main(names: list[str]) -> int:
    """Measure; the exit code says whether every measurement came to its end."""
    preflight.usable_folder(DATA_DIR)
    supervisor = Supervisor(log_dir=DATA_DIR, say=print)
    supervisor.listen()
    try:
        for server in (servers.database(DATA_DIR), servers.cache(DATA_DIR)):
            server.prepare(DATA_DIR)
            supervisor.start(server.child)
            supervisor.wait(server.child.name, partial(server.answers, DATA_DIR))
        scripts = [path for path in sorted(HERE.glob("*.py")) if path.name != "run.py"]
        return max(measure(path) for path in scripts if not names or path.stem in names)
    finally:
        supervisor.stop()
        servers.tidy(DATA_DIR)


def measure(script: Path) -> int:
    print(f"» {script.stem}", flush=True)
    environment = {
        **os.environ,
        "SECRET_KEY": "only-for-this-measurement",
        "DATABASE_URL": paths.database_url(DATA_DIR),
        "REDIS_URL": paths.redis_url(DATA_DIR),
    }
    return subprocess.run([sys.executable, script], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
