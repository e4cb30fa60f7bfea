"""Limits, pauses and the day of receipt, by example."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.kernel.errors import Refused
from qitong.kernel.workdays import (
    SHANGHAI,
    Due,
    Limit,
    LimitUnit,
    OfficeHours,
    Pause,
    PauseReason,
    due,
    elapsed,
    official,
    promise_pauses,
    receipt_day,
)

D = dt.date.fromisoformat
HEARING = PauseReason.HEARING


def test_a_limit_that_needs_the_next_year_is_provisional() -> None:
    assert not due(official(), D("2026-12-10"), Limit(15)).provisional
    assert due(official(), D("2026-12-11"), Limit(15)) == Due(D("2027-01-04"), True, 0)


def test_a_pause_moves_the_due_day_by_its_working_days() -> None:
    pause = Pause(HEARING, D("2026-03-04"), D("2026-03-10"))  # Wednesday to Monday: 4 working days
    assert due(official(), D("2026-03-02"), Limit(5)) == Due(D("2026-03-09"), False, 0)
    assert due(official(), D("2026-03-02"), Limit(5), [pause]) == Due(D("2026-03-13"), False, 4)


def test_a_pause_opened_and_closed_on_one_day_costs_nothing() -> None:
    pause = Pause(HEARING, D("2026-03-04"), D("2026-03-04"))
    assert due(official(), D("2026-03-02"), Limit(5), [pause]).on == D("2026-03-09")


def test_overlapping_pauses_are_counted_once() -> None:
    pauses = [
        Pause(HEARING, D("2026-03-04"), D("2026-03-06")),
        Pause(PauseReason.TESTING, D("2026-03-05"), D("2026-03-10")),
    ]
    assert due(official(), D("2026-03-02"), Limit(5), pauses).paused_days == 4


def test_an_open_pause_runs_to_today_and_needs_it() -> None:
    pause = Pause(HEARING, D("2026-03-04"))
    assert due(official(), D("2026-03-02"), Limit(5), [pause], D("2026-03-10")).on == D("2026-03-13")
    with pytest.raises(ValueError, match="today"):
        due(official(), D("2026-03-02"), Limit(5), [pause])


def test_a_pause_after_the_due_day_does_not_matter() -> None:
    pause = Pause(HEARING, D("2026-03-10"), D("2099-01-01"))
    assert due(official(), D("2026-03-02"), Limit(5), [pause]) == Due(D("2026-03-09"), False, 0)


def test_calendar_days_that_end_on_a_day_off_end_on_the_next_working_day() -> None:
    limit = Limit(3, LimitUnit.CD)
    assert due(official(), D("2026-09-29"), limit).on == D("2026-10-08")
    assert due(official(), D("2026-03-02"), limit).on == D("2026-03-05")
    # Saturday 20 September 2026 … is worked as a make-up day on Sunday the 20th.
    assert due(official(), D("2026-09-17"), limit).on == D("2026-09-20")


def test_calendar_days_leave_out_pauses() -> None:
    pause = Pause(HEARING, D("2026-03-03"), D("2026-03-05"))
    assert due(official(), D("2026-03-02"), Limit(3, LimitUnit.CD), [pause]) == Due(D("2026-03-09"), False, 2)


def test_calendar_days_that_end_on_a_day_off_are_not_moved_into_a_pause() -> None:
    pause = Pause(HEARING, D("2026-03-09"), D("2026-03-11"))
    assert due(official(), D("2026-03-04"), Limit(3, LimitUnit.CD), [pause]).on == D("2026-03-11")


def test_on_the_spot_is_the_same_working_day() -> None:
    assert due(official(), D("2026-09-30"), Limit(0)).on == D("2026-09-30")
    assert due(official(), D("2026-10-01"), Limit(0)).on == D("2026-10-08")


@pytest.mark.parametrize("unit", [LimitUnit.WD, LimitUnit.CD])
def test_limits_beyond_the_calendar_are_refused(unit: LimitUnit) -> None:
    with pytest.raises(Refused) as refused:
        due(official(), D("2026-03-02"), Limit(10**18, unit))
    assert refused.value.code == "out_of_calendar"
    with pytest.raises(Refused):
        due(official(), D("2026-03-02"), Limit(5, unit), [Pause(HEARING, D("2026-03-03"), dt.date.max)])


def test_no_limit_has_no_due_day() -> None:
    limit = Limit(0, LimitUnit.NONE)
    assert not limit.runs
    with pytest.raises(Refused) as refused:
        due(official(), D("2026-03-02"), limit)
    assert refused.value.code == "no_limit"


def test_a_negative_limit_and_a_reversed_pause_are_refused() -> None:
    with pytest.raises(Refused):
        Limit(-1)
    with pytest.raises(Refused):
        Pause(HEARING, D("2026-03-04"), D("2026-03-03"))


def test_waiting_for_a_supplement_does_not_stop_the_promise() -> None:
    pauses = [Pause(reason, D("2026-03-04"), D("2026-03-10")) for reason in PauseReason]
    left = {pause.reason for pause in promise_pauses(pauses)}
    assert left == set(PauseReason) - {PauseReason.AWAITING_SUPPLEMENT}


def test_every_reason_has_a_name_and_a_basis() -> None:
    assert len({str(reason.say()) for reason in PauseReason}) == len(PauseReason)
    of_the_law = set(PauseReason) - {PauseReason.RESULT_DELIVERED}
    assert all("行政许可法" in str(reason.basis) for reason in of_the_law)
    assert "送达" in str(PauseReason.RESULT_DELIVERED.basis)


def test_limits_say_their_unit() -> None:
    assert [str(Limit(3, unit).say()) for unit in LimitUnit] == ["3个工作日", "3个自然日", "无办理时限"]


def test_elapsed_is_the_limit_on_the_due_day() -> None:
    start, pause = D("2026-03-02"), Pause(HEARING, D("2026-03-04"), D("2026-03-10"))
    assert elapsed(official(), start, start) == 0
    assert elapsed(official(), start, D("2026-02-20")) == 0
    assert elapsed(official(), start, D("2026-03-09")) == 5
    assert elapsed(official(), start, D("2026-03-09"), [pause]) == 1
    assert elapsed(official(), start, D("2026-03-13"), [pause]) == 5
    assert elapsed(official(), start, D("2026-03-13"), [pause], unit=LimitUnit.CD) == 5


def test_elapsed_stands_still_in_an_open_pause() -> None:
    pause = Pause(HEARING, D("2026-03-04"))
    days = [elapsed(official(), D("2026-03-02"), D(f"2026-03-{d:02}"), [pause]) for d in (4, 5, 6, 9)]
    assert days == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-30T08:00", "2026-09-30"),  # before opening: that day
        ("2026-09-30T17:30", "2026-09-30"),
        ("2026-09-30T17:30:01", "2026-10-08"),
        ("2026-10-03T10:00", "2026-10-08"),
        ("2026-10-10T10:00", "2026-10-10"),  # a make-up Saturday
    ],
)
def test_what_arrives_after_closing_counts_as_the_next_working_day(at: str, expected: str) -> None:
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    assert receipt_day(official(), moment, OfficeHours()) == D(expected)
    assert receipt_day(official(), moment.astimezone(dt.UTC), OfficeHours()) == D(expected)


def test_a_cut_off_moves_the_last_minute_earlier() -> None:
    hours = OfficeHours(cut_off=dt.time(16))
    at = dt.datetime(2026, 3, 2, 16, 30, tzinfo=SHANGHAI)
    assert receipt_day(official(), at, hours) == D("2026-03-03")


def test_a_time_without_a_zone_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="aware"):
        receipt_day(official(), dt.datetime(2026, 3, 2, 10), OfficeHours())  # noqa: DTZ001 - what is tested


def test_hours_that_do_not_follow_each_other_are_refused() -> None:
    for opens, closes, cut_off in [(17, 9, None), (9, 17, 8), (9, 17, 18), (9, 9, None)]:
        with pytest.raises(Refused):
            OfficeHours(dt.time(opens), dt.time(closes), None if cut_off is None else dt.time(cut_off))


def test_one_day_is_a_text_of_its_own() -> None:
    assert [Limit(1, unit).say().text for unit in LimitUnit] == ["1个工作日", "1个自然日", "无办理时限"]
