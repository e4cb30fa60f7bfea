"""The light of a case and of a task, and the sentence that says why."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.casework import intake, queries, supplements, tasks
from qitong.casework.logic.light import COLOUR_WORDS, Colour, Light
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.kernel.workdays import PauseReason
from tests.casework.said import accepted, delivered, doing, handed_in


def light(stage: Stage, case: Case, day: dt.date | None = None) -> Light:
    found = queries.find(stage.who(GREEN_CLERK), pk=case.pk)
    assert found is not None
    return queries.detail(found, today=day or stage.day()).light


def task_light(stage: Stage, case: Case, key: str, day: dt.date) -> Light:
    found = queries.find(stage.who(GREEN_CLERK), pk=case.pk)
    assert found is not None
    rows = queries.detail(found, today=day).tasks
    return next(row.light for row in rows if row.task.key == key)


BOTH = "发展和改革委员会、经济委员会"


@pytest.mark.parametrize(
    ("day", "colour", "sentence"),
    [
        (
            dt.date(2026, 3, 3),
            "green",
            f"次日起计18个工作日，应于2026年3月27日（周五）前办结，现由{BOTH}负责推进。",
        ),
        (
            dt.date(2026, 3, 5),
            "green",
            f"第2个工作日，共18个，应于2026年3月27日（周五）前办结，现由{BOTH}负责推进。",
        ),
        (
            dt.date(2026, 3, 8),
            "green",
            f"第3个工作日，共18个，应于2026年3月27日（周五）前办结，现由{BOTH}负责推进。",
        ),
        (
            dt.date(2026, 3, 25),
            "amber",
            f"第16个工作日，共18个，应于2026年3月27日（周五）前办结，现由{BOTH}负责推进。",
        ),
        (
            dt.date(2026, 3, 31),
            "red",
            f"已超期2个工作日（应于2026年3月27日（周五）办结），现由{BOTH}负责推进。",
        ),
    ],
)
def test_the_running_promise(stage: Stage, day: dt.date, colour: str, sentence: str) -> None:
    shown = light(stage, accepted(stage, "energy_review"), day)
    assert (shown.colour, str(shown.sentence)) == (colour, sentence)


def test_a_draft_has_no_clock_yet(stage: Stage) -> None:
    shown = light(stage, stage.apply(GREEN, "business_licence", GREEN_CLERK))
    assert (shown.colour, str(shown.sentence)) == ("none", "草稿，提交后开始计时。")


def test_before_acceptance_the_owner_owes_an_answer(stage: Stage) -> None:
    shown = light(stage, handed_in(stage, leave=frozenset({"articles"})))
    assert shown.colour == "green"
    assert str(shown.sentence) == "首问负责人王芳应于2026年3月10日（周二）前答复是否受理；缺：公司章程。"


def test_while_the_company_corrects_the_light_says_so(stage: Stage) -> None:
    case = handed_in(stage, leave=frozenset({"articles"}))
    intake.notify_correction(case_id=case.pk, text="", **doing(stage, "wang.fang"))
    shown = light(stage, case)
    assert (shown.colour, str(shown.sentence)) == (
        "paused",
        "等待企业补正；缺：公司章程。补齐提交后开始计时。",
    )


def test_a_legal_pause_is_said_with_its_reason(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    stage.review(case, "energy_check")
    task = stage.task(case, "industry_check")
    tasks.claim(task_id=task.pk, **doing(stage, "jw.reviewer"))
    supplements.pause(
        task_id=task.pk, reason=PauseReason.EXPERT_REVIEW, note="", **doing(stage, "jw.reviewer")
    )
    shown = light(stage, case, dt.date(2026, 5, 6))
    assert shown.colour == "paused"
    assert str(shown.sentence) == "因专家评审暂停计时，经济委员会负责推进。"


def test_when_every_department_waits_for_the_company_the_ball_is_with_it(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    stage.review(case, "energy_check")
    task = stage.task(case, "industry_check")
    tasks.claim(task_id=task.pk, **doing(stage, "jw.reviewer"))
    supplements.ask(task_id=task.pk, question="请补充", **doing(stage, "jw.reviewer"))
    assert "现由企业负责推进" in str(light(stage, case).sentence)


def test_the_end_is_measured_against_the_promise(stage: Stage) -> None:
    shown = light(stage, delivered(stage))
    assert shown.colour == "done"
    assert str(shown.sentence) == "2026年3月4日（周三）出结果，承诺期限为2026年3月11日（周三）。"


def test_a_departments_own_clock(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    shown = task_light(stage, case, "industry_check", dt.date(2026, 3, 6))
    assert (shown.colour, str(shown.sentence)) == (
        "green",
        "经济委员会应于2026年3月19日（周四）前完成。",
    )
    late = task_light(stage, case, "industry_check", dt.date(2026, 3, 20))
    assert (late.colour, str(late.sentence)) == ("red", "经济委员会已超期1个工作日。")
    assert str(task_light(stage, case, "decide", dt.date(2026, 3, 6)).sentence) == "前面的步骤完成后开始。"


def test_every_colour_has_a_word_for_who_cannot_see_it() -> None:
    assert set(COLOUR_WORDS) == set(Colour)
    assert len({str(word) for word in COLOUR_WORDS.values()}) == len(Colour)
