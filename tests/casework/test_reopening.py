"""Closing can be challenged: within the window, and the challenge reaches the departments."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.casework import delivery
from qitong.casework.logic.terms import Outcome
from qitong.casework.models import Case, Pause
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK
from qitong.ledger.models import Entry
from tests.casework.said import accepted, again, delivered, doing, kinds, refused


@pytest.fixture
def case(stage: Stage) -> Case:
    return delivered(stage)


def reopen(stage: Stage, case: Case, *keys: str) -> Case:
    return delivery.reopen(case_id=case.pk, reason="少一票报关单", keys=keys, **doing(stage, GREEN_CLERK))


@pytest.mark.parametrize("closed", [False, True])
def test_it_reaches_the_departments_again(stage: Stage, case: Case, closed: bool) -> None:
    if closed:
        stage.confirm(case, GREEN_CLERK)
    reopen(stage, case)
    case = again(case)
    assert (case.state, case.round, case.closed_at, case.delivered_at) == ("in_review", 2, None, None)
    assert set(case.tasks.filter(round=2).values_list("key", "state")) == {
        ("hg_review", "enabled"),
        ("decide", "waiting"),
    }
    stage.days(2, hour=9)
    assert "department_silent" in {f.verdict.kind for f in stage.sweep()}


def test_a_refusal_can_be_challenged_too(stage: Stage) -> None:
    case = accepted(stage, "export_tax_refund")
    stage.review_all(case)
    stage.decide(case, "sw.head", Outcome.REFUSE, "单证不符")
    assert reopen(stage, case).state == "in_review"


def test_the_promise_never_starts_anew_and_the_days_with_the_company_do_not_count(
    stage: Stage, case: Case
) -> None:
    before = (case.promise_from, case.promise_days)
    assert case.promise_due_on == dt.date(2026, 3, 11)
    stage.days(3)
    reopen(stage, case)
    case = again(case)
    assert (case.promise_from, case.promise_days) == before
    assert case.promise_due_on == dt.date(2026, 3, 16)
    pause = Pause.objects.get(case=case)
    assert (pause.starts_on, pause.ends_on) == (dt.date(2026, 3, 4), dt.date(2026, 3, 9))


def test_history_is_kept(stage: Stage, case: Case) -> None:
    before = list(Entry.objects.filter(stream=case.stream).order_by("number").values_list("hash", flat=True))
    reopen(stage, case)
    stage.review_all(case)
    stage.decide(case, "sw.head")
    stage.deliver(case)
    after = list(Entry.objects.filter(stream=case.stream).order_by("number").values_list("hash", flat=True))
    assert after[: len(before)] == before
    assert list(case.decisions.order_by("round").values_list("round", flat=True)) == [1, 2]
    numbers = list(case.certificates.order_by("pk").values_list("number", flat=True))
    assert numbers == [f"{case.number}-1", f"{case.number}-2"]


def test_the_last_day_counts_and_the_day_after_is_too_late(stage: Stage, case: Case) -> None:
    stage.confirm(case, GREEN_CLERK)
    until = delivery.reopen_until(again(case))
    assert until == stage.working_day(10)
    stage.days(11)
    with refused("too_late") as caught:
        reopen(stage, case)
    assert "可以提交新的诉求" in str(caught.value)
    stage.at -= dt.timedelta(days=1)
    assert reopen(stage, case).round == 2


def test_it_says_why_and_only_the_company_may(stage: Stage, case: Case) -> None:
    with refused("missing"):
        delivery.reopen(case_id=case.pk, reason=" ", **doing(stage, GREEN_CLERK))
    with refused("not_allowed"):
        delivery.reopen(case_id=case.pk, reason="复查", **doing(stage, "wang.fang"))


def test_what_never_ended_is_not_reopened(stage: Stage) -> None:
    with refused("not_allowed"):
        reopen(stage, accepted(stage, "export_tax_refund"))


def test_a_case_with_one_step_reopens_to_its_decision(stage: Stage) -> None:
    case = delivered(stage, "customs_filing")
    reopen(stage, case)
    assert again(case).state == "awaiting_decision"
    assert kinds(case).count("case.reopen") == 1
