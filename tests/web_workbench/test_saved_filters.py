from __future__ import annotations

import pytest
from django.utils import translation

from qitong.casework import saved_filters
from qitong.casework.logic.filters import Filter
from qitong.casework.models import Case, SavedFilter
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.web_workbench.conftest import ITEM, Desk

ASKED = f"scope=mine&light=red&light=amber&item={ITEM}&due=week"


def _save(desk: Desk, name: str, query: str = ASKED, **more: str) -> str:
    answer = desk.client.post("/desk/filters", {"name": name, "query": query, **more})
    assert answer.status_code == 302
    return answer["Location"]


def test_a_filter_is_a_sentence_that_can_be_linked_to(owner: Desk, submitted: Case) -> None:
    page = owner.client.get(f"/desk?{ASKED}").content.decode()
    said = (
        "我的在办办件，灯为超期或即将到期，事项“固定资产投资项目节能审查（含碳排放评价）”，"
        "本周到期，最急的在前。"
    )
    assert f">{said}</a>" in page
    assert f'href="/desk?{ASKED.replace("&", "&amp;")}"' in page
    with translation.override("en"):
        assert str(Filter.parse(ASKED).sentence("Energy review")) == (
            "My open cases, light: Overdue or Due soon, item “Energy review”, due this week, "
            "most urgent first."
        )


def test_a_saved_filter_stands_above_the_list_and_is_marked_where_one_is(
    owner: Desk, submitted: Case
) -> None:
    assert _save(owner, "本周红黄灯") == f"/desk?{ASKED}"
    page = owner.client.get(f"/desk?{ASKED}").content.decode()
    assert 'aria-current="true">本周红黄灯</a>' in page
    assert "保存这个筛选" not in page
    assert Entry.objects.filter(kind="filter.saved").count() == 1


def test_the_default_filter_opens_the_inbox_and_a_tab_leaves_it(owner: Desk, submitted: Case) -> None:
    _save(owner, "本周红黄灯", default="on")
    assert owner.get("/desk")["Location"] == f"/desk?{ASKED}"
    assert owner.get("/desk", scope="mine").status_code == 200
    row = SavedFilter.objects.get()
    owner.client.post(f"/desk/filters/{row.pk}/default", {"on": "0"})
    assert owner.get("/desk").status_code == 200


def test_only_one_filter_is_the_default(owner: Desk, stage: Stage) -> None:
    _save(owner, "甲", default="on")
    _save(owner, "乙", default="on")
    assert [row.name for row in SavedFilter.objects.filter(is_default=True)] == ["乙"]


def test_the_same_name_again_replaces_what_it_stood_for(owner: Desk, stage: Stage) -> None:
    _save(owner, "常看")
    _save(owner, "常看", "scope=all&state=any")
    assert SavedFilter.objects.get().query == "scope=all&state=any"


def test_filters_are_renamed_and_deleted(owner: Desk, stage: Stage) -> None:
    _save(owner, "甲")
    _save(owner, "乙")
    first, second = SavedFilter.objects.order_by("pk")
    answer = owner.client.post(f"/desk/filters/{first.pk}/rename", {"name": "乙"}, follow=True)
    assert "已经有叫“乙”的筛选" in answer.content.decode()
    owner.client.post(f"/desk/filters/{first.pk}/rename", {"name": "丙"})
    owner.client.post(f"/desk/filters/{second.pk}/delete")
    assert [row.name for row in SavedFilter.objects.all()] == ["丙"]


def test_the_filters_of_another_officer_are_out_of_reach(owner: Desk, stage: Stage) -> None:
    _save(owner, "我的")
    other = Desk(stage, "li.qiang")
    assert "我的</a>" not in other.get("/desk/filters").content.decode().split("<main")[1]
    for deed in ("rename", "delete", "default"):
        answer = other.client.post(
            f"/desk/filters/{SavedFilter.objects.get().pk}/{deed}", {"name": "x", "on": "1"}, follow=True
        )
        assert "没有这个筛选" in answer.content.decode()
    assert SavedFilter.objects.get().name == "我的"


def test_a_name_is_asked_for_where_it_is_missing(owner: Desk, stage: Stage) -> None:
    answer = owner.client.post("/desk/filters", {"name": " ", "query": ASKED})
    assert answer.status_code == 422
    assert "请填写名称" in answer.content.decode()
    assert f'value="{ASKED.replace("&", "&amp;")}"' in answer.content.decode()


def test_a_filter_is_kept_whole_however_long_its_words_are_in_an_address(
    owner: Desk, submitted: Case
) -> None:
    words = "园区道路积水影响叉车出入" * 8
    where = _save(owner, "积水", Filter(text=words, item=ITEM).query())
    assert Filter.parse(where.partition("?")[2]).text == words
    assert owner.client.get(where).status_code == 200


def test_a_name_too_long_is_refused_and_not_cut(stage: Stage, submitted: Case) -> None:
    with pytest.raises(Refused, match="名称最多40字，现在是41字"):
        saved_filters.save(name="长" * 41, query=ASKED, by=stage.who("wang.fang"), at=stage.tick())
    assert not SavedFilter.objects.exists()
