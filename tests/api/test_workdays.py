from __future__ import annotations

import pytest

from tests.api.caller import Callers


@pytest.mark.parametrize(
    ("date", "n", "result"),
    [("2026-02-13", 3, "2026-02-25"), ("2026-09-30", 7, "2026-10-15"), ("2026-01-02", 1, "2026-01-04")],
)
def test_a_deadline_is_reckoned_without_a_token(callers: Callers, date: str, n: int, result: str) -> None:
    answer = callers.stranger().get("/workdays/add", date=date, n=n).json()
    assert answer == {"date": date, "n": n, "result": result, "provisional": False}


def test_a_year_without_a_notice_is_called_provisional(callers: Callers) -> None:
    answer = callers.stranger().get("/workdays/add", date="2026-12-11", n=15).json()
    assert answer["provisional"] is True


def test_the_days_between_two_dates_are_counted(callers: Callers) -> None:
    answer = callers.stranger().get("/workdays/between", a="2026-02-13", b="2026-02-25").json()
    assert answer["workdays"] == 3


def test_many_deadlines_are_answered_in_the_order_asked(callers: Callers) -> None:
    asked = {"dates": ["2026-09-18", "2026-04-30", "2026-09-18"], "n": 2}
    results = callers.stranger().post("/workdays/add", asked).json()["results"]
    assert [r["date"] for r in results] == asked["dates"]
    assert results[0]["result"] == "2026-09-21"


def test_beyond_the_calendar_is_refused(callers: Callers) -> None:
    answer = callers.stranger().get("/workdays/add", date="2026-01-01", n=99_999)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/out_of_calendar"


def test_what_is_no_date_is_refused_by_name(callers: Callers) -> None:
    answer = callers.stranger().get("/workdays/add", date="soon", n=1)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["date"]
