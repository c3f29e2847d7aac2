"""A stand-in for VIES that keeps the protocol of its REST service: POST …/check-vat-number.

Numbers ending in an even figure are registered. What else it does is told by `mood`.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/rest-api/check-vat-number"
REQUIRED = {"countryCode", "vatNumber"}


class Register(BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers["Content-Length"])
        question = json.loads(self.rfile.read(size))
        self.server.asked.append(question)
        if self.path != PATH or not question.keys() >= REQUIRED:
            return self._send(404, b"{}")
        return getattr(self, f"_{self.server.mood}")(question)

    def _well(self, question):
        receipt = f"WAPI{len(self.server.asked):012}" if "requesterNumber" in question else ""
        self._say(
            {
                "countryCode": question["countryCode"],
                "vatNumber": question["vatNumber"],
                "requestDate": "2026-11-22T09:00:00.000Z",
                "valid": int(question["vatNumber"][-1], 36) % 2 == 0,
                "requestIdentifier": receipt,
                "name": "KILN WORKS GMBH",
                "address": "---",
                "traderName": "---",
                "traderStreet": "---",
            }
        )

    def _busy(self, _question):
        self._say({"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]})

    def _strict(self, question):
        """Does not know who asks."""
        if "requesterNumber" in question:
            errors = [{"error": "INVALID_REQUESTER_INFO"}]
            return self._say({"actionSucceed": False, "errorWrappers": errors})
        return self._well(question)

    def _other(self, question):
        """Yes, but about another number."""
        self._say({"countryCode": question["countryCode"], "vatNumber": "1", "valid": True})

    def _unsure(self, question):
        self._say({**question, "valid": "true"})

    def _garbage(self, _question):
        self._send(200, b"<html>valid: true</html>")

    def _list(self, _question):
        self._say([{"valid": True}])

    def _broken(self, question):
        self._send(503, json.dumps({**question, "valid": True}).encode())

    def _huge(self, question):
        self._send(200, json.dumps({**question, "valid": True, "name": "x" * 200_000}).encode())

    def _slow(self, question):
        time.sleep(self.server.wait)
        self._well(question)

    def _dripping(self, _question):
        self.send_response(200)
        self.end_headers()
        for _tenth in range(80):
            try:
                self.wfile.write(b" ")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def _hanging_up(self, _question):
        self.connection.close()

    def _say(self, answer):
        self._send(200, json.dumps(answer).encode())

    def _send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # the other side has had enough
            return

    def log_message(self, *_args):
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args):
        """A connection that breaks is part of the play."""


@contextmanager
def vies():
    """Run a register; yields it with `.url`, `.mood` to set and the questions it was `.asked`."""
    server = Quiet(("127.0.0.1", 0), Register)
    server.asked, server.mood, server.wait = [], "well", 8
    server.url = f"http://127.0.0.1:{server.server_address[1]}/rest-api"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
