"""Cases that moved are read again for search and figures, many at once, and one bad one stops nobody."""

from __future__ import annotations

import pytest
from django.db import connection

from qitong.automation import reactions, stale
from qitong.automation.models import Stale
from qitong.casework.models import Case, CaseText
from qitong.demo.stage import Stage
from qitong.insight.models import Fact
from tests.automation.queue import deferred, react_to_all
from tests.notifications.reading import CLERK, COMPANY


def handed_in(stage: Stage, count: int) -> list[Case]:
    """Cases just handed in of which nobody has read anything; the queue holds a job for each."""
    drafts = [stage.apply(COMPANY, "customs_filing", CLERK) for _ in range(count)]
    react_to_all(stage.at)
    return [stage.submit(case, CLERK) for case in drafts]


def known(cases: list[Case]) -> tuple[int, int]:
    """How many of them search has words of, and the figures a row."""
    ids = [case.pk for case in cases]
    words = CaseText.objects.filter(case_id__in=ids).exclude(folded="").count()
    return words, Fact.objects.filter(case_id__in=ids, task=None).count()


def spoil(case: Case) -> None:
    """As no code of ours writes it: nobody can read such a form."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_case SET form = '[]' WHERE id = %s", [case.pk])


def test_the_first_reaction_reads_what_the_others_would(stage: Stage) -> None:
    cases = handed_in(stage, 3)
    assert known(cases) == (0, 0)
    first, *rest = deferred()
    reactions.react(first.args["entry_ids"], at=stage.at)
    assert known(cases) == (3, 3)
    assert not Stale.objects.exists()
    assert len(rest) == 2


def test_what_only_changed_words_is_not_measured_and_the_reverse(stage: Stage) -> None:
    noted = reactions.CHANGES_WORDS, reactions.CHANGES_FIGURES
    assert [("case.note" in kinds, "task.pause" in kinds) for kinds in noted] == [
        (True, False),
        (False, True),
    ]
    case = handed_in(stage, 1)[0]
    react_to_all(stage.at)
    stale.note([(case.stream, True, False)])
    Fact.objects.all().delete()
    stale.catch_up([case.stream])
    assert known([case]) == (1, 0)


def test_a_case_that_cannot_be_read_keeps_no_other_from_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = handed_in(stage, 2)
    spoil(bad)
    assert stale.catch_up([good.stream]) == 1
    assert known([bad, good]) == (1, 1)
    assert "read alone" in caplog.text
    with pytest.raises(AttributeError):
        stale.catch_up([bad.stream])
    assert Stale.objects.filter(case=bad).exists()


def test_no_reaction_reads_more_than_a_batch_for_each_of_its_own(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stale, "BATCH", 2)
    cases = handed_in(stage, 5)
    assert stale.catch_up([cases[4].stream]) == 2
    assert known(cases) == (2, 2)
    assert [stale.catch_up([cases[4].stream]) for _ in range(3)] == [2, 1, 0]
