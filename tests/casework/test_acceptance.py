"""Accepted, deemed accepted, or not accepted with somewhere else to go."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.casework import delivery, intake
from qitong.casework.logic.terms import RefusalReason
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK
from tests.casework.said import again, handed_in, kinds, refused


def test_the_promise_runs_from_the_day_received_not_from_the_day_accepted(stage: Stage) -> None:
    case = handed_in(stage)
    stage.days(2)
    case = stage.accept(case)
    assert case.promise_from == dt.date(2026, 3, 3)
    assert case.promise_due_on == dt.date(2026, 3, 6)
    assert case.contacted_at is not None


@pytest.mark.parametrize("key", ["articles", "premises"])
def test_an_incomplete_file_is_not_accepted(stage: Stage, key: str) -> None:
    case = handed_in(stage, leave=frozenset({key}))
    with refused("incomplete"):
        intake.accept(case_id=case.pk, by=stage.owner(case), at=stage.tick())


def test_only_the_owner_or_who_stands_in_accepts(stage: Stage) -> None:
    case = handed_in(stage)
    for login in ("li.qiang", "scjg.head", "zhou.jun", GREEN_CLERK):
        with refused("not_allowed"):
            intake.accept(case_id=case.pk, by=stage.who(login), at=stage.tick())


def test_five_working_days_without_a_notice_count_as_acceptance_on_the_day_received(stage: Stage) -> None:
    case = handed_in(stage)
    stage.days(5, hour=10)
    assert "deem_accepted" not in {f.verdict.kind for f in stage.sweep()}
    stage.days(1, hour=10)
    stage.sweep()
    case = again(case)
    assert case.state == "awaiting_decision"
    assert case.promise_from == dt.date(2026, 3, 3)
    assert "case.deem_accepted" in kinds(case)


def test_the_law_does_not_wait_for_office_hours(stage: Stage) -> None:
    case = handed_in(stage)
    stage.days(6, hour=3)
    assert [f.verdict.kind for f in stage.sweep()] == ["deem_accepted"]  # at night only deeds, no reminders
    assert again(case).state == "awaiting_decision"


def test_what_nobody_told_to_bring_can_be_brought_after_all(stage: Stage) -> None:
    case = handed_in(stage, leave=frozenset({"articles"}))
    stage.days(6, hour=10).sweep()
    stage.decide(again(case), "scjg.head")
    with refused("materials_owed"):
        delivery.deliver(case_id=case.pk, by=stage.owner(case), at=stage.tick())
    stage.cure(case, GREEN_CLERK, "articles", "公司章程")
    stage.deliver(case)
    assert again(case).state == "delivered"


def test_deeming_accepted_again_or_too_early_changes_nothing(stage: Stage) -> None:
    case = handed_in(stage)
    system = stage.who("admin").system("sweep")
    assert intake.deem_accepted(case_id=case.pk, by=system, at=stage.tick()).state == "submitted"
    stage.accept(case)
    stage.days(9)
    intake.deem_accepted(case_id=case.pk, by=system, at=stage.tick())
    assert "case.deem_accepted" not in kinds(case)


@pytest.mark.parametrize("reason", RefusalReason)
def test_what_is_not_accepted_is_told_why_and_where_to_go(stage: Stage, reason: RefusalReason) -> None:
    case = handed_in(stage)
    by = stage.owner(case)
    with refused("missing"):
        intake.refuse_acceptance(case_id=case.pk, reason=reason, grounds=" ", by=by, at=stage.tick())
    grounds = "请向区信访办公室提出，电话021-59611111。"
    intake.refuse_acceptance(case_id=case.pk, reason=reason, grounds=grounds, by=by, at=stage.tick())
    case = again(case)
    assert (case.state, case.refusal_reason, case.refusal_grounds) == ("not_accepted", reason, grounds)
    assert case.next_alarm_at is None
    assert {t.state for t in case.tasks.all()} == {"dropped"}


def test_a_company_takes_its_case_back_before_the_decision(stage: Stage) -> None:
    case = stage.accept(handed_in(stage, "export_tax_refund"))
    intake.withdraw(case_id=case.pk, reason="材料有误", by=stage.who(GREEN_CLERK), at=stage.tick())
    case = again(case)
    assert (case.state, case.next_alarm_at) == ("withdrawn", None)
    assert {t.state for t in case.tasks.all()} <= {"done", "dropped"}
    stage.days(30)
    assert stage.sweep() == []


def test_after_the_decision_it_is_too_late_to_take_back(stage: Stage) -> None:
    case = stage.accept(handed_in(stage))
    stage.decide(case, "scjg.head")
    with refused("not_allowed"):
        intake.withdraw(case_id=case.pk, reason="", by=stage.who(GREEN_CLERK), at=stage.tick())
