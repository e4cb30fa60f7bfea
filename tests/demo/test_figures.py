"""What a department supplies finds a company two policies, and all that comes of the first is counted."""

from __future__ import annotations

import pytest

from qitong.accounts.models import User
from qitong.casework.models import Case
from qitong.datashare.models import Consent
from qitong.demo.figures import RATE, TITLE, figures_find_policies
from qitong.demo.policies import seen
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.ledger.verify import verify
from qitong.notifications.effects import Effect, of_policy
from qitong.notifications.models import Message
from qitong.policies.logic.terms import Source
from tests.policies.played import published


@pytest.fixture
def played(stage: Stage) -> Case:
    published(stage)
    case = figures_find_policies(stage)
    assert case is not None
    return case


def test_the_first_was_opened_applied_for_and_granted_and_the_second_waits(played: Case) -> None:
    assert of_policy(TITLE) == Effect(told=1, opened=1, applied=1, granted=1)
    assert of_policy(RATE) == Effect(told=1, opened=0, applied=0, granted=0)
    reader = User.objects.get(login=GREEN_CLERK)
    told = Message.objects.filter(recipient=reader, kind="policy.gained").order_by("pk")
    assert [message.read_at is not None for message in told] == [True, False]
    assert played.state == "closed"
    assert verify().whole


def test_the_two_exclude_each_other_and_the_one_that_brings_more_is_chosen(
    played: Case, stage: Stage
) -> None:
    (group,) = seen(stage, GREEN, GREEN_CLERK).groups
    assert (group.chosen, group.left, group.worth) == ((RATE,), (TITLE,), 57_300_000)


def test_each_figure_says_who_supplied_it(played: Case, stage: Stage) -> None:
    known = seen(stage, GREEN, GREEN_CLERK).known["taxable_income_wan"]
    assert known.source is Source.SHARED
    assert known.department is not None
    assert known.department.zh == "税务局"
    assert known.consent_id == Consent.objects.get().pk
