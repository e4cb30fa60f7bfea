from __future__ import annotations

from qitong.casework.logic.flow import CaseState
from qitong.demo.policies import ANSWERS, KNOWN, POLICY, answer, policy_in_three_answers, seen
from qitong.demo.stage import Stage
from qitong.demo.stories import TIDE, TIDE_CLERK
from qitong.ledger.verify import verify
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.models import Application
from tests.policies.played import published


def test_three_answers_turn_unknown_into_the_departments_turn(stage: Stage) -> None:
    published(stage)
    answer(stage, TIDE, TIDE_CLERK, KNOWN)
    before = seen(stage, TIDE, TIDE_CLERK).match(POLICY)
    assert before is not None
    assert before.found.outcome is Outcome.UNKNOWN
    assert set(before.found.missing) == set(ANSWERS)
    case = policy_in_three_answers(stage)
    after = seen(stage, TIDE, TIDE_CLERK).match(POLICY)
    assert after is not None
    assert after.found.outcome is Outcome.MANUAL_REVIEW
    assert case.state == CaseState.SUBMITTED
    origin = Application.objects.filter(pk=case.pk).first()
    assert origin is not None
    assert origin.outcome == Outcome.MANUAL_REVIEW
    assert verify().whole
