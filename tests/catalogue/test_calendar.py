"""The calendar in use is the official one overlaid with what was loaded, at every moment."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from qitong.catalogue import calendar
from qitong.catalogue.models import CalendarYear as Row
from qitong.kernel.workdays import CalendarYear, official
from qitong.ledger.models import Entry
from tests.catalogue.test_publish import AT, BY

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2027, 1, 4)  # a Monday


def year(*holidays: dt.date, notice: str = "国办发明电〔2026〕9号") -> CalendarYear:
    return CalendarYear(2027, notice, dict.fromkeys(holidays, "元旦"), frozenset())


def load(facts: CalendarYear) -> None:
    calendar.load(facts, by=BY, at=AT)


def test_without_loaded_years_it_is_the_official_one() -> None:
    assert calendar.current().add(dt.date(2026, 9, 30), 7) == official().add(dt.date(2026, 9, 30), 7)
    assert calendar.current().is_provisional(NEW_YEAR)


def test_a_loaded_year_counts_from_then_on() -> None:
    assert calendar.current().is_workday(NEW_YEAR)
    load(year(NEW_YEAR))
    assert not calendar.current().is_workday(NEW_YEAR)
    assert not calendar.current().is_provisional(NEW_YEAR)
    load(year(notice="更正"))
    assert calendar.current().is_workday(NEW_YEAR)


def test_loading_the_same_again_writes_nothing() -> None:
    load(year(NEW_YEAR))
    load(year(NEW_YEAR))
    assert Row.objects.count() == 1
    assert [e.kind for e in Entry.objects.filter(stream="catalogue")] == ["calendar_loaded"]


def test_a_load_that_is_rolled_back_is_forgotten() -> None:
    with transaction.atomic():
        load(year(NEW_YEAR))
        assert not calendar.current().is_workday(NEW_YEAR)
        transaction.set_rollback(True)
    assert calendar.current().is_workday(NEW_YEAR)


def test_an_unchanged_calendar_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    built = calendar.current()
    with django_assert_num_queries(1):
        assert calendar.current() is built


@pytest.mark.parametrize("deed", ["UPDATE {} SET year = 2028", "DELETE FROM {}", "TRUNCATE {}"])
def test_loaded_years_are_kept(deed: str) -> None:
    load(year(NEW_YEAR))
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format("catalogue_calendaryear"))
