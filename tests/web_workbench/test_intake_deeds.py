from __future__ import annotations

import pytest

from qitong.casework import drafts
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk, done, refused


@pytest.fixture
def incomplete(stage: Stage) -> Case:
    """A core paper was left out."""
    case = stage.apply(GREEN, ITEM, CLERK)
    material = case.materials.filter(klass="core").exclude(source="generated").latest("position")
    drafts.detach(case_id=case.pk, key=material.key, by=stage.who(CLERK), at=stage.tick())
    return stage.submit(case, CLERK)


def test_the_owner_accepts(owner: Desk, submitted: Case) -> None:
    done(owner.do(submitted, "accept"), submitted)
    submitted.refresh_from_db()
    assert submitted.accepted_at is not None
    assert "已受理" in owner.page(submitted)


def test_an_incomplete_file_says_what_is_missing_instead_of_offering_acceptance(
    owner: Desk, incomplete: Case
) -> None:
    page = owner.page(incomplete)
    assert "核心和红线材料不齐，不能受理，还缺" in page
    assert f'action="/desk/cases/{incomplete.number}/do/accept"' not in page
    refused(owner.do(incomplete, "accept"), "不能受理，还缺")


def test_another_officer_cannot_accept(stage: Stage, submitted: Case) -> None:
    colleague = Desk(stage, "li.qiang")
    assert "“受理”由首问负责人办理" in colleague.page(submitted)
    refused(colleague.do(submitted, "accept"), "“受理”由首问负责人办理")


def test_a_substitute_accepts_for_who_is_away(stage: Stage, submitted: Case) -> None:
    stage.cast.absent("wang.fang", "li.qiang", stage.day(), stage.day(), at=stage.tick())
    desk = Desk(stage, "li.qiang")
    inbox = desk.get("/desk").content.decode()
    assert "今天您代班" in inbox
    assert str(submitted.number) in inbox
    done(desk.do(submitted, "accept"), submitted)


def test_the_notice_lists_everything_missing_by_itself(owner: Desk, incomplete: Case) -> None:
    assert "以下材料将列入告知" in owner.page(incomplete)
    done(owner.do(incomplete, "notify", text="请更正企业名称"), incomplete)
    incomplete.refresh_from_db()
    assert incomplete.state == "correction"
    assert "缺少材料" in incomplete.correction_notice
    assert "请更正企业名称" in incomplete.correction_notice


def test_a_notice_about_nothing_is_refused_at_its_field(owner: Desk, submitted: Case) -> None:
    answer = owner.do(submitted, "notify", text=" ")
    refused(answer, "请写明要补正什么")
    assert 'href="#notify-text"' in answer.content.decode()


def test_contact_is_noted_and_keeps_what_was_typed(owner: Desk, submitted: Case) -> None:
    refused(owner.do(submitted, "contact", note=""), "请填写“联系情况”")
    done(owner.do(submitted, "contact", note="电话联系林小雨"), submitted)
    submitted.refresh_from_db()
    assert submitted.contacted_at is not None
    assert "电话联系林**" in owner.page(submitted)


def test_refusing_acceptance_tells_where_to_go(owner: Desk, submitted: Case) -> None:
    refused(owner.do(submitted, "refuse-acceptance", grounds="", reason=""), "请填写“理由”")
    answer = owner.do(submitted, "refuse-acceptance", grounds="属外省事项", reason="nonsense")
    assert answer.status_code == 422
    assert "属外省事项</textarea>" in answer.content.decode()
    done(
        owner.do(submitted, "refuse-acceptance", grounds="项目在外省", reason="outside_jurisdiction"),
        submitted,
    )
    submitted.refresh_from_db()
    assert submitted.refusal_reason == "outside_jurisdiction"
    assert "项目在外省" in submitted.refusal_grounds
    assert "12345" in submitted.refusal_grounds


def test_a_helper_is_added_and_the_owner_stays(stage: Stage, owner: Desk, submitted: Case) -> None:
    refused(owner.do(submitted, "transfer", to="", reason="请协助"), "请填写“协办人”")
    done(owner.do(submitted, "transfer", to=stage.cast.user("hg.head").pk, reason="请协助核对"), submitted)
    submitted.refresh_from_db()
    assert submitted.owner == stage.cast.user("wang.fang")
    assert str(submitted.number) in Desk(stage, "hg.head").get("/desk").content.decode()


def test_an_unknown_deed_is_not_found(owner: Desk, submitted: Case) -> None:
    assert owner.do(submitted, "abolish").status_code == 404
    assert owner.do(submitted, "dispatch").status_code == 404  # for requests only


def test_a_deed_asked_for_by_get_leads_to_the_case(owner: Desk, submitted: Case) -> None:
    done(owner.get(f"/desk/cases/{submitted.number}/do/accept"), submitted)
    submitted.refresh_from_db()
    assert submitted.accepted_at is None
