from __future__ import annotations

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import owner_away
from qitong.ledger.models import Entry


def test_whoever_stands_in_for_the_duty_officer_owns_the_case_and_stays_its_owner(stage: Stage) -> None:
    case = Case.objects.get(pk=owner_away(stage).pk)
    assert case.owner == stage.cast.user("chen.jing")
    assert case.owner_reason == "substitute_of_duty"
    assert not case.participants.exists()


def test_while_the_owner_is_away_the_substitute_acts_in_their_own_name(stage: Stage) -> None:
    case = owner_away(stage)
    accepted = Entry.objects.get(stream=case.stream, kind="case.accept")
    assert accepted.by == stage.cast.user("zhao.min").ref
