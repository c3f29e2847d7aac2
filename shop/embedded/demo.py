"""`manage.py demo`: from a folder to an open shop, and back."""

import http
import http.client
import os
import sys
import time
from contextlib import suppress
from functools import partial

from shop.embedded import children, lock, paths, plan, preflight, prepare, servers
from shop.embedded.errors import CannotStart, Stopped
from shop.embedded.plan import Plan
from shop.embedded.servers import Server
from shop.embedded.supervisor import Supervisor

SERVER_SECONDS, SHOP_SECONDS = 30, 90

WELCOME = """
The shop is open.

  Shop        {site}/
  In euro     {site}/eu/
  Staff       {site}/admin/       owner@marlandweft.example, password mercer-demo;
                                  the page after it has its code filled in
  Figures     {site}/dashboard/   (also manager@ warehouse@ support@ catalogue@ marketing@)
  Customers   {site}/account/     member@marlandweft.example, trade@ (the same password)
  Sent mail   {site}/admin/       under Mail

  Data and logs in {data_dir}. Stop with Ctrl-C.
"""


def main() -> int:
    """Run the demo until somebody stops it; return the exit code."""
    try:
        _run()
    except (Stopped, KeyboardInterrupt):
        return 0
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The demo cannot go on: {error}.", file=sys.stderr)
        return 1
    return 0


def _run() -> None:
    folder = paths.data_dir()
    preflight.usable_folder(folder)
    port = preflight.port_number(os.environ.get("PORT", "8000"))
    with lock.hold(folder, note=f"process {os.getpid()}, http://{preflight.HOST}:{port}/"):
        preflight.free_port(port)
        preflight.free_space(folder)
        chosen = plan.read(os.environ)
        chosen.log_dir.mkdir(exist_ok=True)
        supervisor = Supervisor(log_dir=chosen.log_dir, say=say)
        supervisor.listen()
        try:
            _open(supervisor, chosen)
        finally:
            _close(supervisor, chosen)


def _open(supervisor: Supervisor, chosen: Plan) -> None:
    began = time.monotonic()
    say(f"Opening the shop in {chosen.data_dir} …")
    environment = plan.keep_environment(chosen)
    _start_servers(supervisor, chosen)
    prepare.everything(supervisor, chosen, environment)
    for child in plan.clients(chosen, environment):
        supervisor.start(child)
    _wait_until_ready(supervisor, chosen)
    say(WELCOME.format(site=chosen.site_url, data_dir=chosen.data_dir))
    say(f"Ready after {time.monotonic() - began:.1f} s.")
    supervisor.watch()


def _start_servers(supervisor: Supervisor, chosen: Plan) -> None:
    for server in plan.servers(chosen):
        server.prepare(chosen.data_dir)
        supervisor.start(server.child)
    for server in plan.servers(chosen):
        _wait_for_server(supervisor, server, chosen)


def _wait_for_server(supervisor: Supervisor, server: Server, chosen: Plan) -> None:
    name = server.child.name
    try:
        supervisor.wait(name, partial(server.answers, chosen.data_dir), seconds=SERVER_SECONDS)
    except CannotStart:
        raise CannotStart(
            f"The data of {name} in {chosen.data_dir} cannot be used "
            f"({children.complaint(supervisor.log(name))}): move it away to begin with an empty "
            "shop, or choose another folder with DATA_DIR=/some/folder make demo."
        ) from None


def _wait_until_ready(supervisor: Supervisor, chosen: Plan) -> None:
    answer = Answer()
    try:
        supervisor.wait("web", partial(answer.is_good, chosen.port), seconds=SHOP_SECONDS)
    except CannotStart as refusal:
        raise CannotStart(f"{refusal}\n    /readyz: {answer.text}") from refusal


def _close(supervisor: Supervisor, chosen: Plan) -> None:
    if "web" in supervisor.watched:
        say("Closing the shop …")
    supervisor.stop()
    servers.tidy(chosen.data_dir)


class Answer:
    """What /readyz said last."""

    text = "no answer"

    def is_good(self, port: int) -> bool:
        line = http.client.HTTPConnection(preflight.HOST, port, timeout=5)
        try:
            line.request("GET", "/readyz")
            response = line.getresponse()
            self.text = f"{response.status} {response.read(500).decode(errors='replace').strip()}"
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        return response.status == http.HTTPStatus.OK


def say(text: str) -> None:
    """Tell the person at the terminal, who may have gone."""
    with suppress(OSError):
        print(text, flush=True)
