"""What a demo consists of: where its data lies, which children run, what they are told."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shop.embedded import demo_env, paths, preflight
from shop.embedded.children import Child
from shop.embedded.servers import Server, cache, database

# Pictures have a worker of their own: hundreds of them must not keep a mail waiting.
QUEUES, PICTURES = "checkout,mail,reports,default", "images"
# A shopper who waits comes before work nobody waits for, and pages before tills where both are
# (docs/decisions/0030-pages-and-tills.md).
TILLS, BACKGROUND, SLOW = 9, 5, 15


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The choices behind one demo, read once from the environment.

    `given_database` and `given_valkey` are URLs of servers that are there; empty: bring our own.
    """

    data_dir: Path
    port: int
    stand_in_port: int | None
    given_database: str
    given_valkey: str

    @property
    def site_url(self) -> str:
        return f"http://{preflight.HOST}:{self.port}"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "logs"


def read(environment: Mapping[str, str]) -> Plan:
    """Raises CannotStart when PORT or the data folder are of no use."""
    port = preflight.port_number(environment.get("PORT", "8000"))
    return Plan(
        data_dir=paths.data_dir(),
        port=port,
        stand_in_port=None if environment.get("STRIPE_SECRET_KEY") else preflight.port_near(port),
        given_database=environment.get("DATABASE_URL", ""),
        given_valkey=environment.get("REDIS_URL", ""),
    )


def keep_environment(plan: Plan) -> dict[str, str]:
    """Write the demo's variables to its data folder; return them with those that were given."""
    variables = {
        "DATABASE_URL": paths.database_url(plan.data_dir),
        "REDIS_URL": paths.redis_url(plan.data_dir),
        "DEMO": "1",
        "DATA_DIR": str(plan.data_dir),
        "SITE_URL": plan.site_url,
        "MEDIA_ROOT": str(plan.data_dir / "media"),
        "STATIC_ROOT": str(plan.data_dir / "static"),
    }
    if plan.stand_in_port:
        variables["STRIPE_API_BASE"] = f"http://{preflight.HOST}:{plan.stand_in_port}"
    given = {"DATABASE_URL": plan.given_database, "REDIS_URL": plan.given_valkey}
    given = {name: url for name, url in given.items() if url}
    own = {name: value for name, value in variables.items() if name not in given}
    return demo_env.write(plan.data_dir, own) | given


def servers(plan: Plan) -> list[Server]:
    """Return the servers this demo brings itself."""
    found = []
    if not plan.given_database:
        found.append(database(plan.data_dir))
    if not plan.given_valkey:
        found.append(cache(plan.data_dir))
    return found


def manage(name: str, *arguments: str, environment: Mapping[str, str], niceness: int = 0) -> Child:
    """Return a management command as a child."""
    line = (sys.executable, str(paths.PROJECT / "manage.py"), name, *arguments)
    return Child(name=name, command=line, environment=environment, niceness=niceness)


def clients(plan: Plan, environment: Mapping[str, str]) -> list[Child]:
    """Return the shop's own processes."""
    found = [
        web(plan, environment),
        worker("worker", QUEUES, environment, processes=2, niceness=BACKGROUND),
        worker("pictures", PICTURES, environment, processes=1, niceness=SLOW),
        beat(plan, environment),
    ]
    if plan.stand_in_port:
        found.append(stand_in(plan, environment))
    return found


def web(plan: Plan, environment: Mapping[str, str]) -> Child:
    """Return the server of all pages. A demo has no proxy that would send anybody to tills."""
    return gunicorn("web", plan.port, environment)


def gunicorn(name: str, port: int, environment: Mapping[str, str], *, niceness: int = 0) -> Child:
    return Child(
        name=name,
        command=(
            *(sys.executable, "-m", "gunicorn", "shop.wsgi"),
            *("--bind", f"{preflight.HOST}:{port}"),
            *("--worker-class", "shop.lib.serving.Worker", "--workers", "2", "--threads", "4"),
            *("--graceful-timeout", "20", "--no-control-socket", "--preload"),
        ),
        environment=environment,
        niceness=niceness,
    )


def worker(
    name: str, queues: str, environment: Mapping[str, str], *, processes: int, niceness: int
) -> Child:
    # After the warm stop comes the cold one, which puts unfinished tasks back into their queue.
    return Child(
        name=name,
        command=(
            *(sys.executable, "-m", "celery", "-A", "shop", "worker", "--queues", queues),
            *("--hostname", f"{name}@%h", "--concurrency", str(processes), "--loglevel", "info"),
            *("--without-mingle", "--without-gossip"),
        ),
        environment=environment,
        stop_signals=(signal.SIGTERM, signal.SIGQUIT),
        stop_seconds=6,
        orphan_signal=signal.SIGQUIT,
        niceness=niceness,
    )


def beat(plan: Plan, environment: Mapping[str, str]) -> Child:
    schedule = plan.data_dir / "beat-schedule"
    return Child(
        name="beat",
        command=(
            *(sys.executable, "-m", "celery", "-A", "shop", "beat", "--loglevel", "info"),
            *("--schedule", str(schedule), "--pidfile", ""),
        ),
        environment=environment,
        niceness=BACKGROUND,
    )


def stand_in(plan: Plan, environment: Mapping[str, str]) -> Child:
    """Return what speaks Stripe's protocol here when there is no key for Stripe itself."""
    return manage(
        "standin",
        *("--port", str(plan.stand_in_port)),
        *("--webhook", f"{plan.site_url}/webhooks/stripe/"),
        *("--secret", environment["STRIPE_WEBHOOK_SECRET"]),
        *("--state", str(plan.data_dir / "standin.journal")),
        environment=environment,
        niceness=BACKGROUND,
    )
