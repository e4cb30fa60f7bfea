"""A line of the log: JSON, belonging to its request or job, without people and without secrets."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qitong.server.watch.logs import REQUESTS, JsonLine, Worth, masked, within

SECRET = "Zk3vJ0q8mX4tW7yB1nC6dF9gH2jL5pQ8rS0uV3xA7zE"


def line(record: logging.LogRecord) -> dict[str, object]:
    return dict(json.loads(JsonLine().format(record)))


def made(message: str, *args: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("x").makeRecord("x", logging.ERROR, "x.py", 1, message, args, None, extra=extra)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("delivery 3 by sms: 13812345678 refused", "13812345678"),
        ("550 no such user <zhang.san@corp.com.cn>", "zhang.san"),
        ("身份证 310101199001011237 不符", "310101199001011237"),
        ("postgresql://qitong:hunter2@db/city refused", "hunter2"),
        ("Authorization: Bearer qt_abcdefghijklmnop", "qt_abcdefghijklmnop"),
        (f"Gone: /wall/{SECRET}", SECRET),
        (f"Not Found: /calendar/desk/{SECRET}.ics", SECRET),
    ],
)
def test_what_is_quoted_is_masked(said: str, secret: str) -> None:
    assert secret not in masked(said)


@pytest.mark.parametrize("said", ["case:42 entry 7", "91310151MA1JK0001T", "took 13 s", "ab/cd/" + "a1" * 32])
def test_what_is_nobodys_secret_stays(said: str) -> None:
    assert masked(said) == said


def secret_routes(patterns: list[URLPattern | URLResolver], above: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from secret_routes(pattern.url_patterns, route)
        elif "secret" in route or "token" in route:
            yield route


def test_every_address_that_carries_a_secret_is_masked_also_where_it_is_only_quoted() -> None:
    routes = list(secret_routes(get_resolver().url_patterns))
    assert len(routes) >= 3
    for route in routes:
        assert SECRET not in masked("Gone: " + route.replace("<str:secret>", SECRET)), route


def test_a_trace_is_masked_too() -> None:
    try:
        raise ValueError("Key (login)=(13812345678) already exists")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "x.py", 1, "no", (), sys.exc_info())
    told = line(record)
    assert told["error"] == "ValueError"
    assert "ValueError: Key (login)=([phone])" in str(told["trace"])


def test_a_line_says_within_what_it_was_written() -> None:
    with within(request="abc12345"):
        assert line(made("inside"))["request"] == "abc12345"
    assert "request" not in line(made("outside"))


def test_a_job_is_told_without_its_arguments() -> None:
    job = {"id": 7, "task_name": "automation.react", "attempts": 0, "args": {"phone": "13812345678"}}
    told = line(made("Job react(phone=…) ended", job=job, action="job_success", duration=0.25))
    assert (told["job"], told["job_id"], told["attempt"], told["ms"]) == ("automation.react", 7, 1, 250)
    assert "args" not in told


def test_ticks_that_went_well_and_what_the_requests_line_says_are_left_out() -> None:
    def kept(name: str, level: int, **extra: object) -> bool:
        return Worth().filter(
            logging.getLogger(name).makeRecord(name, level, "", 1, "", (), None, extra=extra)
        )

    tick = {"task_name": "time.sweep", "id": 1, "attempts": 0}
    assert not kept("procrastinate.worker", logging.INFO, job=tick, action="job_success")
    assert kept("procrastinate.worker", logging.ERROR, job=tick, action="job_error")
    assert not kept("django.request", logging.WARNING)
    assert kept("django.request", logging.ERROR)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, REQUESTS)
    return caplog


def test_a_request_is_one_line_with_its_number(
    db: None, client: Client, told: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/login?next=/secret-plans", headers={"X-Request-Id": "from-the-proxy-1"})
    [record] = [record for record in told.records if record.name == REQUESTS]
    facts = vars(record)["facts"]
    assert (facts["route"], facts["status"], facts["path"], facts["actor"]) == ("login", 200, "/login", "")
    assert answer.headers["X-Request-Id"] == "from-the-proxy-1"
    assert "plans" not in JsonLine().format(record)


def test_a_number_that_is_none_is_not_taken_over(db: None, client: Client) -> None:
    answer = client.get("/login", headers={"X-Request-Id": "evil\\nline"})
    assert len(answer.headers["X-Request-Id"]) == 32


def test_the_secret_of_the_wall_is_not_in_any_line(
    db: None, client: Client, told: pytest.LogCaptureFixture
) -> None:
    client.get(f"/wall/{SECRET}")
    lines = [JsonLine().format(record) for record in told.records]
    assert any("/wall/" in text for text in lines)
    assert not any(SECRET in text for text in lines)
