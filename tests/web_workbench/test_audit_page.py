"""The auditor's page: the whole ledger by who, what and when, and nothing that changes anything."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.accounts.models import RoleAssignment
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import Desk


@pytest.fixture
def auditor(stage: Stage, accepted: Case) -> Desk:
    return Desk(stage, "wu.hong")


def rows(desk: Desk, **asked: str) -> list[tuple[str, str]]:
    """Kind and stream of each row."""
    answer = desk.client.get("/desk/audit", asked)
    assert answer.status_code == 200
    return [(row[0].kind, row[0].stream) for row in answer.context["rows"]]


@pytest.mark.parametrize("login", ["admin", "security", "wang.fang", "zhou.jun"])
def test_it_is_nobody_elses(stage: Stage, login: str) -> None:
    assert Desk(stage, login).get("/desk/audit").status_code == 403


def test_everything_is_there_latest_first(auditor: Desk, accepted: Case) -> None:
    answer = auditor.client.get("/desk/audit")
    times = [row[0].at for row in answer.context["rows"]]
    assert times == sorted(times, reverse=True)
    assert ("case.accept", f"case:{accepted.pk}") in rows(auditor)
    assert answer.context["page"].next


def test_it_is_searched_by_who_what_and_when(auditor: Desk, stage: Stage, accepted: Case) -> None:
    wang = stage.cast.user("wang.fang")
    asked = {"who": wang.login, "area": "case"}
    found = auditor.client.get("/desk/audit", asked).context["rows"]
    assert found
    assert {row[0].by for row in found} == {wang.ref}
    assert {row[0].kind.partition(".")[0] for row in found} == {"case"}
    day = stage.at.date().isoformat()
    assert ("case.accept", f"case:{accepted.pk}") in rows(auditor, area="case", since=day, until=day)
    assert not rows(auditor, since="2030-01-01")
    assert {kind for kind, _ in rows(auditor, area="role")} == {"role.granted"}


def test_what_cannot_be_read_is_said_beside_its_field(auditor: Desk) -> None:
    answer = auditor.get("/desk/audit", who="nobody@qitong.example", since="gestern")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<a href="#id_who">没有这个登录名。' in page
    assert '<a href="#id_since">请填写日期' in page


def test_personal_texts_are_not_shown(auditor: Desk) -> None:
    page = auditor.get("/desk/audit", area="user").content.decode()
    assert "（个人信息，另存）" in page
    assert "13800000001" not in page


def test_the_page_asks_a_few_times(auditor: Desk) -> None:
    with CaptureQueriesContext(connection) as asked:
        auditor.get("/desk/audit", area="case")
    assert len(asked) <= 6


def test_an_auditor_has_no_form_that_changes_anything_but_their_own(auditor: Desk, stage: Stage) -> None:
    page = auditor.get("/desk/audit").content.decode()
    posted = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', page)
    assert set(posted) <= {"/logout", "/theme", "/language"}
    wang = stage.cast.user("wang.fang")
    assert auditor.client.post(f"/desk/people/{wang.pk}/close").status_code == 403
    assert RoleAssignment.objects.filter(user=wang, until_on=None).exists()


def test_all_looks_at_personal_data_are_found_in_two_clicks(
    auditor: Desk, stage: Stage, accepted: Case
) -> None:
    why = "复核13912345678的投诉"
    there = f"/desk/cases/{accepted.number}/show"
    assert Desk(stage, "wang.fang").client.post(there).status_code == 302
    assert Desk(stage, "zhou.jun").client.post(there, {"reason": why}).status_code == 302
    page = auditor.get("/desk/audit").content.decode()
    (link,) = re.findall(r'<a href="\?(area=personal_data)"', page)
    stream = f"case:{accepted.pk}"
    assert rows(auditor, area="personal_data") == [("personal_data.shown", stream)] * 2
    page = auditor.client.get(f"/desk/audit?{link}").content.decode()
    assert "复核139****5678的投诉" in page
    assert '<a href="?area=personal_data"' in page
    assert "种类是“个人信息”</a>" in page
    leader = stage.cast.user("zhou.jun")
    assert rows(auditor, area="personal_data.shown", who=leader.login) == [("personal_data.shown", stream)]
    assert rows(auditor, area="personal_data.opened") == []


def test_what_is_looked_for_stands_in_a_sentence_with_an_address(auditor: Desk, stage: Stage) -> None:
    page = auditor.get("/desk/audit", who="user:7", area="case", since="2026-03-02", until="2026-03-03")
    text = re.sub(r"</?span[^>]*>", "", page.content.decode())  # dates are kept on one line
    assert "user:7所做的，种类是“办件”，从2026年3月2日（周一）起，到2026年3月3日（周二）为止</a>" in text
    assert 'href="?who=user%3A7&amp;area=case&amp;since=2026-03-02&amp;until=2026-03-03"' in text
