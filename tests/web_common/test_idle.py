"""Silent too long: signed out, told so, and what was sent is not lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from qitong.accounts.models import LoginSession, User
from qitong.ledger.models import Entry
from tests.web_common.conftest import PASSWORD

START = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


class Clock:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.at(0)

    def at(self, minutes: float) -> None:
        moment = START + dt.timedelta(minutes=minutes)
        self.patch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Clock:
    settings.IDLE_MINUTES_OFFICERS, settings.IDLE_MINUTES_COMPANIES = 30, 12 * 60
    return Clock(monkeypatch)


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/login", {"login": user.login, "password": PASSWORD})
    return client


def test_an_officer_is_signed_out_after_half_an_hour_and_led_back(clock: Clock, officer: User) -> None:
    client = signed_in(officer)
    clock.at(31)
    answer = client.get("/desk/absences")
    assert answer["Location"] == "/login?next=/desk/absences"
    assert "您离开太久" in client.get(answer["Location"]).content.decode()
    assert not LoginSession.objects.filter(user=officer).exists()
    assert Entry.objects.get(stream=officer.ref, kind="login.ended").body["reason"] == "idle"


def test_who_does_something_now_and_then_stays(clock: Clock, officer: User) -> None:
    client = signed_in(officer)
    for minutes in (29, 58, 87):
        clock.at(minutes)
        assert client.get("/account").status_code == 200


def test_a_company_has_half_a_day(clock: Clock, boss: User) -> None:
    client = signed_in(boss)
    clock.at(11 * 60)
    assert client.get("/account").status_code == 200
    clock.at(23 * 60 + 1)
    assert client.get("/account").status_code == 302


def test_the_list_of_devices_says_how_long_one_may_be_away(clock: Clock, officer: User, boss: User) -> None:
    for user, words in ((officer, "30分钟没有操作"), (boss, "12小时没有操作")):
        assert words in signed_in(user).get("/account/sessions").content.decode()


def test_within_a_minute_nothing_is_written(
    clock: Clock, boss: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(boss)
    with django_assert_num_queries(4):
        client.get("/account/name")
    clock.at(2)
    client.get("/account/name")
    assert LoginSession.objects.get(user=boss).seen_at == START + dt.timedelta(minutes=2)


def test_what_an_officer_sent_is_there_after_signing_in(clock: Clock, officer: User) -> None:
    client = signed_in(officer)
    clock.at(31)
    answer = client.post("/account/name", {"name": "林窗口", "password": "never-shown"})
    assert answer["Location"] == "/login?next=%2Flogin%2Funsent"
    officer.refresh_from_db()
    assert officer.name == "林窗"
    client.post("/login", {"login": officer.login, "password": PASSWORD})
    assert client.head("/login/unsent").status_code == 200
    page = client.get("/login/unsent").content.decode()
    assert "never-shown" not in page
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert fields["name"] == "林窗口"
    assert 'action="/account/name"' in page
    assert client.post("/account/name", {"name": fields["name"]}).status_code == 302
    officer.refresh_from_db()
    assert officer.name == "林窗口"
    assert client.get("/login/unsent")["Location"] == "/"


def test_it_is_shown_to_nobody_else(clock: Clock, officer: User, boss: User) -> None:
    client = signed_in(officer)
    clock.at(31)
    client.post("/account/name", {"name": "林窗口"})
    client.post("/login", {"login": boss.login, "password": PASSWORD})
    assert client.get("/login/unsent")["Location"] == "/"
    client.post("/logout")
    client.post("/login", {"login": officer.login, "password": PASSWORD})
    assert client.get("/login/unsent")["Location"] == "/"


def test_a_script_is_told_without_a_page(clock: Clock, officer: User) -> None:
    client = signed_in(officer)
    clock.at(31)
    answer = client.post("/account/name", {"name": "林窗口"}, headers={"accept": "application/json"})
    assert answer["Location"] == "/login?next=/account/name"
    assert "unsent" not in client.session
