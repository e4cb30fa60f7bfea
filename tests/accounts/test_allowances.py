"""So many at once, then as many again within a while; the same for every process."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker, Settings

from qitong.accounts.access_models import Share
from qitong.accounts.allowances import TooOften, clear, take
from qitong.accounts.logic.allowances import USUAL, parse
from tests.server.backups.databases import database, using

AT = dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def three_a_minute(settings: Settings) -> None:
    settings.ALLOWANCES = parse("login=3/1m,search=off")


def ask(whose: str = "192.0.2.1", *, after: float = 0, kind: str = "login") -> int:
    """Seconds to wait; 0 when it was granted."""
    try:
        take(kind=kind, whose=whose, at=AT + after * SECOND)
    except TooOften as refused:
        return refused.seconds
    return 0


@pytest.mark.django_db
def test_three_at_once_and_then_one_every_twenty_seconds() -> None:
    assert [ask() for _ in range(5)] == [0, 0, 0, 20, 20]
    assert [ask(after=5), ask(after=20), ask(after=21)] == [15, 0, 19]
    assert [ask(after=300) for _ in range(4)] == [0, 0, 0, 20], "never more than three at once"


@pytest.mark.django_db
def test_each_address_and_each_purpose_has_its_own() -> None:
    assert [ask() for _ in range(4)] == [0, 0, 0, 20]
    assert [ask("192.0.2.2"), ask("user:1"), ask(kind="lookup")] == [0, 0, 0]


@pytest.mark.django_db
def test_a_network_of_ipv6_is_one_for_it_has_addresses_without_end() -> None:
    assert [ask(f"2001:db8::{n}") for n in range(1, 5)] == [0, 0, 0, 20]
    assert ask("2001:db8:0:1::1") == 0


@pytest.mark.django_db
def test_it_costs_one_statement_and_nothing_when_it_is_off(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        ask()
    with django_assert_num_queries(0):
        assert [ask(kind="search") for _ in range(9)] == [0] * 9


@pytest.mark.django_db
def test_nothing_is_kept_once_all_is_free_again() -> None:
    ask()
    assert clear(at=AT + 19 * SECOND) == 0
    assert clear(at=AT + 20 * SECOND) == 1
    assert not Share.objects.exists()


def test_many_processes_count_as_one(
    settings: Settings, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Connections of their own ask at the same moment: three are granted, whoever asks first."""
    with django_db_blocker.unblock(), database("shares", migrated=True) as name, using(name):

        def asked(_: int) -> int:
            try:
                return ask()
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as threads:
            waits = list(threads.map(asked, range(24)))
    assert sorted(waits) == [0] * 3 + [20] * 21


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("logn=3/1m", "'logn' is not one of"),
        ("login=3", "login='3' is not like 30/5m"),
        ("login=0/1m", "0/1m"),
    ],
)
def test_a_limit_that_makes_no_sense_is_named(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse(text)


def test_what_is_not_set_is_as_usual() -> None:
    assert parse("").keys() == USUAL.keys()
    assert parse("api=10/1s")["api"].times == 10
    assert "login" not in parse("login=off")
