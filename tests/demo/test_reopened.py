from __future__ import annotations

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import reopened


def test_a_reopened_case_reaches_the_departments_and_is_decided_again(stage: Stage) -> None:
    case = Case.objects.get(pk=reopened(stage).pk)
    assert (case.state, case.round) == ("closed", 2)
    again = case.tasks.filter(round=2)
    assert {t.department.code for t in again} == {"hg", "sw"}
    assert [d.round for d in case.decisions.order_by("round")] == [1, 2]
    assert case.certificates.count() == 2


def test_reopening_never_resets_the_promise(stage: Stage) -> None:
    case = Case.objects.get(pk=reopened(stage).pk)
    assert case.promise_from == case.received_on
    assert case.promise_days == 6
