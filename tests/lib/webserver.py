"""A web server on this machine that answers what a test tells it to."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """`write` may send the body itself, piece by piece."""

    body: bytes = b""
    kind: str = "image/png"
    status: int = 200
    headers: dict = field(default_factory=dict)
    write: object = None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path, Answer(status=404, kind="text/plain"))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.write is None:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        try:
            self.wfile.write(answer.body)
            if answer.write is not None:
                answer.write(self.wfile)
        except OSError:  # the other side has had enough
            return

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.posted.append((self.path, dict(self.headers), body))
        self.do_GET()

    def log_message(self, *_args):
        pass


@contextmanager
def serving(answers):
    """Run a server; yields it with `.url`, `.door` the paths it was `.asked` for, and what was `.posted`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answers, server.asked, server.posted = answers, [], []
    server.port = server.server_address[1]
    server.url = f"http://127.0.0.1:{server.port}"
    server.door = ("127.0.0.1", server.port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
