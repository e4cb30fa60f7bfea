"""One's own password: the present one or a code sent for just this, however one came in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from qitong.accounts.login_codes import digits
from qitong.accounts.models import LoginCode, Purpose, User
from tests.web_common.conftest import PASSWORD

PAGE, SEND, NEW = "/account/password", "/account/password/code", "Neue-Saat-2027"


@pytest.fixture
def me(client: Client, boss: User) -> Client:
    client.post("/login", {"login": boss.login, "password": PASSWORD})
    return client


@pytest.fixture
def by_code(boss: User) -> Client:
    """In by a code a moment ago."""
    client = Client()
    client.post("/login", {"login": boss.login, "way": "code"})
    client.post("/login/code", {"code": digits(LoginCode.objects.get(whose=boss.login))})
    return client


def sent(boss: User) -> str:
    code = LoginCode.objects.get(whose=boss.ref, purpose=Purpose.NEW_PASSWORD, ended="")
    assert (code.address, code.user_id) == (boss.login, boss.pk)
    return digits(code)


def has_new(boss: User) -> bool:
    boss.refresh_from_db()
    return boss.check_password(NEW)


def test_a_new_password_needs_the_old_one(me: Client, boss: User) -> None:
    given = {"current": "wrong", "password": NEW}
    answer = me.post(PAGE, given)
    assert answer.status_code == 422
    assert '<a href="#id_current">' in answer.content.decode()
    assert me.post(PAGE, {**given, "current": PASSWORD})["Location"] == "/account"
    assert has_new(boss)
    assert me.get("/account").status_code == 200


def test_having_come_in_with_a_code_is_no_proof_for_a_new_one(by_code: Client, boss: User) -> None:
    assert 'name="current"' in by_code.get(PAGE).content.decode()
    assert by_code.post(PAGE, {"password": NEW}).status_code == 422
    assert by_code.post(PAGE, {"password": NEW, "code": "123456"}).status_code == 422
    assert not has_new(boss)


def test_who_has_forgotten_it_has_a_code_sent(by_code: Client, boss: User) -> None:
    other = Client()
    other.force_login(boss)
    assert by_code.post(SEND)["Location"] == PAGE
    page = by_code.get(PAGE).content.decode()
    assert 'name="current"' not in page
    assert boss.login in page
    answer = by_code.post(PAGE, {"code": sent(boss), "password": "short"})
    assert answer.status_code == 422
    assert '<a href="#id_password">密码至少10位' in answer.content.decode()
    assert by_code.post(PAGE, {"code": sent(boss), "password": NEW})["Location"] == "/account"
    assert has_new(boss)
    assert by_code.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_a_code_to_sign_in_sets_no_password_and_the_other_way_round(by_code: Client, boss: User) -> None:
    by_code.post(SEND)
    given = sent(boss)
    other = Client()
    other.post("/login", {"login": boss.login, "way": "code"})
    for code in LoginCode.objects.filter(whose=boss.login):
        if digits(code) != given:
            assert by_code.post(PAGE, {"code": digits(code), "password": NEW}).status_code == 422
            assert other.post("/login/code", {"code": given}).status_code == 422
    assert not has_new(boss)


def test_five_wrong_codes_end_it(me: Client, boss: User) -> None:
    me.post(SEND)
    right = sent(boss)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(4):
        assert "还可以试" in me.post(PAGE, {"code": wrong, "password": NEW}).content.decode()
    assert "已经作废" in me.post(PAGE, {"code": wrong, "password": NEW}).content.decode()
    assert me.post(PAGE, {"code": right, "password": NEW}).status_code == 422
    assert not has_new(boss)


def test_a_second_code_at_once_is_refused_on_the_page(me: Client, boss: User) -> None:
    me.post(SEND)
    assert "验证码刚刚发送过" in me.post(SEND, follow=True).content.decode()


def test_an_old_code_leads_back_to_the_present_password(
    me: Client, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    me.post(SEND)
    given, later = sent(boss), timezone.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert me.post(PAGE, {"code": given, "password": NEW}).status_code == 422
    assert 'name="current"' in me.get(PAGE).content.decode()
    assert not has_new(boss)


def test_the_first_password_needs_a_code_too(by_code: Client, boss: User) -> None:
    """Else it would be the way round the proof that a new address asks for."""
    boss.set_unusable_password()
    boss.save()
    by_code.force_login(boss)
    assert 'name="password"' not in by_code.get(PAGE).content.decode()
    by_code.post(PAGE, {"password": NEW})
    assert not has_new(boss)
    by_code.post(SEND)
    assert by_code.post(PAGE, {"code": sent(boss), "password": NEW}).status_code == 302
    assert has_new(boss)


def test_without_a_way_to_send_one_the_page_says_whom_to_ask(
    me: Client, boss: User, settings: Settings
) -> None:
    settings.NOTIFY_CHANNELS = []
    assert "改用验证码" not in me.get(PAGE).content.decode()
    boss.set_unusable_password()
    boss.save()
    me.force_login(boss)
    assert "请联系安全管理员" in me.get(PAGE).content.decode()


def test_wrong_old_passwords_lock_as_at_signing_in(me: Client, boss: User) -> None:
    for _ in range(5):
        me.post(PAGE, {"current": "wrong", "password": NEW})
    answer = me.post(PAGE, {"current": PASSWORD, "password": NEW})
    assert "账号已锁定" in answer.content.decode()
