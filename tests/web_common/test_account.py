"""One's own account: name, address, password, language; for companies and officers alike."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from qitong.accounts.login_codes import digits
from qitong.accounts.models import LoginCode, User
from qitong.ledger.models import Entry
from qitong.notifications.models import Preferences
from tests.web_common.conftest import PASSWORD

NEW_PHONE, NEW_MAIL = "13812345678", "chen@corp.cn"
PAGES = ["/account", "/account/name", "/account/address", "/account/password", "/account/notifications"]


@pytest.fixture
def me(client: Client, boss: User) -> Client:
    client.post("/login", {"login": boss.login, "password": PASSWORD})
    return client


def confirmed(client: Client, boss: User, address: str) -> int:
    client.post("/account/address", {"address": address, "current": PASSWORD})
    code = LoginCode.objects.get(whose=boss.ref, ended="")
    assert code.address == address
    return client.post("/account/address/code", {"code": digits(code)}).status_code


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_signs_in_first(client: Client, db: None, page: str) -> None:
    assert client.get(page)["Location"] == f"/login?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_officers_have_it_too(client: Client, officer: User, page: str) -> None:
    client.force_login(officer)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(("page", "queries"), [("/account", 6), ("/account/notifications", 5)])
def test_each_page_asks_a_few_times(
    me: Client, page: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(queries):
        me.get(page)


def test_the_name_is_corrected(me: Client, boss: User) -> None:
    assert me.post("/account/name", {"name": " "}).status_code == 422
    for steering in ("陈\x1b[31m", "陈\n海潮", "陈\a"):
        answer = me.post("/account/name", {"name": steering})
        assert (answer.status_code, "须为一行文字" in answer.content.decode()) == (422, True)
    assert me.post("/account/name", {"name": "陈海潮"})["Location"] == "/account"
    boss.refresh_from_db()
    assert boss.name == "陈海潮"
    assert "陈海潮" in me.get("/account").content.decode()


def test_a_new_phone_takes_the_login_with_it(me: Client, boss: User) -> None:
    assert confirmed(me, boss, NEW_PHONE) == 302
    boss.refresh_from_db()
    assert (boss.phone, boss.login) == (NEW_PHONE, NEW_PHONE)
    entry = Entry.objects.get(kind="user.address_changed")
    assert (entry.body["kind"], entry.body["login"]) == ("phone", True)
    assert NEW_PHONE not in str(entry.body)


def test_a_mail_address_beside_the_phone_leaves_the_login_alone(me: Client, boss: User) -> None:
    assert confirmed(me, boss, NEW_MAIL) == 302
    boss.refresh_from_db()
    assert (boss.email, boss.login) == (NEW_MAIL, "13800000001")


def test_nothing_changes_before_the_code_is_right(me: Client, boss: User) -> None:
    me.post("/account/address", {"address": NEW_PHONE, "current": PASSWORD})
    wrong = f"{(int(digits(LoginCode.objects.get(whose=boss.ref))) + 1) % 1_000_000:06}"
    answer = me.post("/account/address/code", {"code": wrong})
    assert answer.status_code == 422
    assert "还可以试4次" in answer.content.decode()
    boss.refresh_from_db()
    assert boss.phone == "13800000001"


def test_somebody_elses_login_cannot_be_taken(me: Client, boss: User, officer: User) -> None:
    assert confirmed(me, boss, officer.login) == 422
    boss.refresh_from_db()
    assert (boss.login, boss.phone) == ("13800000001", "13800000001")


def test_a_code_for_an_address_does_not_sign_in(me: Client, boss: User) -> None:
    me.post("/account/address", {"address": NEW_PHONE, "current": PASSWORD})
    code = digits(LoginCode.objects.get(whose=boss.ref))
    other = Client()
    other.post("/login", {"login": boss.login, "way": "code"})
    if code != digits(LoginCode.objects.get(whose=boss.login)):
        assert other.post("/login/code", {"code": code}).status_code == 422


def test_the_language_is_kept_for_messages_and_shown_at_once(me: Client, boss: User) -> None:
    answer = me.post("/account", {"language": "en"}, follow=True)
    assert ">Account</h1>" in answer.content.decode()
    boss.refresh_from_db()
    assert boss.language == "en"


def test_the_choice_of_messages_is_kept_and_shown(me: Client, boss: User) -> None:
    page = me.get("/account/notifications").content.decode()
    assert "本平台还没有配置邮件。" in page
    assert 'name="mail"' not in page
    given = {"quiet_from": "22:00", "quiet_until": "07:30", "language": "zh-hans", "mail": ["progress"]}
    assert me.post("/account/notifications", given).status_code == 302
    kept = Preferences.objects.get(user=boss)
    assert (str(kept.quiet_from), str(kept.quiet_until)) == ("22:00:00", "07:30:00")
    assert "progress" not in kept.mail  # what cannot be chosen here stays as it was
    page = me.get("/account/notifications").content.decode()
    assert re.search(r'name="quiet_until" value="07:30"', page)


def test_half_quiet_hours_are_refused_beside_the_field(me: Client) -> None:
    answer = me.post("/account/notifications", {"quiet_from": "22:00", "language": "en", "sms": ["nonsense"]})
    assert answer.status_code == 422
    answer = me.post("/account/notifications", {"quiet_from": "22:00", "language": "en"})
    assert '<a href="#id_quiet_until">' in answer.content.decode()
