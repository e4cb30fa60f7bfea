from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.casework import queries, supplements, tasks
from qitong.casework.lights import task_shines
from qitong.casework.logic.light import Colour
from qitong.casework.models import Case, Pause, Task
from qitong.catalogue.calendar import current
from qitong.demo.stage import Stage
from qitong.kernel.limits import PauseReason
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk


def _cases(stage: Stage, n: int, item: str = ITEM) -> list[Case]:
    return [stage.accept(stage.submit(stage.apply(GREEN, item, CLERK), CLERK)) for _ in range(n)]


def _numbers(desk: Desk, **asked: str) -> list[str]:
    page = desk.get("/desk/tasks", **asked).content.decode()
    return list(dict.fromkeys(re.findall(r'href="/desk/cases/([^"/#]+)"', page)))


@pytest.fixture
def reviewer(stage: Stage) -> Desk:
    return Desk(stage, "fgw.reviewer")


@pytest.mark.parametrize("days", [0, 2, 4, 6, 8, 12])
def test_the_light_in_the_database_is_the_light_of_the_task(stage: Stage, days: int) -> None:
    for item in (ITEM, "tax_registration", "joint_acceptance"):
        _cases(stage, 1, item)
    [stopped] = _cases(stage, 1)
    task, by = stage.task(stopped, "energy_check"), stage.who("fgw.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    supplements.pause(task_id=task.pk, reason=PauseReason.EXPERT_REVIEW, note="", by=by, at=stage.tick())
    if days:
        stage.days(days)
    live = Task.objects.filter(state__in=["enabled", "claimed"]).select_related("department")
    open_pauses = {pause.task_id: pause for pause in Pause.objects.filter(ends_on=None)}
    for colour in (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.PAUSED):
        found = set(live.filter(task_shines(colour, calendar=current(), today=stage.day())))
        lit = {
            it
            for it in live
            if queries.light_of(it, open_pauses.get(it.pk), current(), stage.day()).colour is colour
        }
        assert found == lit, colour


def test_the_board_goes_on_page_after_page(
    stage: Stage, reviewer: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qitong.web.workbench.board.SIZE", 2)
    cases = _cases(stage, 3)
    first = reviewer.get("/desk/tasks").content.decode()
    onwards = re.search(r'rel="next" href="([^"]+)"', first)
    assert onwards
    second = reviewer.client.get("/desk/tasks" + onwards[1].replace("&amp;", "&")).content.decode()
    listed = [re.findall(r'href="/desk/cases/([^"/#]+)"', page) for page in (first, second)]
    assert [*listed[0], *listed[1]] == [case.number for case in cases]


def test_light_hands_and_department_cut_the_board(stage: Stage, reviewer: Desk) -> None:
    mine, free = _cases(stage, 2)
    task = stage.task(mine, "energy_check")
    tasks.claim(task_id=task.pk, by=stage.who("fgw.reviewer"), at=stage.tick())
    assert _numbers(reviewer, who="mine") == [mine.number]
    assert _numbers(reviewer, who="free") == [free.number]
    assert _numbers(reviewer, light="red") == []
    assert len(_numbers(reviewer, department=str(task.department_id))) == 2
    assert _numbers(reviewer, who="nonsense", light="pink", department="²") == _numbers(reviewer)
    stage.days(20)
    reviewer = Desk(stage, "fgw.reviewer")  # signed in anew: twenty days have passed
    assert len(_numbers(reviewer, light="red")) == 2
    assert '超期 <span class="count">2</span>' in reviewer.get("/desk/tasks").content.decode()


def test_many_are_claimed_at_once_and_only_once(stage: Stage, reviewer: Desk) -> None:
    held = [stage.task(case, "energy_check") for case in _cases(stage, 3)]
    page = reviewer.client.get("/desk/bulk?deed=claim&" + "&".join(f"it={t.pk}" for t in held))
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert key
    for _ in range(2):
        given = {"deed": "claim", "it": [t.pk for t in held], "key": key[1]}
        answer = reviewer.client.post("/desk/bulk", given, follow=True)
        assert "已办 3 件" in answer.content.decode()
    assert {stage.task(t.case, "energy_check").state for t in held} == {"claimed"}


def test_the_board_asks_the_same_for_more(stage: Stage, reviewer: Desk) -> None:
    counts = []
    for n in (2, 9):
        _cases(stage, n)
        with CaptureQueriesContext(connection) as asked:
            assert reviewer.get("/desk/tasks", light="green").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
