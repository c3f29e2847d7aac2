"""Start and stop the demo shop; look into its database from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from random import randrange

import psycopg

from shop.embedded import demo_env, paths

ROOT = Path(__file__).resolve().parents[2]
OWN = {"DATABASE_URL", "REDIS_URL", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"}
OWN |= {"SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "MEDIA_ROOT", "STATIC_ROOT", "DEMO"}
START_WITHIN = 900


def free_port():
    """A port whose neighbour is free as well: the payment stand-in lives next door."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            with suppress(OSError, OverflowError):
                two.bind(("127.0.0.1", port + 1))
                return port


def somewhere():
    """An address that nobody else comes from: limits count by it."""
    return f"2001:db8:{':'.join(f'{randrange(2**16):x}' for _part in range(6))}"


class House:
    def __init__(self, folder: Path):
        self.data_dir = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "demo.log"
        self.process = None

    @property
    def environment(self):
        kept = {name: value for name, value in os.environ.items() if name not in OWN}
        return {
            **kept,
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            # So that shoppers on this machine can come from addresses of their own.
            "TRUSTED_PROXIES": "127.0.0.1/32",
        }

    def open(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait_until_ready(START_WITHIN)

    def wait_until_ready(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(self.log.read_text()[-3000:])
            with (
                suppress(OSError, urllib.error.URLError),
                urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.3)
        raise RuntimeError(f"not ready after {seconds} s: {self.log.read_text()[-3000:]}")

    @property
    def root(self):
        return ROOT

    @property
    def database_url(self):
        return paths.database_url(self.data_dir)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def rows(self, query, *values):
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query, values).fetchall()

    def value(self, query, *values):
        return self.rows(query, *values)[0][0]

    def change(self, query, *values):
        with psycopg.connect(self.database_url) as connection:
            connection.execute(query, values)

    def until(self, query, expected, *values, seconds=60):
        """Wait for a figure of the database; the last one seen is in the error."""
        until = time.monotonic() + seconds
        while (seen := self.value(query, *values)) != expected:
            assert time.monotonic() < until, f"{seen!r} is not {expected!r}: {query}"
            time.sleep(0.3)

    def run(self, code):
        """Run a line of Python inside the shop, as staff with a shell would."""
        env = {**self.environment, **self._secrets()}
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
            cwd=ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def reconcile(self):
        done = subprocess.run(
            [sys.executable, "manage.py", "reconcile", "--json"],
            cwd=ROOT,
            env={**self.environment, **self._secrets()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout, done.stderr[-2000:]
        return done.returncode, json.loads(done.stdout)

    def _secrets(self):
        """The shop's own key: sessions made in a shell count, and what is sealed can be read."""
        return {"SECRET_KEY": demo_env.read(self.data_dir)["SECRET_KEY"], "DEMO": "1"}

    def workers(self):
        """Process ids of this shop's Celery worker, its main process first."""
        mine = f"DATA_DIR={self.data_dir}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            with suppress(OSError):
                command = (folder / "cmdline").read_bytes().split(b"\0")
                if b"worker" in command and mine in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return sorted(found)
