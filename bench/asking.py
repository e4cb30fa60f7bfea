"""Somebody who asks for pages or calls the API, through the program's whole WSGI stack."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

TOKEN = "b" * 32
"""What cross-site protection compares: in the cookie and in the form."""


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status >= HTTPStatus.BAD_REQUEST:
            raise SystemExit(f"answered with {self.status}: {self.body[:600].decode(errors='replace')}")


class Browser:
    """One who is signed in by session cookie."""

    def __init__(self, login: str) -> None:
        self.headers = {"HTTP_COOKIE": f"sessionid={session(login)}; csrftoken={TOKEN}"}

    def get(self, path: str) -> Answer:
        return call("GET", path, self.headers)

    def post(self, path: str, **fields: str) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode()
        return call("POST", path, self.headers, body, "application/x-www-form-urlencoded")


class Program:
    """One who calls the API with a token."""

    def __init__(self, token: str) -> None:
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}

    def post(self, path: str, body: Any, *, key: str) -> Answer:
        headers = {**self.headers, "HTTP_IDEMPOTENCY_KEY": key}
        return call("POST", f"/api/v1{path}", headers, json.dumps(body).encode(), "application/json")


def session(login: str) -> str:
    """The key of a new session."""
    from django.conf import settings
    from django.test import Client

    from qitong.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(login=login))
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def call(method: str, path: str, headers: dict[str, str], body: bytes = b"", kind: str = "") -> Answer:
    """As a web server would hand it over."""
    from qitong.server.wsgi import application

    path, _, query = path.partition("?")
    started: list[Any] = []

    def start(status: str, found: list[tuple[str, str]], _: object = None, /) -> Callable[[bytes], object]:
        started.append((status, found))
        return lambda _: None

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }
    parts = application(environ, start)
    content = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return Answer(int(started[0][0].split()[0]), content, dict(started[0][1]))
