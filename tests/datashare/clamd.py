"""A small clamd that speaks INSTREAM and answers as it is told."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Clamd)
        if server.hangs_up or self.rfile.read(10) != b"zINSTREAM\0":
            return
        received = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            received += self.rfile.read(length)
        server.received.append(received)
        found = b"Eicar-Test-Signature FOUND" if EICAR in received else b"OK"
        self.wfile.write(server.answer or b"stream: " + found + b"\0")


class Clamd(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.received: list[bytes] = []
        self.answer = b""
        self.hangs_up = False

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def running() -> Iterator[Clamd]:
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
