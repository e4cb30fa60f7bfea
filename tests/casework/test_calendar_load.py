"""A calendar that changes moves every open date, each from its history, and says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from qitong.casework import deadlines, supplements, tasks
from qitong.casework.models import Case
from qitong.catalogue.calendar import current, load
from qitong.demo.cast import DIRECTOR
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from tests.casework.said import accepted, again, delivered, doing, handed_in, kinds


def holiday(stage: Stage, *days: dt.date) -> None:
    """The year's notice, with these further days off."""
    year = current().years[2026]
    more = {**year.holidays, **dict.fromkeys(days, "临时放假")}
    load(replace(year, holidays=more), by=DIRECTOR, at=stage.tick())


def recompute(stage: Stage) -> int:
    return deadlines.recompute_open(by=DIRECTOR, at=stage.tick())


def test_open_promises_and_tasks_move_by_the_new_holiday(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    holiday(stage, dt.date(2026, 3, 12), dt.date(2026, 3, 13))
    assert recompute(stage) > 0
    assert again(case).promise_due_on == dt.date(2026, 3, 31)
    assert stage.task(case, "industry_check").due_on == dt.date(2026, 3, 23)
    entry = Entry.objects.get(stream=case.stream, kind="case.recompute")
    assert entry.body["changes"]["promise"] == {"from": "2026-03-27", "to": "2026-03-31"}


def test_the_day_by_which_acceptance_is_answered_moves_too(stage: Stage) -> None:
    case = handed_in(stage)
    holiday(stage, dt.date(2026, 3, 4), dt.date(2026, 3, 9))
    recompute(stage)
    case = again(case)
    assert case.contact_due_on == dt.date(2026, 3, 5)
    assert case.plan_due_on == dt.date(2026, 3, 12)


def test_again_moves_nothing_and_writes_nothing(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    holiday(stage, dt.date(2026, 3, 12))
    recompute(stage)
    assert recompute(stage) == 0
    assert kinds(case).count("case.recompute") == 1


def test_what_is_over_keeps_its_dates(stage: Stage) -> None:
    case = delivered(stage)
    before = again(case).promise_due_on
    holiday(stage, dt.date(2026, 3, 9))
    assert recompute(stage) == 0
    assert again(case).promise_due_on == before


def test_dates_are_reckoned_from_history_and_not_from_the_last_result(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    task = stage.task(case, "industry_check")
    tasks.claim(task_id=task.pk, **doing(stage, "jw.reviewer"))
    asked = supplements.ask(task_id=task.pk, question="请补充", **doing(stage, "jw.reviewer"))
    stage.days(3)
    supplements.answer(supplement_id=asked.pk, text="见附件", files=[], **doing(stage, "13800000001"))
    kept = (again(case).promise_due_on, stage.task(case, "industry_check").due_on)
    Case.objects.filter(pk=case.pk).update(promise_due_on=dt.date(2030, 1, 1))
    case.tasks.filter(key="industry_check").update(due_on=dt.date(2030, 1, 1))
    recompute(stage)
    assert (again(case).promise_due_on, stage.task(case, "industry_check").due_on) == kept
