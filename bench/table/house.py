"""What is measured on: PostgreSQL, Valkey, databases of every size, and the shop as production runs it."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from shop.embedded import demo_env, paths, plan, preflight, prepare, servers
from shop.embedded.children import Child
from shop.embedded.supervisor import Supervisor

ROOT = paths.PROJECT
# What fills a database: when it changes, a kept one is made anew.
SEEDING = ("shop/demo/seeding/*.py", "shop/demo/**/*.toml")
# What `migrate` makes: tables, and triggers that come with them.
TABLES = (*prepare.MIGRATIONS, "shop/audit/*.py", "shop/lib/rulebook.py")
ORDERS_OF_A_SHOP = 3_500
OPEN_WITHIN = 120
FIRST_PORT, FIRST_NUMBER = 18_700, 120


@dataclass(frozen=True, slots=True)
class Stock:
    """A database by what it holds; it is made from the next smaller one."""

    products: int
    orders: int = ORDERS_OF_A_SHOP
    # Of checkouts: what the machine can do is measured, not what it is held to. None: as usual.
    per_minute: int | None = 6_000

    @property
    def name(self) -> str:
        if self.orders == ORDERS_OF_A_SHOP:
            return f"scale_{self.products}"
        return f"orders_{self.orders}"


@dataclass
class House:
    """folder: data of the servers, which are started unless they run there already."""

    folder: Path
    say: Any

    def __post_init__(self) -> None:
        self.work = ROOT / ".data" / "bench"
        preflight.usable_folder(self.work)
        preflight.usable_folder(self.folder)
        self.supervisor = Supervisor(log_dir=self.work, say=self.say)
        # Two measurements side by side keep out of each other's way.
        self.port = preflight.port_near(FIRST_PORT + os.getpid() % 500)
        self.number = FIRST_NUMBER + os.getpid() % 60
        self.are_ours = False

    def open(self) -> None:
        for server in (servers.database(self.folder), servers.cache(self.folder)):
            with suppress(OSError):
                if server.answers(self.folder):
                    continue
            self.are_ours = True
            server.prepare(self.folder)
            self.supervisor.start(server.child)
            self.supervisor.wait(server.child.name, partial(server.answers, self.folder))
        self._collect_static()

    def close(self) -> None:
        self.supervisor.stop()
        if self.are_ours:
            servers.tidy(self.folder)

    def environment(self, stock: Stock) -> dict[str, str]:
        """As in production: no demo, no debugging. Any host below .localhost is the shop's."""
        made_up = {
            "SECRET_KEY": "only-for-this-measurement-" + "0123456789" * 4,
            "STRIPE_SECRET_KEY": "sk_test_bench",
            "STRIPE_WEBHOOK_SECRET": "whsec_bench",
        }
        if stock.per_minute is not None:
            made_up["CHECKOUTS_PER_MINUTE"] = str(stock.per_minute)
        kept = {k: v for k, v in demo_env.read(self.folder).items() if k in made_up}
        return {
            **made_up,
            **kept,
            "DATABASE_URL": paths.database_url(self.folder, database=stock.name),
            "REDIS_URL": paths.redis_url(self.folder, number=self.number),
            "DATA_DIR": str(self.work),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.work / "static"),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1,.localhost",
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "LOG_LEVEL": "ERROR",
        }

    def make(self, stock: Stock, *, out_of: Stock | None = None) -> None:
        """Fill a database, or bring a kept one up to date. One of a running shop is never thrown away."""
        seeding, migrations = prepare.digest_of(*SEEDING), prepare.digest_of(*TABLES)
        kept = (self._note(stock.name) or "").split()
        if self._exists(stock.name) and (seeding in kept or not self.are_ours):
            if migrations not in kept:
                self.manage(stock, "migrate", "-v0")
                self._describe(stock, seeding, migrations)
            return
        start = time.monotonic()
        self._administer("drop database if exists {} with (force)", stock.name)
        if out_of:
            self._administer("create database {} template {}", stock.name, out_of.name)
        else:
            self._administer("create database {}", stock.name)
            self.manage(stock, "migrate", "-v0")
        wish = (f"--products={stock.products}", f"--orders={stock.orders}")
        self.manage(stock, "seed_shop", *wish)
        self._describe(stock, seeding, migrations)
        self.say(f"{stock.name} made in {time.monotonic() - start:.0f} s")

    def _describe(self, stock: Stock, seeding: str, migrations: str) -> None:
        self._administer(f"comment on database {{}} is '{seeding} {migrations}'", stock.name)

    def manage(self, stock: Stock, *words: str) -> None:
        environment = {
            **os.environ,
            **self.environment(stock),
            "DEMO": "1",
            "ALLOWED_HOSTS": "127.0.0.1",
        }
        line = [sys.executable, str(ROOT / "manage.py"), *words]
        subprocess.run(line, env=environment, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)

    def inside(self, stock: Stock, script: str = "inside.py", *words: str) -> Any:
        """What a script of this folder says that runs within the shop's settings."""
        environment = {**os.environ, **self.environment(stock)}
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name(script)), *words],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def shop(self, stock: Stock) -> Iterator[int]:
        """The web server of the demo's own plan with the bench's doors; gives its process id."""
        with self._serving(plan.gunicorn("web", self.port, self.environment(stock))) as pid:
            yield pid

    @contextmanager
    def tills(self, stock: Stock) -> Iterator[int]:
        """A second server, for what the proxy sends there: its port is the next one."""
        environment = {**self.environment(stock), "TILLS": "1"}
        child = plan.gunicorn("tills", self.port + 1, environment, niceness=plan.TILLS)
        with self._serving(child) as pid:
            yield pid

    @contextmanager
    def _serving(self, usual: Child) -> Iterator[int]:
        command = ["bench.wsgi" if word == "shop.wsgi" else word for word in usual.command]
        port = int(command[command.index("--bind") + 1].rpartition(":")[2])
        with self._running(replace(usual, command=command)) as keeper:
            keeper.wait(usual.name, lambda: self._is_open(port), seconds=OPEN_WITHIN)
            yield keeper.watched[usual.name].process.pid

    @contextmanager
    def worker(self, stock: Stock) -> Iterator[int]:
        """The worker, with one process so that its costs are easily told; gives its process id."""
        environment = self.environment(stock)
        behind_tills = plan.TILLS + plan.BACKGROUND
        child = plan.worker("worker", plan.QUEUES, environment, processes=1, niceness=behind_tills)
        with self._running(child) as keeper:
            yield keeper.watched["worker"].process.pid

    def value(self, stock: Stock, query: str) -> Any:
        with psycopg.connect(self.environment(stock)["DATABASE_URL"]) as to:
            row = to.execute(query).fetchone()
        return row[0] if row else None

    @contextmanager
    def _running(self, child: Child) -> Iterator[Supervisor]:
        # Kept by a supervisor of its own: it ends alone, while the servers stay.
        keeper = Supervisor(log_dir=self.work, say=self.say)
        keeper.start(child)
        try:
            yield keeper
        finally:
            keeper.stop()

    def _is_open(self, port: int) -> bool:
        line = http.client.HTTPConnection(preflight.HOST, port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def _collect_static(self) -> None:
        stamp, digest = self.work / "static.stamp", prepare.digest_of(*prepare.STATIC_FILES)
        if stamp.exists() and stamp.read_text() == digest:
            return
        self.manage(Stock(0), "collectstatic", "--no-input", "--clear", "-v0")
        stamp.write_text(digest)

    def _administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._postgres(), autocommit=True) as to:
            to.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _note(self, name: str) -> str | None:
        query = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
        with psycopg.connect(self._postgres()) as to:
            row = to.execute(query, [name]).fetchone()
        return row[0] if row else None

    def _exists(self, name: str) -> bool:
        query = "select true from pg_database where datname = %s"
        with psycopg.connect(self._postgres()) as to:
            return to.execute(query, [name]).fetchone() is not None

    def _postgres(self) -> str:
        return paths.database_url(self.folder, database="postgres")
