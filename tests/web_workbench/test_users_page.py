"""The security administrator's pages: everybody, what is wrong with an account, and what helps."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qitong.accounts import second
from qitong.accounts.logic import totp
from qitong.accounts.models import LoginSession, RoleAssignment, SecondFactor, User, Visit
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from tests.web_workbench.conftest import CLERK, Desk

REASON = "企业反映看不到办件"


@pytest.fixture
def guard(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Their clock stands still: a lock or a visit does not run out between two clicks."""
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return Desk(stage, "security")


def page(desk: Desk, path: str, **data: str) -> str:
    answer = desk.get(path, **data)
    assert answer.status_code == 200
    return answer.content.decode()


def of(stage: Stage, login: str) -> str:
    return f"/desk/people/{stage.cast.user(login).pk}"


@pytest.mark.parametrize("login", ["admin", "wu.hong", "wang.fang", "zhou.jun"])
def test_it_is_nobody_elses(stage: Stage, login: str) -> None:
    desk, there = Desk(stage, login), of(stage, "wang.fang")
    assert desk.get("/desk/people").status_code == 403
    assert desk.get(there).status_code == 403
    assert desk.client.post(f"{there}/close").status_code == 403
    assert "/desk/people" not in page(desk, "/account")


def test_people_are_found_by_name_phone_and_mail(guard: Desk) -> None:
    assert "王芳" in page(guard, "/desk/people", q="王芳")
    found = page(guard, "/desk/people", q="138 0000 0001")
    assert "林**" in found
    assert "林小雨" not in found
    assert "王芳" in page(guard, "/desk/people", q="WANG.fang")
    assert "没有找到用户" in page(guard, "/desk/people", q="谁也不是")


def test_the_list_goes_on_page_by_page(guard: Desk, stage: Stage) -> None:
    answer = guard.client.get("/desk/people")
    assert answer.context["page"].next
    following = guard.client.get(f"/desk/people{answer.context['page'].next}")
    first, then = ({row[0].pk for row in it.context["rows"]} for it in (answer, following))
    assert first
    assert then
    assert not first & then


def test_the_pages_ask_a_few_times(guard: Desk, stage: Stage) -> None:
    for path, most in (("/desk/people", 6), (of(stage, "wang.fang"), 11)):
        with CaptureQueriesContext(connection) as asked:
            guard.get(path)
        assert len(asked) <= most, [query["sql"] for query in asked]


def test_a_lock_is_seen_and_lifted(guard: Desk, stage: Stage) -> None:
    until = timezone.now() + dt.timedelta(minutes=20)
    User.objects.filter(pk=stage.cast.user("wang.fang").pk).update(locked_until=until)
    assert "王芳" in page(guard, "/desk/people", locked="on")
    there = of(stage, "wang.fang")
    assert "账号已锁定" in page(guard, there)
    guard.client.post(f"{there}/unlock")
    assert "账号已锁定" not in page(guard, there)
    assert "没有找到用户" in page(guard, "/desk/people", locked="on")
    assert "该账号没有锁定" in guard.client.post(f"{there}/unlock").content.decode()


def test_devices_are_signed_out(guard: Desk, stage: Stage) -> None:
    wang = Desk(stage, "wang.fang")
    guard.client.post(f"{of(stage, 'wang.fang')}/end-all")
    assert wang.get("/desk").status_code == 302
    assert not LoginSession.objects.filter(user=stage.cast.user("wang.fang")).exists()


def test_an_authenticator_is_reset_with_a_reason(guard: Desk, stage: Stage) -> None:
    wang, at = stage.cast.user("wang.fang"), timezone.now()
    by = stage.cast.actor("wang.fang", at)
    factor = second.begin(by=by, at=at)
    second.confirm(code=totp.code_at(second.secret_of(factor), totp.step_of(at)), by=by, at=at)
    there = of(stage, "wang.fang")
    answer = guard.client.post(f"{there}/reset", {"reason": " "})
    assert answer.status_code == 422
    assert 'href="#id_reset_reason"' in answer.content.decode()
    guard.client.post(f"{there}/reset", {"reason": "手机丢失"})
    assert not SecondFactor.objects.filter(user=wang).exists()


