"""When one may apply is said in one way, at the desk, on a company's page and in the compendium."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.policies.logic.standing import Status, Validity, Window, standing
from qitong.policies.logic.window_words import window_words

ROUND = Window(dt.date(2026, 11, 1), dt.date(2026, 12, 16))


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ((2026, 10, 31), "2026-11-01开始申报，2026-12-15截止"),
        ((2026, 11, 1), "正在申报，2026-12-15截止"),
        ((2026, 12, 15), "正在申报，2026-12-15截止"),
        ((2026, 12, 16), "本轮申报已于2026-12-15截止"),
    ],
)
def test_it_says_from_when_until_when_and_that_it_is_over(on: tuple[int, int, int], said: str) -> None:
    validity = Validity(Status.ACTIVE, dt.date(2026, 1, 1), None, windows=(ROUND,))
    sentence = window_words(standing(validity, dt.date(*on)))
    assert sentence.text.format_map(sentence.params) == said


def test_without_a_round_no_time_is_set() -> None:
    validity = Validity(Status.ACTIVE, dt.date(2026, 1, 1), None)
    assert window_words(standing(validity, dt.date(2026, 5, 1))).text == "没有固定的申报期"
