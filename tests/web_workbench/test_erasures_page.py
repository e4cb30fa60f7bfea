"""Asking to be erased on one's account, and the security administrator's page that does it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.accounts.models import User
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.privacy.models import Erasure
from tests.web_workbench.conftest import CLERK, GREEN, Desk, refused

WHY = "本人到窗口书面请求"


@pytest.fixture
def clerk(stage: Stage) -> Client:
    client = Client()
    client.force_login(stage.cast.user(CLERK))
    return client


def test_one_asks_in_ones_account_and_the_administrator_erases(stage: Stage, clerk: Client) -> None:
    assert '<a href="/account/erasure">' in clerk.get("/account").content.decode()
    assert "依法保存10年" in clerk.get("/account/erasure").content.decode()
    clerk.post("/account/erasure")
    assert "由安全管理员核实后办理" in clerk.get("/account/erasure").content.decode()
    guard, row = Desk(stage, "security"), Erasure.objects.get()
    page = guard.get("/desk/erasures").content.decode()
    assert ("林**" in page, "林小雨" in page) == (True, False)
    refused(guard.post(f"/desk/erasures/{row.pk}", {"reason": ""}), "请填写理由。")
    assert guard.client.post(f"/desk/erasures/{row.pk}", {"reason": WHY}).status_code == 302
    assert not User.objects.filter(login=CLERK).exists()
    assert row.subject in guard.get("/desk/erasures").content.decode()
    assert clerk.get("/account").status_code == 302  # signed out
    assert Entry.objects.filter(kind="personal_data.erased").count() == 1


def test_a_company_asks_through_its_administrator(stage: Stage, clerk: Client) -> None:
    there = f"/my/company/{stage.cast.company(GREEN).pk}/erasure"
    clerk.post(there)
    assert Erasure.objects.get().subject == f"enterprise:{stage.cast.company(GREEN).pk}"
    guard = Desk(stage, "security")
    assert "崇明绿源新材料有限公司" in guard.get("/desk/erasures").content.decode()


def test_while_a_case_is_open_the_page_says_which(stage: Stage, clerk: Client) -> None:
    case = stage.submit(stage.apply(GREEN, "energy_review", CLERK), CLERK)
    page = clerk.get("/account/erasure").content.decode()
    assert f"办件{case.number}还没有办结，办结后才能删除。" in page
    assert "请求删除</button>" not in page
    clerk.post("/account/erasure")
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("login", ["admin", "wu.hong", "wang.fang"])
def test_it_is_nobody_elses(stage: Stage, login: str) -> None:
    assert Desk(stage, login).get("/desk/erasures").status_code == 403


def test_the_page_asks_a_few_times(stage: Stage, clerk: Client) -> None:
    clerk.post("/account/erasure")
    clerk.post(f"/my/company/{stage.cast.company(GREEN).pk}/erasure")
    guard = Desk(stage, "security")
    with CaptureQueriesContext(connection) as asked:
        guard.get("/desk/erasures")
    assert len(asked) <= 8
