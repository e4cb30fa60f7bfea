"""The same company on the same facts is recognised, whatever the spaces and punctuation."""

from __future__ import annotations

from typing import Any

import pytest

from qitong.casework import drafts, intake, queries
from qitong.casework.brought import fingerprint_of
from qitong.casework.logic.intake import fingerprint
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK, TIDE, TIDE_CLERK
from tests.casework.said import doing


def ask(stage: Stage, title: str, text: str, uscc: str = GREEN, clerk: str = GREEN_CLERK) -> Case:
    return stage.submit(stage.request(uscc, clerk, title, text), clerk)


@pytest.mark.parametrize("said", ["雨后积水２０厘米。", " 雨后 积水20厘米", "雨后积水20厘米！"])
def test_a_repeat_is_found(stage: Stage, said: str) -> None:
    first = ask(stage, "门前道路积水", "雨后积水20厘米")
    second = ask(stage, "门前道路，积水", said)
    assert queries.repeats(second) == [first]
    assert queries.repeats(first) == [second]


def test_a_repeat_is_found_while_it_is_still_a_draft(stage: Stage) -> None:
    first = ask(stage, "门前道路积水", "雨后积水20厘米")
    draft = stage.request(GREEN, GREEN_CLERK, "门前道路积水", "雨后积水20厘米")
    assert queries.repeats(draft) == [first]


def test_other_facts_another_company_or_a_withdrawn_case_are_no_repeat(stage: Stage) -> None:
    first = ask(stage, "门前道路积水", "雨后积水20厘米")
    intake.withdraw(case_id=first.pk, reason="", **doing(stage, GREEN_CLERK))
    ask(stage, "门前道路积水", "雨后积水20厘米", TIDE, TIDE_CLERK)
    ask(stage, "门前没有路灯", "夜间昏暗")
    assert queries.repeats(ask(stage, "门前道路积水", "雨后积水20厘米")) == []


def test_two_applications_for_one_item_are_recognised_by_the_item(stage: Stage) -> None:
    company = stage.cast.company(GREEN)
    facts: dict[str, Any] = {"enterprise_id": company.pk, **doing(stage, GREEN_CLERK)}
    one = drafts.start_application(item_code="food_business_licence", **facts)
    other = drafts.start_application(item_code="seal_filing", **facts)
    assert fingerprint_of(one) != fingerprint_of(other)


def test_nothing_said_is_still_told_apart_by_company_and_item() -> None:
    assert fingerprint(1, "a", "", "") != fingerprint(2, "a", "", "")
    assert fingerprint(1, "a", "", "") != fingerprint(1, "b", "", "")
