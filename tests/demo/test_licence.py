from __future__ import annotations

from qitong.casework.logic.clock import day_of
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import licence_in_three_days


def test_a_licence_is_delivered_within_three_working_days(stage: Stage) -> None:
    case = Case.objects.get(pk=licence_in_three_days(stage).pk)
    assert case.state == "closed"
    assert case.promise_due_on is not None
    assert case.decided_at is not None
    assert day_of(case.decided_at) <= case.promise_due_on
    assert case.certificates.get().document.size > 0
