from __future__ import annotations

import pytest

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, Desk


def test_the_inbox_shows_what_is_mine_with_its_light_first(owner: Desk, submitted: Case) -> None:
    page = owner.get("/desk").content.decode()
    assert submitted.number is not None
    assert page.index("按期") < page.index(submitted.number)
    assert "崇明绿源新材料有限公司" in page
    assert "应于" in page


def test_the_case_page_shows_everything(owner: Desk, accepted: Case) -> None:
    page = owner.page(accepted)
    for part in ("基本情况", "材料", "任务", "办理过程", "可以办理", "次日起计"):
        assert part in page
    assert "<svg" in page


@pytest.mark.parametrize("path", ["/desk", "/desk/tasks", "/desk/absences"])
def test_a_company_member_reads_whose_door_this_is(stage: Stage, submitted: Case, path: str) -> None:
    member = Desk(stage, CLERK)
    for address in (path, f"/desk/cases/{submitted.number}"):
        answer = member.get(address)
        assert answer.status_code == 403
        assert "工作人员办理的页面" in answer.content.decode()


def test_an_officer_of_an_uninvolved_department_finds_nothing(stage: Stage, submitted: Case) -> None:
    stranger = Desk(stage, "hg.reviewer")
    for address in ("", "/ledger", "/do/accept"):
        assert stranger.get(f"/desk/cases/{submitted.number}{address}").status_code == 404
    assert stranger.do(submitted, "accept").status_code == 404
    assert str(submitted.number) not in stranger.get("/desk", scope="all").content.decode()


def test_an_empty_desk_says_what_will_be_there(stage: Stage) -> None:
    desk = Desk(stage, "hg.reviewer")
    assert "您手上没有在办的办件" in desk.get("/desk").content.decode()
    assert "本部门没有在办的办件" in desk.get("/desk", scope="department").content.decode()
    assert "没有待办任务" in desk.get("/desk/tasks").content.decode()


def test_other_cases_of_the_company_are_named_to_who_may_see_them_and_to_nobody_else(
    stage: Stage, owner: Desk, accepted: Case
) -> None:
    other = stage.submit(stage.apply(GREEN, "tax_registration", CLERK), CLERK)
    link = f'href="/desk/cases/{other.number}"'
    assert link in owner.page(accepted)
    reviewer = Desk(stage, "jw.reviewer").page(accepted)
    assert str(other.number) not in reviewer
    assert link not in reviewer


def test_an_auditor_sees_every_case_and_can_do_nothing(stage: Stage, accepted: Case) -> None:
    page = Desk(stage, "wu.hong").page(accepted)
    assert "林** 138****0001" in page
    assert CLERK not in page
    assert "办件层面现在没有需要您办的" in page
    assert f'action="/desk/cases/{accepted.number}/do/' not in page
