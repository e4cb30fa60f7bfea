"""A small gateway that speaks our protocol, for tests: it checks signatures and knows what it has seen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from qitong.notifications.channels.sms import signature
from qitong.notifications.logic.providers import SmsGateway

SECRET = "carrier-secret"


class Carrier(ThreadingHTTPServer):
    """``status`` and ``answer`` are what a request gets; ``taken`` holds each idempotency key once."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.status = 200
        self.answer: object = {"ok": True}
        self.silent = False
        self.end = threading.Event()
        self.calls = 0
        self.taken: dict[str, dict[str, Any]] = {}

    def gateway(self, **changed: Any) -> SmsGateway:
        host, port = self.server_address[:2]
        given = {"key": "park", "secret": SECRET, "timeout": 5, **changed}
        return SmsGateway(url=f"http://{host!s}:{port}/send?v=1", **given)


class Request(BaseHTTPRequestHandler):
    server: Carrier

    def do_POST(self) -> None:
        self.server.calls += 1
        if self.server.silent:
            self.server.end.wait(10)
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = signature(SECRET, self.headers["X-Qitong-Timestamp"], body)
        if self.path != "/send?v=1" or self.headers["X-Qitong-Signature"] != signed:
            self._answer(401, {"ok": False})
            return
        if self.server.status == 200 and self.server.answer == {"ok": True}:
            self.server.taken.setdefault(self.headers["Idempotency-Key"], json.loads(body))
        self._answer(self.server.status, self.server.answer)

    def _answer(self, status: int, answer: object) -> None:
        text = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def running() -> Iterator[Carrier]:
    with Carrier() as carrier:
        threading.Thread(target=carrier.serve_forever, args=(0.05,), daemon=True).start()
        yield carrier
        carrier.end.set()
        carrier.shutdown()
