from __future__ import annotations

import re

import pytest

from qitong.casework import queries, supplements, tasks
from qitong.casework.indexing import index
from qitong.casework.lights import shines
from qitong.casework.logic.light import Colour
from qitong.casework.models import Case
from qitong.catalogue.calendar import current
from qitong.demo.stage import Stage
from qitong.kernel.limits import PauseReason
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk

TIDE, OTHER_CLERK = "91310151MA1JK0002X", "13800000002"


def _numbers(desk: Desk, **asked: str) -> list[str]:
    page = desk.get("/desk", scope="all", **asked).content.decode()
    return re.findall(r'href="/desk/cases/([^"/]+)"', page)


@pytest.fixture
def other(stage: Stage) -> Case:
    return stage.submit(stage.apply(TIDE, "tax_registration", OTHER_CLERK), OTHER_CLERK)


def test_text_finds_by_company_number_and_whatever_was_written(
    owner: Desk, submitted: Case, other: Case
) -> None:
    index([submitted.pk, other.pk])
    assert _numbers(owner, q="税务") == [other.number]
    assert _numbers(owner, q="潮汐 节能") == []
    assert _numbers(owner, q=" ".join("一二三四五六七八九十百")) == []
    assert _numbers(owner, q="潮汐") == [other.number]
    assert _numbers(owner, q=str(submitted.number)[-4:].lower()) == [submitted.number]


def test_state_item_and_kind_cut_the_list(owner: Desk, stage: Stage, submitted: Case, other: Case) -> None:
    stage.accept(submitted)
    assert _numbers(owner, state="submitted") == [other.number]
    assert _numbers(owner, item=ITEM) == [submitted.number]
    assert _numbers(owner, item="request") == []


def test_the_items_offered_are_those_one_may_see(stage: Stage, submitted: Case, other: Case) -> None:
    page = Desk(stage, "sw.head").get("/desk", scope="all").content.decode()
    assert "tax_registration" in page
    assert ITEM not in page


def test_what_was_given_up_before_it_was_handed_in_is_never_listed(stage: Stage, owner: Desk) -> None:
    stage.apply(GREEN, ITEM, CLERK)
    assert _numbers(owner, state="any") == []


def test_an_unknown_filter_is_as_none(owner: Desk, submitted: Case) -> None:
    assert _numbers(owner, state="nonsense", light="pink") == [submitted.number]


def test_the_most_urgent_comes_first_page_after_page(stage: Stage, owner: Desk) -> None:
    for n in range(27):
        stage.submit(stage.apply(GREEN, "tax_registration", CLERK), CLERK)
        if n % 9 == 8:
            stage.days(1)
    first = owner.get("/desk", scope="all").content.decode()
    onwards = re.search(r'rel="next" href="([^"]+)"', first)
    assert onwards is not None
    second = owner.client.get("/desk" + onwards[1].replace("&amp;", "&")).content.decode()
    listed = [re.findall(r'href="/desk/cases/([^"/]+)"', page) for page in (first, second)]
    assert [len(page) for page in listed] == [25, 2]
    rows = {case.number: case for case in Case.objects.all()}
    dues = [rows[number].plan_due_on for page in listed for number in page]
    assert dues == sorted(dues, key=str)


@pytest.mark.parametrize("days", [0, 1, 2, 3, 4, 5, 6, 7, 12, 25])
def test_the_light_in_the_database_is_the_light_on_the_page(stage: Stage, days: int) -> None:
    for item in (ITEM, "tax_registration", "construction_planning_permit"):
        stage.submit(stage.apply(GREEN, item, CLERK), CLERK)
        stage.accept(stage.submit(stage.apply(GREEN, item, CLERK), CLERK))
    paused = stage.accept(stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK))
    task, by = stage.task(paused, "energy_check"), stage.who("fgw.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    supplements.pause(task_id=task.pk, reason=PauseReason.EXPERT_REVIEW, note="", by=by, at=stage.tick())
    delivered = stage.accept(stage.submit(stage.apply(GREEN, "tax_registration", CLERK), CLERK))
    stage.decide(delivered, "sw.head")
    stage.apply(GREEN, "tax_registration", CLERK)
    if days:
        stage.days(days)
    auditor, today = stage.who("wu.hong"), stage.day()
    shown = queries.summaries(queries.listed(auditor), today=today)
    assert len(shown) == 8
    for colour in Colour:
        found = Case.objects.exclude(submitted_at=None).filter(
            shines(colour, calendar=current(), today=today)
        )
        expected = {s.case.pk for s in shown if s.light.colour is colour}
        assert set(found.values_list("pk", flat=True)) == expected, colour


def test_nothing_has_to_be_filled_in_to_filter(owner: Desk, submitted: Case) -> None:
    page = owner.get("/desk").content.decode()
    form = page[page.index('id="filters"') : page.index('id="list"')]
    assert 'name="unread"' in form
    assert "required" not in form
