"""The benches measure cases that could be real: whole, searchable, and counted as they are."""

from __future__ import annotations

import datetime as dt

import pytest
from bench.loader.load import load
from bench.loader.prototypes import PLAYS, play
from django.db import connection

from qitong.casework.indexing import rebuild
from qitong.casework.models import Case
from qitong.casework.queries import expected_streams
from qitong.insight.facts import recount
from qitong.ledger.verify import verify

AT = dt.datetime(2026, 11, 26, 6, tzinfo=dt.UTC)
CASES = 60


@pytest.mark.django_db
def test_a_multiplied_database_is_as_good_as_one_that_was_played() -> None:
    few = tuple(type(one)(one.deed, one.share, one.ages[-1:]) for one in PLAYS)
    played = play(AT, plays=few, officers_more=2)
    load(played, CASES, shares={one.name: 1 for one in few})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Case.objects.count() == CASES
    assert set(Case.objects.values_list("state", flat=True)) == {
        *("draft", "submitted", "correction", "in_review", "awaiting_decision", "approved", "delivered"),
        *("closed", "refused", "not_accepted", "withdrawn", "ended"),
    }
    verdict = verify(expected=expected_streams())
    assert (verdict.whole, verdict.checkpoints) == (True, 1), verdict.first
    assert verdict.streams > CASES
    assert not recount(at=AT)
    assert [p.changed for p in rebuild(at=AT)] == [0]
