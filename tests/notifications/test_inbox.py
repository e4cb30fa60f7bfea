from __future__ import annotations

import pytest

from qitong.accounts.actors import Actor
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.notifications import inbox, queries
from tests.automation.queue import react_to_all
from tests.notifications.reading import CLERK, COMPANY


@pytest.fixture
def clerk(stage: Stage) -> Actor:
    """Somebody with two messages."""
    case = stage.apply(COMPANY, "customs_filing", CLERK)
    stage.submit(case, CLERK)
    stage.accept(case)
    react_to_all(stage.at)
    return stage.who(CLERK)


def test_messages_come_newest_first_and_in_pages(clerk: Actor) -> None:
    newest, oldest = queries.inbox(clerk)
    assert (newest.kind, oldest.kind) == ("case.accept", "case.submit")
    assert queries.inbox(clerk, limit=1) == [newest]
    assert queries.inbox(clerk, before=newest.pk) == [oldest]


def test_reading_one_leaves_the_other_unread(stage: Stage, clerk: Actor) -> None:
    newest, _ = queries.inbox(clerk)
    assert queries.unread(clerk) == 2
    assert inbox.mark_read(message_ids=[newest.pk], by=clerk, at=stage.at) == 1
    assert inbox.mark_read(message_ids=[newest.pk], by=clerk, at=stage.tick()) == 0
    assert queries.unread(clerk) == 1
    entry = Entry.objects.get(kind="messages.read")
    assert (entry.by, entry.body) == (clerk.ref, {"messages": [newest.pk]})


def test_reading_all_reads_all_of_ones_own_only(stage: Stage, clerk: Actor) -> None:
    owner = stage.who("wang.fang")
    assert inbox.mark_read(by=clerk, at=stage.at) == 2
    assert queries.unread(clerk) == 0
    assert queries.unread(owner) == 1


def test_nobody_sees_or_reads_somebody_elses_messages(stage: Stage, clerk: Actor) -> None:
    mine, _ = queries.inbox(clerk)
    other = stage.who("13800000002")
    assert queries.find(other, mine.pk) is None
    assert inbox.mark_read(message_ids=[mine.pk], by=other, at=stage.at) == 0
    assert queries.inbox(Actor.visitor()) == []
    assert queries.find(clerk, mine.pk) == mine