def test_a_role_is_granted_and_revoked_within_the_rules(guard: Desk, stage: Stage) -> None:
    there = of(stage, "policy")
    answer = guard.client.post(f"{there}/grant", {"role": "auditor"})
    assert answer.status_code == 302
    answer = guard.client.post(f"{there}/grant", {"role": "system_administrator"})
    assert answer.status_code == 422
    assert "三员分立" in answer.content.decode()
    held = RoleAssignment.objects.get(user=stage.cast.user("policy"), role="auditor")
    guard.client.post(f"{there}/revoke", {"assignment": str(held.pk)})
    held.refresh_from_db()
    assert held.until_on is not None
    assert guard.client.post(f"{of(stage, 'security')}/grant", {"role": "auditor"}).status_code == 422


def test_a_closed_account_is_out_at_once(guard: Desk, stage: Stage) -> None:
    wang = Desk(stage, "wang.fang")
    guard.client.post(f"{of(stage, 'wang.fang')}/close")
    assert wang.get("/desk").status_code == 302
    assert not LoginSession.objects.filter(user=stage.cast.user("wang.fang")).exists()


def test_a_role_that_is_no_number_is_nobodys(guard: Desk, stage: Stage) -> None:
    for nonsense in ("²", "", "9" * 5000, "-1"):
        answer = guard.client.post(f"{of(stage, 'policy')}/revoke", {"assignment": nonsense})
        assert answer.status_code == 404, nonsense


@pytest.fixture
def looking(guard: Desk, stage: Stage) -> Client:
    answer = guard.client.post(f"{of(stage, CLERK)}/look", {"reason": REASON})
    assert answer["Location"] == "/"
    return guard.client


def test_looking_shows_the_hosts_pages_under_a_banner(looking: Client, stage: Stage) -> None:
    shown = looking.get("/my").content.decode()
    assert "您在以林小雨的账号查看" in shown
    assert REASON in shown
    assert looking.get("/desk/people").status_code == 403
    answer = looking.get("/my")
    assert not answer.has_header("Qitong-Reader")


def test_looking_changes_nothing(looking: Client, stage: Stage) -> None:
    before = Entry.objects.count()
    for path in ("/my/projects/new", "/account/name", "/messages", "/language"):
        answer = looking.post(path, {"name": "别的名字", "language": "en"})
        assert answer.status_code == 403
        assert "只能看，不能办理" in answer.content.decode() or "只有本人" in answer.content.decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("path", ["/account", "/account/sessions", "/account/second-factor", "/my/calendar"])
def test_what_is_private_stays_private(looking: Client, path: str) -> None:
    answer = looking.get(path)
    assert answer.status_code == 403
    assert "只有本人能打开" in answer.content.decode()


def test_it_ends_by_the_button_and_by_time(
    looking: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looking.post("/visit/end")["Location"] == of(stage, CLERK)
    assert looking.get("/desk/people").status_code == 200
    looking.post(f"{of(stage, CLERK)}/look", {"reason": REASON})
    later = timezone.now() + dt.timedelta(minutes=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    shown = looking.get("/desk/people", follow=True).content.decode()
    assert "查看已经结束" in shown


def test_the_host_sees_who_looked_and_why(looking: Client, stage: Stage) -> None:
    host = Client()
    host.force_login(stage.cast.user(CLERK))
    shown = host.get("/account/sessions").content.decode()
    assert "安全管理员" in shown
    assert REASON in shown


def test_signing_out_ends_it_too(looking: Client) -> None:
    looking.post("/logout")
    assert Visit.objects.get().ended_at is not None
    assert looking.get("/my").status_code == 302
