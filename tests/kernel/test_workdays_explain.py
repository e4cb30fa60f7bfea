"""Explanations: one line a day, and why."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar, CalendarYear, DayKind, Pause, PauseReason, official

D = dt.date.fromisoformat


def test_each_day_is_explained() -> None:
    pause = Pause(PauseReason.HEARING, D("2026-10-08"), D("2026-10-09"))
    lines = official().explain(D("2026-09-30"), 3, [pause])
    assert [(str(x.on)[5:], str(x.say())) for x in lines] == [
        ("09-30", "收到当日，不计入"),
        *[(f"10-0{d}", "国庆节放假，不计入") for d in range(1, 8)],
        ("10-08", "计时暂停（听证），不计入"),
        ("10-09", "工作日，计第1天"),
        ("10-10", "调休上班，计第2天"),
        ("10-11", "周末，不计入"),
        ("10-12", "工作日，计第3天"),
    ]
    assert lines[8].reason is PauseReason.HEARING


def test_zero_days_are_explained_by_the_day_itself() -> None:
    (line,) = official().explain(D("2026-09-30"), 0)
    assert (line.on, line.counted, str(line.say())) == (D("2026-09-30"), 0, "工作日，当日办结")
    lines = official().explain(D("2026-10-07"), 0)
    assert [(x.kind, x.counted) for x in lines] == [(DayKind.RECEIPT, None), (DayKind.WORKDAY, 0)]


def test_a_holiday_without_a_name_is_still_a_holiday() -> None:
    calendar = Calendar({2030: CalendarYear(2030, "通知", {D("2030-03-05"): ""}, frozenset())})
    assert str(calendar.explain(D("2030-03-04"), 1)[1].say()) == "法定节假日，不计入"


def test_an_open_pause_is_explained_up_to_today() -> None:
    pause = Pause(PauseReason.TESTING, D("2026-03-03"))
    lines = official().explain(D("2026-03-02"), 1, [pause], today=D("2026-03-05"))
    assert [x.kind for x in lines] == ["receipt", "paused", "paused", "workday"]


def test_what_cannot_be_counted_cannot_be_explained() -> None:
    for start, n in (("2026-03-02", -1), ("2026-03-02", 10**9), ("9999-12-31", 1)):
        with pytest.raises(Refused):
            official().explain(D(start), n)
