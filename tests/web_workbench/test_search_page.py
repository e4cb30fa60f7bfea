from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.casework import finding
from qitong.casework.indexing import index
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.web.common import finding as pages
from tests.web_workbench.conftest import CLERK, GREEN, Desk


def _ask(stage: Stage, title: str, description: str) -> Case:
    case = stage.submit(stage.request(GREEN, CLERK, title, description), CLERK)
    index([case.pk])
    return case


def _page(desk: Desk, text: str) -> str:
    answer = desk.get("/desk/search", q=text)
    assert answer.status_code == 200
    return answer.content.decode()


def _numbers(page: str) -> list[str]:
    return re.findall(r'href="/desk/cases/([^"/]+)"', page)


def test_a_hit_is_shown_with_the_words_marked(stage: Stage, owner: Desk) -> None:
    case = _ask(stage, "门口道路积水", "下雨就积水，叉车出不去。")
    page = _page(owner, "叉车 道路")
    assert _numbers(page) == [case.number]
    assert "门口<mark>道路</mark>积水" in page
    assert "<mark>叉车</mark>出不去" in page
    assert "找到 1 个办件" in page


def test_an_exact_number_opens_the_case(stage: Stage, owner: Desk) -> None:
    case = _ask(stage, "门口道路积水", "下雨就积水")
    assert case.number is not None
    answer = owner.get("/desk/search", q=case.number.replace("-", "").lower())
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/cases/{case.number}")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "100%",
        "a_b",
        "它说'好'",
        "\\",
        "<mark>",
        "&lt;",
        "{{ q }}",
        "${x}",
        "a'); --",
    ],
)
def test_signs_are_signs_whatever_they_look_like(stage: Stage, owner: Desk, text: str) -> None:
    other = _ask(stage, "别的", "100 axb 它说好 mark lt")
    case = _ask(stage, f"看{text}吧", "无")
    page = _page(owner, text)
    assert _numbers(page) == [case.number], other.number
    assert "<script>alert" not in page
    plain = re.sub(r"</?mark>", "", page.split("<tbody>")[1])
    assert "<script" not in plain


def test_a_phone_number_is_shown_as_far_as_it_was_asked_for(stage: Stage, owner: Desk) -> None:
    _ask(stage, "门口道路积水", "下雨就积水")
    phone = stage.cast.company(GREEN).phone
    page = _page(owner, phone[-4:])
    assert phone not in page
    assert f"*<mark>{phone[-4:]}</mark>" in page


@pytest.mark.parametrize("text", ["长" * 10_000, " ".join("一二三四五六七八九十百")])
def test_what_is_too_long_is_refused_in_words(owner: Desk, text: str) -> None:
    answer = owner.get("/desk/search", q=text)
    assert answer.status_code == 422
    assert 'id="q_error"' in answer.content.decode()
    assert owner.get("/desk/search.json", q=text).status_code == 422


@pytest.mark.parametrize(
    ("text", "said"), [("", "几个词用空格隔开"), (" - ", "没有可以查找的文字"), ("不存在的词", "没有找到")]
)
def test_nothing_asked_nothing_said_nothing_found(owner: Desk, text: str, said: str) -> None:
    assert said in _page(owner, text)


def test_what_one_may_not_see_is_not_found(stage: Stage) -> None:
    case = _ask(stage, "门口道路积水", "下雨就积水")
    stranger = Desk(stage, "hg.reviewer")
    assert "没有找到" in _page(stranger, "积水")
    assert "没有找到" in _page(stranger, str(case.number))
    assert stranger.get("/desk/search.json", q="积水").json() == {"count": 0, "cases": []}  # type: ignore[attr-defined]


def test_a_company_has_no_business_at_the_desk(stage: Stage) -> None:
    assert Desk(stage, CLERK).get("/desk/search", q="积水").status_code == 403
    assert Desk(stage, CLERK).get("/desk/search.json", q="积水").status_code == 403


def test_one_reads_on_page_by_page_and_back(
    stage: Stage, owner: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SIZE", 2)
    monkeypatch.setattr(finding, "MOST", 4)
    made = [str(_ask(stage, f"道路积水{n}", "下雨").number) for n in range(7)][::-1]
    path, seen = "?" + urlencode({"q": "积水"}), []
    for _ in range(4):
        page = owner.get(f"/desk/search{path}").content.decode()
        seen.append(_numbers(page))
        following = re.search(r'href="([^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', page)
        path = (following.group(1) or following.group(2)).replace("&amp;", "&") if following else ""
    assert seen == [made[:2], made[2:4], made[4:6], made[6:]]
    assert path == ""
    assert _numbers(owner.get("/desk/search?q=积水&before=nonsense").content.decode()) == made[:2]


@pytest.mark.parametrize("login", ["wang.fang", "zhou.jun", "fgw.reviewer"])
def test_the_pages_ask_at_most_twelve_times(
    stage: Stage, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "NEWEST", 1)  # both ways are gone
    desk = Desk(stage, login)

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(path, q="节能 审查").status_code == 200
        return len(asked)

    def more(n: int) -> None:
        for _ in range(n):
            index([stage.submit(stage.apply(GREEN, "energy_review", CLERK), CLERK).pk])

    more(2)
    few, quick = count("/desk/search"), count("/desk/search.json")
    more(6)
    assert (count("/desk/search"), count("/desk/search.json")) == (few, quick)
    assert few <= 12
    assert quick <= 12


def test_the_palette_gets_a_few_with_their_marks(stage: Stage, owner: Desk) -> None:
    made = [_ask(stage, f"道路积水{n}", "下雨") for n in range(10)]
    said = owner.get("/desk/search.json", q="积水").json()  # type: ignore[attr-defined]
    assert said["count"] == 10
    assert [case["url"] for case in said["cases"]] == [f"/desk/cases/{c.number}" for c in made[::-1][:8]]
    assert said["cases"][0]["title"] == [["道路", False], ["积水", True], ["9", False]]
