"""A small server in the place of the shop: it keeps each webhook it gets."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe

SECRET = "whsec_for_tests"


@dataclass
class Received:
    body: bytes
    signature: str

    @property
    def event(self):
        return stripe.Webhook.construct_event(self.body, self.signature, SECRET)


@dataclass
class Receiver:
    """`refusals`: how many webhooks it still answers with 500."""

    refusals: int = 0
    received: list[Received] = field(default_factory=list)

    def __post_init__(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append(Received(body, self.headers["Stripe-Signature"]))
                receiver.refusals -= 1
                self.send_response(500 if receiver.refusals >= 0 else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks/stripe/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def types(self):
        return [received.event.type for received in self.received]

    def of_type(self, kind):
        return [received.event for received in self.received if received.event.type == kind]
