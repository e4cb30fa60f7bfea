from __future__ import annotations

import datetime as dt

from qitong.catalogue.logic.path import calendar_dates
from qitong.kernel.workdays import official
from tests.catalogue_logic.packaged import planned


def test_dates_follow_the_working_calendar() -> None:
    dates = calendar_dates(planned(goal="M_START_PRODUCE"), dt.date(2026, 9, 30), official())
    assert dates["business_licence"].start == dt.date(2026, 9, 30)
    # 1 to 7 October is off in 2026 and Saturday the 10th works: 8, 9 and 10 October count.
    assert dates["business_licence"].finish == dt.date(2026, 10, 10)
    assert dates["M_START_PRODUCE"].finish == official().add(dt.date(2026, 9, 30), 75)


def test_a_plan_made_on_a_day_off_begins_on_the_next_working_day() -> None:
    saturday = dt.date(2026, 11, 21)
    dates = calendar_dates(planned(goal="business_licence"), saturday, official())
    assert dates["business_licence"].start == dt.date(2026, 11, 23)


def test_a_step_that_is_done_has_no_dates_to_come() -> None:
    plan = planned(goal="M_START_BUILD", done={"business_licence"})
    assert "business_licence" not in calendar_dates(plan, dt.date(2026, 11, 23), official())
