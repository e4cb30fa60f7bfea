"""/metrics: for this machine or who holds the token, and the same from every process."""

from __future__ import annotations

import os
import re

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from qitong.server.watch import routes
from qitong.server.watch.counts import Counts

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+-]+')


def read(client: Client, **headers: str) -> dict[str, float]:
    """The samples by their name with labels."""
    text = client.get("/metrics", headers=headers).content.decode()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines)
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_this_machine_reads_without_a_token(db: None, client: Client) -> None:
    found = read(client)
    assert found["qitong_database_up"] == 1
    assert found["qitong_migrations_missing"] == 0
    assert found["qitong_database_connections_max"] > 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP"])
def test_what_a_proxy_passed_on_is_not_this_machine(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 403


def test_another_machine_needs_the_token(db: None, client: Client, settings: Settings) -> None:
    def status(**headers: str) -> int:
        return client.get("/metrics", headers=headers, REMOTE_ADDR="203.0.113.9").status_code

    assert status() == 403
    settings.METRICS_TOKEN = "long and random"
    assert (status(), status(Authorization="Bearer wrong")) == (403, 403)
    assert status(Authorization="Bearer long and random") == 200


def test_it_and_health_are_answered_under_any_name_and_without_tls(
    db: None, client: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["qitong.example"], True
    assert client.get("/metrics", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code in (200, 503)


def test_requests_are_counted_by_route_and_not_by_address(db: None, client: Client) -> None:
    before = read(client)
    client.get("/login")
    client.get("/no/such/address")
    after = read(client)
    for route, status in (("login", "2xx"), ("(none)", "4xx")):
        sample = f'qitong_requests_total{{route="{route}",method="GET",status="{status}"}}'
        assert after[sample] == before.get(sample, 0) + 1
    assert (
        after['qitong_request_seconds_bucket{route="login",le="+Inf"}']
        == (after['qitong_request_seconds_count{route="login"}'])
    )


def test_without_a_database_the_requests_are_still_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    assert read(client)["qitong_database_up"] == 0


def test_what_one_process_counts_another_tells() -> None:
    shared = Counts(slots=2)
    if (child := os.fork()) == 0:
        shared.slot = 1
        shared.add(3, "GET", 200, 0.03)
        os._exit(0)
    os.waitpid(child, 0)
    shared.add(3, "GET", 200, 7.0)
    shared.add(3, "PROPFIND", 503, 99.0)
    [row] = shared.rows()
    assert row.route == 3
    assert row.counted == {("GET", "2xx"): 2, ("other", "5xx"): 1}
    assert (row.buckets[1], row.buckets[8], row.buckets[-1]) == (1, 1, 1)
    assert row.seconds == pytest.approx(106.03)


@pytest.mark.parametrize("path", ["/login", "/api/v1/items", "/desk/operations"])
def test_every_route_that_answers_has_its_number(db: None, client: Client, path: str) -> None:
    match = client.get(path).resolver_match
    assert match is not None
    assert routes.names()[routes.number(match.route)] == match.route
