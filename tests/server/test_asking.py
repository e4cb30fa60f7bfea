"""What is true of every request: HEAD is GET without the body, and a host that is not ours is 400."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Any, cast

import pytest
from django.test import Client
from pytest_django import Settings

from qitong.server.watch.logs import REQUESTS
from qitong.server.wsgi import application
from tests.accounts import cast as cast_of
from tests.web_portal.test_uploading import same_connection

ADDRESSES = ("/", "/login", "/nowhere", "/sw.js", "/static/qitong.css", "/api/v1/items", "/api/v1/cases")


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_says_what_get_says_and_sends_no_body(client: Client, db: None, address: str) -> None:
    client.raise_request_exception = False
    ways = {"accept-encoding": "gzip"}
    whole, head = client.get(address, headers=ways), client.head(address, headers=ways)
    assert head.status_code == whole.status_code
    assert head.getvalue() == b""
    assert len(whole.getvalue()) > 0
    for name in ("Content-Type", "Content-Encoding", "Cache-Control", "ETag", "Allow"):
        assert head.get(name) == whole.get(name), name
    assert ("Content-Length" in head.headers) >= ("Content-Length" in whole.headers)


def sent(method: str, address: str) -> bytes:
    """All that the server's application hands on; the test client itself would leave a body out."""
    environ = {
        **Client()._base_environ(),  # type: ignore[attr-defined]  # the stubs do not know it
        "REQUEST_METHOD": method,
        "PATH_INFO": address,
    }
    with same_connection(), closing(cast(Any, application(environ, lambda status, headers: None))) as answer:
        return b"".join(answer)


@pytest.mark.parametrize("address", ["/login", "/static/qitong.css", "/api/v1/items", "/healthz", "/metrics"])
def test_no_byte_is_handed_on(db: None, address: str) -> None:
    assert sent("GET", address)
    assert sent("HEAD", address) == b""


def test_the_length_told_is_that_of_the_body_left_out(client: Client, db: None) -> None:
    whole, head = client.get("/sw.js"), client.head("/sw.js")
    assert head["Content-Length"] == whole["Content-Length"] == str(len(whole.content))


def test_what_cannot_be_read_cannot_be_looked_at(client: Client, db: None) -> None:
    assert client.get("/logout").status_code == client.head("/logout").status_code == 405


@pytest.mark.parametrize("address", ["/policies", "/healthz", "/api/v1/items", "/sw.js"])
def test_where_get_is_answered_head_is_said_to_be(client: Client, db: None, address: str) -> None:
    answer = client.delete(address)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer["Allow"].split(", "))
    assert answer["Allow"].count("HEAD") == 1


def test_where_only_posting_goes_head_does_not(client: Client, db: None) -> None:
    assert client.get("/logout")["Allow"] == "POST"


def test_what_is_said_once_is_kept_for_who_sees_it(client: Client, db: None) -> None:
    person = cast_of.user("林一")
    client.force_login(person)
    client.post("/account/name", {"name": "林一一"})
    for _ in range(2):
        client.head("/account")
    first, second = (client.get("/account").content.decode() for _ in range(2))
    said = "已保存。"
    assert said in first
    assert said not in second


def test_the_log_tells_what_was_asked(client: Client, db: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger=REQUESTS):
        client.head("/login")
    assert "HEAD /login 200" in caplog.text


@pytest.mark.parametrize(
    ("allowed", "host"), [(["qitong.example"], "evil.example"), (["*"], "a b"), (["*"], "a_b:x")]
)
@pytest.mark.parametrize("address", ["/", "/login", "/static/qitong.css", "/api/v1/items"])
def test_a_host_that_is_not_ours_is_refused_quietly(
    settings: Settings, caplog: pytest.LogCaptureFixture, allowed: list[str], host: str, address: str
) -> None:
    settings.ALLOWED_HOSTS = allowed
    with caplog.at_level(logging.INFO):
        answer = Client(headers={"host": host}).get(address)
    assert answer.status_code == 400
    assert [(line.levelname, line.name) for line in caplog.records] == [("INFO", REQUESTS)]


def test_the_api_refuses_a_host_as_it_refuses_all_else(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["qitong.example"]
    answer = Client(headers={"host": "evil.example"}).get("/api/v1/items")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/unknown_host"


def test_production_refuses_it_before_it_leads_to_https(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["qitong.example"], True
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400
    assert Client(headers={"host": "qitong.example"}).get("/").status_code == 301
