from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from qitong.accounts.login_codes import digits
from qitong.accounts.models import LoginCode, User
from tests.web_common.conftest import PASSWORD

RIGHT = {"login": "13800000001", "password": PASSWORD}


def test_one_comes_back_to_the_page_one_wanted(client: Client, boss: User) -> None:
    answer = client.post("/login", {**RIGHT, "next": "/cases/42"})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/42")


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_one_is_never_sent_to_another_site(client: Client, boss: User, elsewhere: str) -> None:
    assert client.post("/login", {**RIGHT, "next": elsewhere})["Location"] == "/my"
    assert 'name="next" value=""' in client.get("/login", {"next": elsewhere}).content.decode()


def test_a_wrong_password_is_said_at_the_field(client: Client, boss: User) -> None:
    answer = client.post("/login", {**RIGHT, "password": "wrong"})
    assert answer.status_code == 422
    assert '<a href="#id_password">登录名或密码不正确' in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_post(client: Client, boss: User) -> None:
    client.force_login(boss)
    assert client.get("/logout").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/logout")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_form_of_another_site_is_refused_in_plain_words(boss: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login", RIGHT)
    assert answer.status_code == 403
    assert "没有提交成功" in answer.content.decode()


def code_for(login: str) -> str:
    """The digits as they would be sent."""
    return digits(LoginCode.objects.get(whose=login, ended=""))


def test_one_signs_in_with_a_code(client: Client, boss: User) -> None:
    answer = client.post("/login", {"login": "138 0000 0001", "way": "code", "next": "/cases/42"})
    assert (answer.status_code, answer["Location"]) == (302, "/login/code?next=%2Fcases%2F42")
    page = client.get(answer["Location"]).content.decode()
    assert "138 0000 0001" in page
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    answer = client.post("/login/code", {"code": code_for("13800000001"), "next": "/cases/42"})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/42")
    assert client.session["_auth_user_id"] == str(boss.pk)


def test_enter_is_for_the_password_when_one_was_typed_and_else_for_a_code(client: Client, boss: User) -> None:
    assert client.post("/login", {**RIGHT, "password": ""})["Location"] == "/login/code"
    assert client.post("/login", RIGHT)["Location"] == "/my"
    assert client.post("/login", {**RIGHT, "password": "", "way": "password"}).status_code == 422


def test_a_wrong_code_is_said_at_the_field_and_what_was_typed_as_login_stays(
    client: Client, boss: User
) -> None:
    client.post("/login", {"login": "13800000001", "way": "code"})
    wrong = f"{(int(code_for('13800000001')) + 1) % 1_000_000:06}"
    answer = client.post("/login/code", {"code": wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_code">验证码不正确，还可以试4次。' in page
    assert "13800000001" in page


def test_asking_again_at_once_is_refused_with_when_again(client: Client, boss: User) -> None:
    client.post("/login", {"login": "13800000001", "way": "code"})
    answer = client.post("/login/code", {"way": "again"})
    assert answer.status_code == 422
    assert "秒后再获取" in answer.content.decode()


def test_who_asked_elsewhere_just_now_is_led_to_where_the_code_is_typed(client: Client, boss: User) -> None:
    Client().post("/login", {"login": "13800000001", "way": "code"})
    answer = client.post("/login", {"login": "13800000001", "way": "code"}, follow=True)
    assert answer.redirect_chain == [("/login/code", 302)]
    assert "秒后再获取" in answer.content.decode()
    assert client.post("/login/code", {"code": code_for("13800000001")})["Location"] == "/my"


def test_an_unknown_login_gets_the_very_same_pages_after_the_same_work(boss: User) -> None:
    seen = []
    for login in ("13800000001", "13800000009"):
        client = Client()
        _, asking = counted(client, "/login", login=login, way="code")
        page = client.get("/login/code").content.decode().replace(login, "")
        client.post("/login/code", {"code": "000000"})  # the first ever makes a row to count in
        refused, trying = counted(client, "/login/code", code="000000")
        seen.append((strip(page), strip(refused.replace(login, "")), asking, trying))
    assert seen[0] == seen[1]


def counted(client: Client, address: str, **typed: str) -> tuple[str, list[str]]:
    """The page answered, and each query by its verb and table."""
    with CaptureQueriesContext(connection) as found:
        answer = client.post(address, typed)
        shapes = [re.sub(r"accounts_(user|stranger)", "who", q["sql"]) for q in found.captured_queries]
    return answer.content.decode(), [
        " ".join(re.findall(r'^[A-Z]+|(?:FROM|INTO) "?[a-z_]+', shape)) for shape in shapes
    ]


def strip(page: str) -> str:
    """Without what differs from one answer to the next: the token and the moment."""
    moment = r'data-time="[^"]*"|<span>\d{4}-\d\d-\d\d \d\d:\d\d</span>'
    return re.sub(rf'csrfmiddlewaretoken" value="[^"]*"|{moment}', "", page)


def test_the_code_page_without_having_asked_leads_back(client: Client, db: None) -> None:
    assert client.get("/login/code")["Location"] == "/login"


def test_without_mail_and_sms_only_the_password_is_offered(
    client: Client, boss: User, settings: Settings
) -> None:
    settings.PRODUCTION = True
    settings.NOTIFY_CHANNELS = []
    answer = client.post("/login", {"login": "13800000001", "password": ""})
    assert answer.status_code == 422
    assert '<a href="#id_password">请填写密码。' in answer.content.decode()
    page = client.get("/login").content.decode()
    assert "还没有配置短信和邮件" in page
    assert 'value="code"' not in page
