"""A small S3 on the loopback: signed PUT, HEAD, GET and DELETE of objects, over real HTTP."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

KEY_ID, SECRET = "testing", "testing-secret"


class _Request(BaseHTTPRequestHandler):
    """One request with the bucket in the path, ``/bucket/key``, as clients ask for where there is no DNS."""

    protocol_version = "HTTP/1.1"
    server: Bucket

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if (key := self._key()) is None:
            return
        # Over plain HTTP the client signs the hash of what it sends; what arrives otherwise is refused.
        digest = self.headers["x-amz-content-sha256"]
        if digest not in {hashlib.sha256(content).hexdigest(), "UNSIGNED-PAYLOAD"}:
            self._refuse(400, "XAmzContentSHA256Mismatch")
            return
        self.server.objects[key] = content[: self.server.keeps]
        self._answer(200)

    def do_GET(self) -> None:
        if (key := self._key()) is None:
            return
        if key not in self.server.objects:
            self._refuse(404, "NoSuchKey")
            return
        self._answer(200, self.server.objects[key])

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if (key := self._key()) is None:
            return
        self.server.objects.pop(key, None)
        self._answer(204)

    def _key(self) -> str | None:
        """The key asked for, unless the request is refused as a whole."""
        signed_by = re.match(r"AWS4-HMAC-SHA256 Credential=(\w+)/", self.headers.get("Authorization", ""))
        bucket, _, key = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        if signed_by is None or signed_by[1] != self.server.key_id:
            self._refuse(403, "InvalidAccessKeyId")
        elif bucket != self.server.name:
            self._refuse(404, "NoSuchBucket")
        else:
            return key
        return None

    def _refuse(self, status: int, code: str) -> None:
        said = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'
        self._answer(status, said.encode())

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.server.answered.append(f"{self.command} {status}")
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The tests ask ``answered`` instead."""


class Bucket(ThreadingHTTPServer):
    """``objects`` by key; ``answered`` says each method with its status, in order."""

    daemon_threads = True  # a client keeps its connection open

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.name = name
        self.objects: dict[str, bytes] = {}
        self.answered: list[str] = []
        self.key_id = KEY_ID
        self.keeps: int | None = None  # bytes of each object; None is all of it

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running(name: str) -> Iterator[Bucket]:
    with Bucket(name) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
