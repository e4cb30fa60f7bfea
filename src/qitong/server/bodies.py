"""The body of a request is there in full, or it is not there.

When a line breaks during an upload, web servers hand on what came as if it were all, and half a file would
be kept. Here an end before the announced length is an error (RFC 9112, section 8), so nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class BrokenOff(OSError):
    """The sender left before the end; Django makes an ``UnreadablePostError`` of it."""


class Body:
    """What Django reads of ``wsgi.input``, of which ``length`` bytes are announced."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._stream.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._stream.readline(size), size)

    def _counted(self, found: bytes, size: int) -> bytes:
        self._left -= len(found)
        ended = (not found and size != 0) or size < 0
        if ended and self._left > 0:
            raise BrokenOff(f"the body broke off, {self._left} bytes are missing")
        return found


def whole_bodies(application: Application) -> Application:
    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length):
            environ["wsgi.input"] = Body(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return answer
