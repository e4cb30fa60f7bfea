"""Pages ask the database a fixed number of times, however much there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk


def _count(desk: Desk, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(path).status_code == 200
    return len(asked)


def _more(stage: Stage, n: int, item: str = ITEM) -> list[Case]:
    return [stage.accept(stage.submit(stage.apply(GREEN, item, CLERK), CLERK)) for _ in range(n)]


@pytest.mark.parametrize(
    ("login", "path", "most"),
    [
        ("wang.fang", "/desk", 11),
        ("wang.fang", "/desk?scope=all&light=green", 11),
        ("zhou.jun", "/desk?scope=all", 12),
        ("fgw.reviewer", "/desk/tasks", 10),
    ],
)
def test_lists_do_not_ask_more_for_more_rows(stage: Stage, login: str, path: str, most: int) -> None:
    desk = Desk(stage, login)
    _more(stage, 3)
    few = _count(desk, path)
    _more(stage, 9)
    assert _count(desk, path) == few <= most


def test_the_case_page_asks_the_same_for_small_and_large_cases(stage: Stage) -> None:
    small, large = *_more(stage, 1, "tax_registration"), *_more(stage, 1, "joint_acceptance")
    owner = Desk(stage, "wang.fang")
    few = _count(owner, f"/desk/cases/{small.number}")
    _more(stage, 9)
    assert _count(owner, f"/desk/cases/{large.number}") == few <= 25


@pytest.mark.parametrize("login", ["fgw.head", "fgw.reviewer", "zhou.jun"])
def test_the_case_page_stays_small_for_everybody(stage: Stage, reviewed: Case, login: str) -> None:
    assert _count(Desk(stage, login), f"/desk/cases/{reviewed.number}") <= 25
