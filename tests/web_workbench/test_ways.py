"""The head of the page shows each officer the ways that lead them somewhere, and no empty ones."""

from __future__ import annotations

import re

import pytest

from qitong.demo.stage import Stage
from tests.web_workbench.conftest import Desk

CASES, TASKS, SEARCH = "/desk", "/desk/tasks", "/desk/search"


def head(stage: Stage, login: str) -> tuple[str, list[str]]:
    """Where the mark leads, and the ways beside it."""
    page = Desk(stage, login).get("/account").content.decode()
    nav = page[page.index("<nav") : page.index("</nav>")]
    home = re.search(r'class="mark" href="([^"]+)"', page)
    return home[1] if home else "", re.findall(r'href="(/[^"]*)"', nav)


@pytest.mark.parametrize("login", ["wang.fang", "hg.reviewer", "sun.lei", "zhou.jun"])
def test_who_works_on_cases_has_their_ways(stage: Stage, login: str) -> None:
    assert {CASES, TASKS, SEARCH} <= set(head(stage, login)[1])


def test_the_audit_administrator_reads_cases_and_has_no_tasks(stage: Stage) -> None:
    _, shown = head(stage, "wu.hong")
    assert {CASES, SEARCH, "/desk/audit"} <= set(shown)
    assert TASKS not in shown


@pytest.mark.parametrize(("login", "own"), [("admin", "/desk/operations"), ("security", "/desk/people")])
def test_an_administrator_starts_at_their_own_page_and_has_no_cases(
    stage: Stage, login: str, own: str
) -> None:
    home, shown = head(stage, login)
    assert own in shown
    assert not {CASES, TASKS, SEARCH} & set(shown)
    assert home == own
