"""As much of S3 as a storage needs: objects by name, over HTTP, on this machine."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        pass

    def _name(self):
        return unquote(urlsplit(self.path).path)

    def _answer(self, status, body=b"", *, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"e"')
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 23:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            content = _unchunked(content)
        self.server.objects[self._name()] = content
        self._answer(200)

    def do_GET(self):
        content = self.server.objects.get(self._name())
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, content)

    def do_HEAD(self):
        content = self.server.objects.get(self._name())
        self._answer(404 if content is None else 200, length=len(content or b""))

    def do_DELETE(self):
        self.server.objects.pop(self._name(), None)
        self._answer(204)


def _unchunked(content):
    """Bodies may come in signed pieces: a length in hex, the piece, and so on to a length of 0."""
    found = b""
    while True:
        head, _line, content = content.partition(b"\r\n")
        size = int(head.split(b";")[0], 16)
        if not size:
            return found
        found, content = found + content[:size], content[size + 2 :]


@contextmanager
def bucket_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.objects = {}
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
