from __future__ import annotations

import pytest
from django.test import Client

from qitong.accounts.models import User
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
