"""Signing in with a code of an app, and taking one into use."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from qitong.accounts import second
from qitong.accounts.logic import totp
from qitong.accounts.models import SecondFactor, User
from tests.web_common.conftest import PASSWORD

START = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question a step later, so that every code is a new one."""
    ticks = iter(START + dt.timedelta(seconds=n) for n in range(10_000))
    monkeypatch.setattr(timezone, "now", lambda: next(ticks))


def code(user: User, steps: int = 0) -> str:
    return totp.code_at(second.secret_of(user.second_factor), totp.step_of(timezone.now()) + steps)


def wrong(user: User) -> str:
    return f"{(int(code(user)) + 1) % 1_000_000:06}"


def first_proof(client: Client, user: User, onwards: str = "") -> str:
    answer = client.post("/login", {"login": user.login, "password": PASSWORD, "next": onwards})
    return str(answer["Location"])


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def with_app(client: Client, boss: User) -> User:
    """Has taken an app into use, and signed out again."""
    first_proof(client, boss)
    client.post("/account/second-factor")
    client.post("/account/second-factor", {"code": code(boss)})
    client.post("/logout")
    return boss


def test_an_app_is_taken_into_use_by_its_first_code(client: Client, boss: User) -> None:
    first_proof(client, boss)
    assert "启用后" in client.get("/account/second-factor").content.decode()
    page = client.post("/account/second-factor", follow=True).content.decode()
    assert "<svg" in page
    assert totp.as_text(second.secret_of(boss.second_factor)) in page
    assert client.post("/account/second-factor", {"code": wrong(boss)}).status_code == 422
    page = client.post("/account/second-factor", {"code": code(boss)}).content.decode()
    assert len(re.findall(r"<code>[a-z2-7-]{19}</code>", page)) == 10
    assert "还有10个恢复码可用" in client.get("/account/second-factor").content.decode()


def test_the_password_alone_is_not_enough(client: Client, with_app: User) -> None:
    assert first_proof(client, with_app, "/cases/42") == "/login/second"
    assert not is_in(client)
    assert client.get("/account")["Location"] == "/login?next=/account"
    answer = client.post("/login/second", {"code": wrong(with_app)})
    assert answer.status_code == 422
    assert '<a href="#id_code">动态码不正确' in answer.content.decode()
    assert client.post("/login/second", {"code": code(with_app, 1)})["Location"] == "/cases/42"
    assert is_in(client)


def test_the_first_proof_waits_ten_minutes(
    client: Client, with_app: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_proof(client, with_app)
    later = timezone.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post("/login/second", {"code": code(with_app)})["Location"] == "/login"
    assert not is_in(client)


def test_without_a_first_proof_there_is_no_second(client: Client, with_app: User) -> None:
    for page in ("/login/second", "/login/second/new"):
        assert client.get(page)["Location"] == "/login"
        assert client.post(page, {"code": code(with_app, 1)})["Location"] == "/login"


def test_five_wrong_codes_lock_the_account(client: Client, with_app: User) -> None:
    first_proof(client, with_app)
    for _ in range(4):
        client.post("/login/second", {"code": wrong(with_app)})
    assert "账号已锁定" in client.post("/login/second", {"code": wrong(with_app)}).content.decode()
    assert "账号已锁定" in client.post("/login/second", {"code": code(with_app, 1)}).content.decode()


def test_an_officer_who_must_have_one_gets_it_on_the_way_in(
    client: Client, officer: User, settings: Settings
) -> None:
    settings.OFFICER_TOTP = "required"
    assert first_proof(client, officer, "/desk/absences") == "/login/second/new"
    page = client.get("/login/second/new").content.decode()
    assert "工作人员登录时" in page
    assert not is_in(client)
    page = client.post("/login/second/new", {"code": code(officer)}).content.decode()
    assert is_in(client)
    assert 'href="/desk/absences"' in page
    assert client.get("/login/second/new")["Location"] == "/login"
    page = client.get("/account/second-factor").content.decode()
    assert 'value="remove"' not in page


def test_who_already_has_an_app_cannot_take_another_with_the_password_alone(
    client: Client, with_app: User
) -> None:
    first_proof(client, with_app)
    assert client.get("/login/second/new")["Location"] == "/login/second"
    assert client.post("/login/second/new", {"code": "000000"})["Location"] == "/login/second"


def test_it_is_given_up_with_a_code(client: Client, with_app: User) -> None:
    first_proof(client, with_app)
    client.post("/login/second", {"code": code(with_app, 1)})
    bad = client.post("/account/second-factor", {"code": wrong(with_app), "deed": "remove"})
    assert bad.status_code == 422
    assert SecondFactor.objects.exists()


def test_new_recovery_codes_are_made_with_an_old_one(client: Client, boss: User) -> None:
    first_proof(client, boss)
    client.post("/account/second-factor")
    page = client.post("/account/second-factor", {"code": code(boss)}).content.decode()
    old = re.findall(r"<code>([a-z2-7-]{19})</code>", page)
    page = client.post("/account/second-factor", {"code": old[0], "deed": "renew"}).content.decode()
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", page)
    assert len(new) == 10
    assert not set(old) & set(new)
    assert client.post("/account/second-factor", {"code": new[0], "deed": "remove"}).status_code == 302
    assert not SecondFactor.objects.exists()
