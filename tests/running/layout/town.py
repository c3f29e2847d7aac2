"""The containers of docker-compose.yml without Docker: the same programs, commands and files.

Every container has a port of its own on this machine. What Docker's network and
volumes would give, addresses and folders, is written into copies of the Caddyfile and pgbouncer.ini;
all else in them stays. PostgreSQL, Valkey, worker and clock are those of the running house.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import randrange

import httpx

from shop.embedded import demo_env, paths
from tests.running.house import free_port

DEPLOY = paths.PROJECT / "docs/deploy"
# The command of the image that web and tills run.
IMAGE = (paths.PROJECT / "Dockerfile").read_text()
SERVE = json.loads(re.search(r'CMD (\["gunicorn".*?\])', IMAGE, re.DOTALL)[1].replace("\\\n", ""))
CONTAINERS = ("web1", "web2", "tills1")
SERVERS = ("proxy", "pgbouncer", "postgres")
# What reached a container, and what the proxy said of it.
LINE = "%(m)s %(U)s %(s)s {%({x-request-start}i)s %({x-forwarded-for}i)s}"
# Who comes from here is a CDN.
CDN = "127.77.0.0/16"
# Debian keeps servers where an ordinary user's PATH does not lead.
PATH = f"{os.environ['PATH']}:/usr/sbin"
PROGRAMS = {name: shutil.which(name, path=PATH) for name in ("caddy", "pgbouncer")}


def somewhere():
    """An address of this machine that no other shopper comes from."""
    return f"127.{randrange(100, 255)}.{randrange(255)}.{randrange(1, 255)}"


class Town:
    """`open` starts it all, `kill` and `end` take a container away, `mend` brings back what is missing."""

    def __init__(self, house):
        self.house, self.running, self.leaving = house, {}, []
        # PgBouncer is somebody else, and has to read its files here.
        self.folder = Path(tempfile.mkdtemp(prefix="mercer-town-"))
        self.folder.chmod(0o755)
        self.ports = {name: free_port() for name in (*SERVERS, *CONTAINERS)}
        self.site = f"http://127.0.0.1:{self.ports['proxy']}"

    def open(self):
        missing = [name for name, found in PROGRAMS.items() if not found]
        assert not missing, f"no {missing}: apt-get install caddy pgbouncer"
        self._lay_out_files()
        socket = paths.socket_dir(self.house.data_dir) / ".s.PGSQL.5432"
        doors = (sys.executable, "-m", "tests.running.layout.doors")
        self._begin("doors", *doors, str(self.ports["postgres"]), str(socket))
        self.start_pgbouncer()
        proxy = (PROGRAMS["caddy"], "run", "--config", str(self.folder / "Caddyfile"))
        homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(self.folder))
        self._begin(
            "proxy", *proxy, "--adapter", "caddyfile", SITE_URL=self.site, CDN_NETWORKS=CDN, **homes
        )
        self.mend()
        with self.shopper() as first:
            self.wait_for(lambda: first.get("/healthz").status_code == 200)

    def close(self):
        everybody = [*self.leaving, *reversed(self.running.values())]
        for process in everybody:
            process.terminate()
        for process in everybody:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        shutil.rmtree(self.folder)

    def mend(self):
        """Start the containers that are gone, and wait until everybody answers."""
        for name in CONTAINERS:
            if name not in self.running:
                self._serve(name)
        for name in CONTAINERS:
            with self.at(name) as container:
                self.wait_for(lambda c=container: c.get("/healthz").status_code == 200)

    def kill(self, name):
        """All its processes at once, as when a machine goes."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def end(self, name):
        """Told to stop as compose tells it; it may take its time."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGINT if name == "pgbouncer" else signal.SIGTERM)
        self.leaving.append(process)
        return process

    def shopper(self, source=None):
        """A browser at an address of its own."""
        return self._client(self.site, source or somewhere())

    def at(self, name):
        """Somebody who asks one container, past the proxy."""
        return self._client(f"http://{self._address(name)}", "127.0.0.1")

    def _client(self, url, source):
        return httpx.Client(
            base_url=url,
            transport=httpx.HTTPTransport(local_address=source),
            timeout=60,
            headers={
                "Host": self.site.partition("//")[2],
                "Sec-Fetch-Site": "same-origin",
                "Origin": self.site,
            },
        )

    def _lay_out_files(self):
        served, data = self.folder / "srv", self.house.data_dir
        served.mkdir()
        for name in ("static", "media"):
            (served / name).symlink_to(data / name)
        (served / "away.html").write_bytes(self._away_page())
        proxy = {"root /srv": f"root {served}", "root * /srv": f"root * {served}"}
        for name in ("web", "tills"):
            asked = f"dynamic a {{\n\t\t\t\tname {name}\n\t\t\t\tport 8000\n\t\t\t\trefresh 5s\n\t\t\t}}"
            found = [self._address(one) for one in CONTAINERS if one.startswith(name)]
            proxy[asked] = " ".join(["to", *found])
        # Debian's Caddy knows it by an older name, and without a measure.
        proxy["request_buffers 256KiB"] = "buffer_requests"
        self._copy("Caddyfile", proxy, head="{\n\tadmin off\n}\n")
        pooler = {
            "host=postgres port=5432": f"host=127.0.0.1 port={self.ports['postgres']}",
            "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
            "listen_port = 6432": f"listen_port = {self.ports['pgbouncer']}",
            "/run/pgbouncer": str(self.folder),
        }
        self._copy("pgbouncer.ini", pooler)
        (self.folder / "users.txt").write_text('"shop" "layout"\n')

    def _copy(self, name, changes, head=""):
        text = (DEPLOY / name).read_text()
        for old, new in changes.items():
            assert old in text, f"{name} no longer says {old!r}"
            text = text.replace(old, new)
        (self.folder / name).write_text(head + text)

    def _away_page(self):
        made = subprocess.run(
            [sys.executable, "docs/deploy/away_page.py"],
            cwd=paths.PROJECT,
            env=os.environ | self.environment,
            check=True,
            stdout=subprocess.PIPE,
        )
        return made.stdout

    def start_pgbouncer(self):
        # It refuses to run as root.
        somebody = ("-u", "nobody") if os.geteuid() == 0 else ()
        settings = str(self.folder / "pgbouncer.ini")
        self._begin("pgbouncer", PROGRAMS["pgbouncer"], *somebody, settings)

    def _address(self, name):
        return f"127.0.0.1:{self.ports[name]}"

    def _serve(self, name):
        """A container of web or tills, by the image's own command."""
        command = [self._address(name) if part == "0.0.0.0:8000" else part for part in SERVE]
        command[0] = str(Path(sys.executable).with_name("gunicorn"))
        logged = ("--access-logfile", "-", "--access-logformat", LINE)
        self._begin(name, *command, *logged, **self.environment)

    @property
    def environment(self):
        house, kept = self.house.data_dir, demo_env.read(self.house.data_dir)
        port = self.ports["pgbouncer"]
        return {
            **{name: kept[name] for name in kept if name.startswith(("SECRET", "STRIPE"))},
            "DEMO": "1",
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": "127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "DATABASE_URL": f"postgresql://shop:layout@127.0.0.1:{port}/shop",
            "DATABASE_POOLED": "1",
            "REDIS_URL": paths.redis_url(house),
            "DATA_DIR": str(house),
            "MEDIA_ROOT": str(house / "media"),
            "STATIC_ROOT": str(house / "static"),
        }

    def _begin(self, name, *command, **environment):
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=paths.PROJECT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def wait_for(self, is_so, seconds=240):
        """Until it is so; the last words of everybody are in the error."""
        until = time.monotonic() + seconds
        while True:
            with suppress(httpx.TransportError):
                if is_so():
                    return
            if time.monotonic() > until:
                raise AssertionError([self.log(name)[-1500:] for name in self.running])
            time.sleep(0.1)
