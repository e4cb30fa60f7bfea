"""What is kept goes on the day after its period, not before; twice changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from qitong.accounts.actors import Actor
from qitong.casework.logic.flow import CaseState
from qitong.demo.stage import Stage
from qitong.insight.facts import refresh
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from qitong.notifications.models import Message
from qitong.privacy import retention
from qitong.privacy.logic.periods import USUAL, Kept, parse
from tests.automation.queue import react_to_all
from tests.privacy.test_erasure import CLERK, GREEN, closed

DAY = dt.timedelta(days=1)
NIGHT = Actor.system("retention")


def sweep(at: dt.datetime) -> dict[str, int]:
    return retention.sweep(by=NIGHT, at=at)


def test_a_draft_nobody_handed_in_goes_after_its_period(stage: Stage, settings: LazySettings) -> None:
    settings.RETENTION = parse("drafts=30d")
    draft = stage.apply(GREEN, "tax_registration", CLERK)
    over = draft.created_at + 30 * DAY
    assert sweep(over)["drafts"] == 0
    assert sweep(over + dt.timedelta(seconds=1))["drafts"] == 1
    draft.refresh_from_db()
    assert draft.state == CaseState.WITHDRAWN
    assert "contact_name" not in draft.form
    assert set(sweep(over + DAY).values()) == {0}
    assert Entry.objects.filter(stream=retention.STREAM).count() == 1
    assert verify().whole


def test_an_answered_case_goes_when_its_archive_period_is_over(stage: Stage) -> None:
    case = closed(stage)
    refresh([case.pk])
    react_to_all(stage.at)
    ended = stage.at
    assert sweep(ended + USUAL[Kept.CASES])["cases"] == 0
    taken = sweep(ended + USUAL[Kept.CASES] + DAY)
    assert taken["cases"] == 1
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert case.erased_at is not None
    assert "林小雨" not in str(case.form)
    assert case.materials.exclude(document__erased_at=None).count() == case.materials.count()
    assert not case.notes.exclude(words=None).exists()
    assert sweep(ended + USUAL[Kept.CASES] + 2 * DAY)["cases"] == 0
    assert verify().whole


def test_messages_go_with_their_mail_after_theirs(stage: Stage) -> None:
    stage.submit(stage.apply(GREEN, "business_licence", CLERK), CLERK)
    react_to_all(stage.at)
    count = Message.objects.count()
    assert count
    assert sweep(stage.at + USUAL[Kept.MESSAGES] - DAY)["messages"] == 0
    assert sweep(stage.at + USUAL[Kept.MESSAGES] + DAY)["messages"] == count
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["drafts", "drafts=0d", "people=3d", "cases=9y", "visits=30d", "drafts=3w"])
def test_a_period_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse(text)


def test_periods_are_set_over_the_usual_ones() -> None:
    found = parse("drafts=180d, cases=30y")
    assert found[Kept.DRAFTS] == dt.timedelta(days=180)
    assert found[Kept.CASES] == dt.timedelta(days=10958)
    assert found[Kept.EXPORTS] == USUAL[Kept.EXPORTS]
