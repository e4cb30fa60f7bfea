"""The one-time notice: told once and in full; the clock starts when the file is complete."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.casework import deferral, intake, queries
from qitong.casework.models import Case
from qitong.catalogue.calendar import current
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from tests.casework.said import again, handed_in, refused


@pytest.fixture
def told(stage: Stage) -> Case:
    case = handed_in(stage, leave=frozenset({"articles", "premises"}))
    stage.days(1)
    return intake.notify_correction(
        case_id=case.pk, text="请在章程上盖章。", by=stage.owner(case), at=stage.tick()
    )


def answer(stage: Stage, case: Case) -> Case:
    return intake.answer_correction(case_id=case.pk, by=stage.who(GREEN_CLERK), at=stage.tick())


def test_everything_that_is_missing_is_told_in_one_notice(told: Case) -> None:
    assert told.state == "correction"
    assert told.correction_notice == (
        "缺少材料：公司章程\n缺少材料：住所（经营场所）使用证明\n请在章程上盖章。"
    )


def test_a_second_notice_is_refused(stage: Stage, told: Case) -> None:
    with refused("already_notified"):
        intake.notify_correction(case_id=told.pk, text="还缺", by=stage.owner(told), at=stage.tick())
    stage.fill(told, GREEN_CLERK)
    answer(stage, told)
    with refused("already_notified"):
        intake.notify_correction(case_id=told.pk, text="还缺", by=stage.owner(told), at=stage.tick())


def test_a_complete_file_is_not_sent_back_without_saying_what_for(stage: Stage) -> None:
    case = handed_in(stage)
    with refused("nothing"):
        intake.notify_correction(case_id=case.pk, text=" ", by=stage.owner(case), at=stage.tick())


def test_the_corrected_file_is_received_anew(stage: Stage, told: Case) -> None:
    stage.days(3)
    stage.fill(told, GREEN_CLERK)
    case = answer(stage, told)
    assert case.state == "submitted"
    assert case.received_on == dt.date(2026, 3, 9)
    assert case.plan_due_on == dt.date(2026, 3, 16)
    assert case.contact_due_on == dt.date(2026, 3, 4)  # whoever owns the case had that day already
    assert stage.accept(case).promise_from == dt.date(2026, 3, 9)
    assert again(case).promise_due_on == dt.date(2026, 3, 12)


def test_what_was_told_in_full_comes_in_full(stage: Stage, told: Case) -> None:
    stage.attach(told, GREEN_CLERK, "articles", "公司章程")
    with refused("incomplete") as caught:
        answer(stage, told)
    assert "住所（经营场所）使用证明" in str(caught.value)
    assert "公司章程" not in str(caught.value)


def test_a_signature_may_stand_in_for_what_can_follow(stage: Stage, told: Case) -> None:
    stage.attach(told, GREEN_CLERK, "articles", "公司章程")
    stage.commit(told, GREEN_CLERK, ["premises"], within=2)
    assert answer(stage, told).state == "submitted"


def test_while_the_company_corrects_no_departments_clock_runs(stage: Stage) -> None:
    case = handed_in(stage, "export_tax_refund", leave=frozenset({"vat_invoice"}))
    stage.days(1)
    intake.notify_correction(case_id=case.pk, text="", by=stage.owner(case), at=stage.tick())
    rows = queries.task_rows(again(case), calendar=current(), today=stage.working_day(9))
    assert {row.light.colour.value for row in rows} == {"paused", "none"}
    stage.days(4)
    stage.fill(case, GREEN_CLERK)
    answer(stage, case)
    assert stage.task(case, "accept").counted_from == dt.date(2026, 3, 10)
    assert stage.task(case, "accept").due_on == dt.date(2026, 3, 11)
    assert stage.task(case, "hg_review").due_on == dt.date(2026, 3, 12)  # three days, four of them paused


def test_answering_twice_changes_nothing(stage: Stage, told: Case) -> None:
    stage.fill(told, GREEN_CLERK)
    first = answer(stage, told)
    stage.days(2)
    assert answer(stage, told).received_on == first.received_on


def test_a_company_that_was_told_is_reminded_and_never_ended_for_being_slow(stage: Stage, told: Case) -> None:
    stage.days(5, hour=10)
    said = {f.verdict.kind for f in stage.sweep()}
    assert said == {"correction_waiting", "contact_overdue"}  # the window is not pressed to accept
    stage.days(20)
    stage.sweep()
    assert again(told).state == "correction"


def test_only_the_owner_tells(stage: Stage) -> None:
    case = handed_in(stage, leave=frozenset({"articles"}))
    with refused("not_allowed"):
        intake.notify_correction(case_id=case.pk, text="", by=stage.who("li.qiang"), at=stage.tick())


def test_a_wrong_paper_is_brought_again_without_a_second_notice(stage: Stage, told: Case) -> None:
    stage.fill(told, GREEN_CLERK)
    answer(stage, told)
    by = stage.owner(told)
    deferral.verify(case_id=told.pk, key="articles", correct=False, remark="缺页", by=by, at=stage.tick())
    with refused("incomplete"):
        intake.accept(case_id=told.pk, by=by, at=stage.tick())
    stage.cure(told, GREEN_CLERK, "articles", "公司章程（全本）")
    assert stage.accept(told).accepted_at is not None


def test_a_draft_has_nothing_to_correct(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    with refused("not_allowed"):
        answer(stage, case)
