"""The HTTP server: one thread per connection, this machine only, small bodies only."""

import logging
import signal
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from shop.standin import api, balance, charging, hosted, idempotency, kit, sessions, uploads
from shop.standin.desk import Desk
from shop.standin.errors import ApiError
from shop.standin.faults import Faults
from shop.standin.messages import Answer, Request, json_answer, refusal
from shop.standin.store import Store
from shop.standin.webhooks import Courier

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
LARGEST_BODY = 256 * 1024
IDLE_S = 60
HOUSEKEEPING_S = 5


def answer(desk: Desk, request: Request) -> Answer:
    """Give the request to whoever answers for its path."""
    try:
        if request.path.startswith("/v1/"):
            return api.answer(desk, request)
        if request.path.startswith("/_kit/"):
            return kit.answer(desk, request)
        if request.path == "/healthz":
            return json_answer({"status": "ok"})
        return hosted.answer(desk, request)
    except ApiError as error:
        return refusal(error)
    except Exception:
        logger.exception("the stand-in failed", extra={"path": request.path})
        return refusal(ApiError("The stand-in failed.", status=500, kind="api_error"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "standin", ""
    timeout = IDLE_S
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: "Server"

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815

    def _serve(self) -> None:
        try:
            reply = answer(self.server.desk, self._request())
        except ApiError as error:
            # What is left of the body would be read as the next request.
            self.close_connection = True
            reply = refusal(error)
        if reply.is_lost:
            self.close_connection = True
            return
        self._send(reply)

    def _request(self) -> Request:
        if "Transfer-Encoding" in self.headers:
            raise ApiError("Send a Content-Length.", status=411)
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()):
            raise ApiError("Invalid Content-Length.")
        largest = uploads.LARGEST if self.path == "/v1/files" else LARGEST_BODY
        if int(length) > largest:
            raise ApiError("The request body is too large.", status=413)
        body = self.rfile.read(int(length))
        method = "GET" if self.command == "HEAD" else self.command
        return Request(method, self.path, self.headers, body)

    def _send(self, reply: Answer) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        logger.debug(format, *args)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    desk: Desk

    def handle_error(self, *_: object) -> None:
        # A caller who hangs up is no news, and nothing else gets this far.
        logger.debug("connection lost")


@dataclass(frozen=True, slots=True)
class Options:
    """`port` 0 takes a free one; `public_url` is how a shopper's browser reaches the page."""

    port: int = 8001
    webhook: str = ""
    secret: str = ""
    state: Path | None = None
    public_url: str = ""


class Standin:
    """A running stand-in. Raises OSError when the port is taken or the journal unwritable."""

    def __init__(self, options: Options) -> None:
        self._server = Server((HOST, options.port), Handler)
        self.url = f"http://{HOST}:{self._server.server_port}"
        try:
            store = Store(options.state)
        except OSError:
            self._server.server_close()
            raise
        self.desk = Desk(
            store=store,
            faults=Faults(),
            courier=Courier(store, url=options.webhook, secret=options.secret),
            public_url=options.public_url.rstrip("/") or self.url,
        )
        self._server.desk = self.desk
        self._stopping = threading.Event()

    def start(self) -> None:
        self.desk.courier.start()
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        threading.Thread(target=self._keep_house, daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self.desk.courier.stop()
        self.desk.store.close()

    def _keep_house(self) -> None:
        while not self._stopping.wait(HOUSEKEEPING_S):
            sessions.expire_due(self.desk)
            charging.expire_due(self.desk)
            balance.settle_due(self.desk)
            idempotency.prune(self.desk)


def serve(standin: Standin) -> None:
    """Serve until SIGTERM or SIGINT. Call from the main thread."""
    asked_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.set())
    standin.start()
    asked_to_stop.wait()
    standin.stop()
