"""A browser that costs little: one connection, its cookies, and how long each answer took."""

import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import randrange
from urllib.parse import urlencode

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
# A machine busy with something else is slow, not wrong.
PATIENCE = 300
SET_COOKIE = re.compile(rb"^set-cookie: ([^=]+)=([^;\r]*)", re.IGNORECASE | re.MULTILINE)


def somewhere() -> str:
    """An address nobody else comes from: the shop's limits count by it."""
    return f"2001:db8:{':'.join(f'{randrange(2**16):x}' for _part in range(6))}"


@dataclass(slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        found = re.search(rf"(?im)^{name}: *([^\r\n]*)".encode(), self.head)
        return found[1].decode() if found else ""


@dataclass
class Client:
    """host: what a request is addressed to; another one each time is a page nobody keeps.

    always: headers of every request.
    """

    port: int
    encodings: str = "gzip, deflate, br"
    cookies: dict[str, str] = field(default_factory=dict)
    whence: str = field(default_factory=somewhere)
    always: dict[str, str] = field(default_factory=dict)
    _socket: socket.socket | None = None
    _rest: bytes = b""

    def get(self, path: str, *, host: str = "", **headers: str) -> Answer:
        return self._ask("GET", path, host=host, headers=headers)

    def post(self, path: str, data: Mapping[str, str]) -> Answer:
        body = urlencode(data).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, headers=kind, body=body)

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _ask(
        self,
        method: str,
        path: str,
        *,
        host: str = "",
        headers: Mapping[str, str],
        body: bytes = b"",
    ) -> Answer:
        own = f"127.0.0.1:{self.port}"
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {host or own}",
            f"User-Agent: {AGENT}",
            "Accept: text/html",
            f"Accept-Encoding: {self.encodings}",
            f"X-Forwarded-For: {self.whence}",
            "Sec-Fetch-Site: same-origin",
            f"Origin: http://{own}",
            *(f"{name}: {value}" for name, value in {**self.always, **headers}.items()),
        ]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if body:
            lines.append(f"Content-Length: {len(body)}")
        sent = "\r\n".join([*lines, "", ""]).encode() + body
        start = time.perf_counter()
        head, content = self._exchange(sent)
        took = time.perf_counter() - start
        for name, value in SET_COOKIE.findall(head):
            self._remember(name.decode(), value.decode())
        return Answer(int(head[9:12]), head, content, took)

    def _remember(self, name: str, value: str) -> None:
        if value in ("", '""'):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def _exchange(self, sent: bytes) -> tuple[bytes, bytes]:
        """Send and read; once more when the server had closed a connection that was kept."""
        if self._socket is not None:
            try:
                self._socket.sendall(sent)
                return self._read()
            except (ConnectionError, BrokenPipeError):
                self.close()
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(sent)
        return self._read()

    def _read(self) -> tuple[bytes, bytes]:
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _gap, self._rest = self._rest.partition(b"\r\n\r\n")
        lower = head.lower()
        length = re.search(rb"\r\ncontent-length: *(\d+)", lower)
        if length:
            body = self._take(int(length[1]))
        elif b"chunked" in lower:
            body = self._chunks()
        else:
            body = b""
        if b"\r\nconnection: close" in lower:
            self.close()
        return head, body

    def _chunks(self) -> bytes:
        parts = []
        while True:
            while b"\r\n" not in self._rest:
                self._more()
            size, _gap, self._rest = self._rest.partition(b"\r\n")
            part = self._take(int(size, 16) + 2)[:-2]
            if not part:
                return b"".join(parts)
            parts.append(part)

    def _take(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def _more(self) -> None:
        assert self._socket is not None
        got = self._socket.recv(262_144)
        if not got:
            raise ConnectionResetError
        self._rest += got
