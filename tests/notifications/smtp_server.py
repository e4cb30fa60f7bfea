"""A small real SMTP server (RFC 5321), for tests: it takes mail, refuses it, or keeps silent."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from qitong.notifications.logic.providers import MailServer


class Post(socketserver.ThreadingTCPServer):
    """``answer`` is what a recipient gets; ``silent`` answers nothing at all."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answer = "250 ok"
        self.silent = False
        self.end = threading.Event()
        self.taken: list[EmailMessage] = []

    def server(self, **changed: Any) -> MailServer:
        host, port = self.server_address[:2]
        return MailServer(
            host=str(host), port=int(port), sender="office@park.cn", **{"timeout": 5, **changed}
        )


class Conversation(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        if self.server.silent:
            self.server.end.wait(10)
            return
        self._say("220 test")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb.startswith(b"RCPT"):
                self._say(self.server.answer)
            elif verb == b"DATA":
                self._say("354 go on")
                self._take()
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        found = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.taken.append(found)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def running() -> Iterator[Post]:
    with Post() as post:
        threading.Thread(target=post.serve_forever, args=(0.05,), daemon=True).start()
        yield post
        post.end.set()
        post.shutdown()
