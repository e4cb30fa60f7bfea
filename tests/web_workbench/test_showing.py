"""Personal data on the officers' pages: masked, shown on demand for a while, each show one entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from qitong.casework import conversation
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.ledger.queries import latest
from tests.web_workbench.conftest import CLERK, Desk, refused

SHOWN = "personal_data.shown"
WHY = "企业投诉，核对联系记录"
Clock = Callable[[dt.timedelta], None]


@pytest.fixture
def later(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until it is put forward."""
    moment = [stage.tick()]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])

    def put_forward(by: dt.timedelta) -> None:
        moment[0] += by

    return put_forward


def show(desk: Desk, case: Case, **given: Any) -> HttpResponse:
    return desk.post(f"/desk/cases/{case.number}/show", given)


def read(answer: Any) -> None:
    """To the end, so that the file is closed."""
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)


def entries() -> list[Entry]:
    return list(Entry.objects.filter(kind=SHOWN).order_by("id"))


def test_the_owner_shows_with_one_click_and_without_a_reason(
    owner: Desk, submitted: Case, later: Clock
) -> None:
    masked = owner.page(submitted)
    assert "林** 138****0001" in masked
    assert (CLERK in masked, "林小雨" in masked, 'id="why-reason"' in masked) == (False, False, False)
    assert show(owner, submitted)["Location"] == f"/desk/cases/{submitted.number}#facts"
    shown = owner.page(submitted)
    assert f'林小雨 <a href="tel:{CLERK}">{CLERK}</a>' in shown
    (entry,) = entries()
    assert (entry.stream, entry.by) == (submitted.stream, f"user:{submitted.owner_id}")
    assert entry.body["department"]["zh"]
    assert entry.body["fields"] == ["contact_name", "contact_phone", "texts"]


def test_it_stays_shown_for_a_quarter_of_an_hour_to_that_officer_alone(
    stage: Stage, owner: Desk, submitted: Case, later: Clock
) -> None:
    show(owner, submitted)
    later(dt.timedelta(minutes=14, seconds=59))
    show(owner, submitted)  # again, from a page that was open before
    assert CLERK in owner.page(submitted)
    assert CLERK not in Desk(stage, "chen.jing").page(submitted)
    later(dt.timedelta(seconds=1))
    assert CLERK not in owner.page(submitted)
    assert len(entries()) == 1
    show(owner, submitted)
    assert CLERK in owner.page(submitted)
    assert len(entries()) == 2


@pytest.mark.parametrize("login", ["chen.jing", "zhou.jun", "wu.hong"])
def test_who_only_looks_on_says_why(stage: Stage, submitted: Case, login: str, later: Clock) -> None:
    desk = Desk(stage, login)
    assert 'id="why-reason"' in desk.page(submitted)
    refused(show(desk, submitted), "请填写理由。")
    refused(show(desk, submitted, reason="看看"), "理由至少6个字")
    assert entries() == []
    assert show(desk, submitted, reason=WHY).status_code == 302
    assert CLERK in desk.page(submitted)
    (entry,) = latest(submitted.stream, limit=1, only=[SHOWN])
    assert entry.texts["reason"].value == WHY
    assert WHY not in str(Entry.objects.get(pk=entry.id).body)


def test_a_department_that_reviews_shows_with_one_click(stage: Stage, submitted: Case, later: Clock) -> None:
    stage.accept(submitted)
    reviewer = Desk(stage, "jw.reviewer")
    assert show(reviewer, submitted).status_code == 302
    assert CLERK in reviewer.page(submitted)


def test_numbers_in_what_was_written_are_masked_until_then(
    stage: Stage, owner: Desk, submitted: Case, later: Clock
) -> None:
    said = "请打13912345678找林小雨，或写信到zhang@corp.cn，证件31015119800101123X"
    by = stage.who(CLERK)
    conversation.write(case_id=submitted.pk, text=said, by=by, at=timezone.now())
    for path in ("", "/notes"):
        masked = owner.client.get(f"/desk/cases/{submitted.number}{path}").content.decode()
        assert "请打139****5678找林**，或写信到z***@corp.cn，证件310*************3X" in masked
        assert "林小雨" not in masked
    show(owner, submitted, next=f"/desk/cases/{submitted.number}/notes")
    assert said in owner.client.get(f"/desk/cases/{submitted.number}/notes").content.decode()


def test_who_may_not_see_the_case_gets_nothing_and_leaves_nothing(stage: Stage, submitted: Case) -> None:
    assert show(Desk(stage, "hg.reviewer"), submitted).status_code == 404
    assert show(Desk(stage, "security"), submitted).status_code == 404
    assert entries() == []


def test_the_company_sees_its_own_and_who_looked(
    stage: Stage, owner: Desk, submitted: Case, later: Clock
) -> None:
    company = Client()
    company.force_login(stage.cast.user(CLERK))
    looks = f"/my/cases/{submitted.number}/looks"
    assert "还没有人看过" in company.get(looks).content.decode()
    show(owner, submitted)
    material = submitted.materials.exclude(document=None)[0]
    assert material.document is not None
    for _ in range(3):
        read(owner.client.get(f"/desk/documents/{material.document.public_id}"))
    page = company.get(looks).content.decode()
    assert "林小雨 13800000001" in company.get(f"/my/cases/{submitted.number}").content.decode()
    assert page.count('<tr><th scope="row"') == 2
    assert f"文件“{material.document.name}”" in page
    assert "值班人员" in page
    assert "王芳" not in page
    stranger = Client()
    stranger.force_login(stage.cast.user("13800000002"))
    assert stranger.get(looks).status_code == 404


def test_a_file_that_is_opened_leaves_one_entry_an_hour(owner: Desk, submitted: Case, later: Clock) -> None:
    document = submitted.materials.exclude(document=None)[0].document
    assert document is not None
    there = f"/desk/documents/{document.public_id}"

    def opened() -> int:
        read(owner.client.get(there))
        return Entry.objects.filter(kind="personal_data.opened", stream=submitted.stream).count()

    assert [opened(), opened()] == [1, 1]
    later(dt.timedelta(minutes=59))
    assert opened() == 1
    later(dt.timedelta(minutes=1))
    assert opened() == 2


def test_the_security_administrator_says_why_to_see_how_somebody_is_reached(
    stage: Stage, later: Clock
) -> None:
    guard, user = Desk(stage, "security"), stage.cast.user(CLERK)
    there = f"/desk/people/{user.pk}"
    masked = guard.client.get(there).content.decode()
    assert ("林**" in masked, "林小雨" in masked, CLERK in masked) == (True, False, False)
    assert guard.client.post(f"{there}/show", {"reason": ""}).status_code == 422
    assert guard.client.post(f"{there}/show", {"reason": WHY}).status_code == 302
    shown = guard.client.get(there).content.decode()
    assert ("林小雨" in shown, CLERK in shown) == (True, True)
    (entry,) = entries()
    assert entry.stream == user.ref
    oneself = Client()
    oneself.force_login(user)
    assert "安全管理员" in oneself.get("/account/looks").content.decode()
