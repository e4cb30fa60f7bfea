"""Every figure leads to the list of exactly what it counts."""

from __future__ import annotations

import re

import pytest

from qitong.casework.models import Case
from qitong.casework.queries import visible
from qitong.demo.inbox import inbox
from qitong.demo.stage import Stage
from qitong.insight.facts import recount
from tests.web_dashboard.conftest import Reader

NUMBER = re.compile(r'<a href="(/dashboard/cases\?[^"]+)">([\d,]+)</a>')


def figures(page: str) -> list[tuple[str, int]]:
    return [(href.replace("&amp;", "&"), int(n.replace(",", ""))) for href, n in NUMBER.findall(page)]


@pytest.mark.parametrize("login", ["zhou.jun", "wu.hong", "fgw.head", "hg.head", "sun.lei"])
@pytest.mark.parametrize("path", ["/dashboard/departments", "/dashboard/items", "/dashboard/months"])
def test_as_many_rows_as_the_figure_says_and_all_of_them_visible(stage: Stage, login: str, path: str) -> None:
    reader = Reader(stage, login)
    may_see = set(visible(stage.who(login)).values_list("number", flat=True))
    for href, n in figures(reader.page(path)):
        listed = reader.listed(href)
        assert len(listed) == n, href
        assert set(listed) <= may_see, href


def test_a_leader_finds_figures_on_each_page(leader: Reader) -> None:
    assert len(figures(leader.page("/dashboard/departments"))) > 10
    assert len(figures(leader.page("/dashboard/items"))) > 10


def test_the_big_numbers_lead_to_their_lists(leader: Reader) -> None:
    page = leader.page("/dashboard")
    tiles = re.findall(r'tile-number[^>]*><a href="([^"]+)">(\d+)<', page)
    assert len(tiles) >= 3
    for href, n in tiles:
        assert len(leader.listed(href.replace("&amp;", "&"))) == int(n)


def test_a_head_sees_the_own_department_and_no_other(stage: Stage) -> None:
    head = Reader(stage, "hg.head")
    page = head.page("/dashboard/departments")
    assert "海关" in page
    assert "税务局" not in page
    other = stage.department("sw").pk
    assert head.listed(f"/dashboard/cases?kind=task&what=closed&department={other}") == []
    assert Reader(stage, "zhou.jun").listed("/dashboard/cases?kind=task&what=closed") != []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=x&what=y&department=z&item=nothing&since=2026-13&until=x",
        "department=99999999999999999999999999",
        "since=9999-12&until=9999-12&what=closed",
        "cursor=forged&what=late",
    ],
)
def test_an_odd_address_still_opens(leader: Reader, query: str) -> None:
    assert leader.answer(f"/dashboard/cases?{query}").status_code == 200


def test_long_lists_go_on_by_pages(stage: Stage, leader: Reader) -> None:
    for _ in range(2):
        inbox(stage)
    recount(at=stage.at)
    listed = leader.listed("/dashboard/cases?kind=task&what=in")
    assert len(listed) > 25
    cases = Case.objects.filter(number__in=listed)
    assert cases.exclude(submitted_at=None).count() == len(set(listed))
