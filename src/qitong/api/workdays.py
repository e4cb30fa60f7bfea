"""Working-day arithmetic: public facts, readable without a token."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from qitong.api.shapes import In
from qitong.catalogue.calendar import current

router = Router(tags=["workdays"])
FARTHEST = 100_000
MANY = 10_000
Count = Annotated[int, Field(ge=-FARTHEST, le=FARTHEST, description="Working days; negative counts back")]


class Added(BaseModel):
    """The ``n``-th working day after ``date``; ``provisional`` when a year without a notice was counted."""

    date: dt.date
    n: int
    result: dt.date
    provisional: bool


class Between(BaseModel):
    """Working days in (a, b]; negative when ``b`` lies before ``a``."""

    a: dt.date
    b: dt.date
    workdays: int
    provisional: bool


class AddMany(In):
    dates: Annotated[list[dt.date], Field(min_length=1, max_length=MANY)]
    n: Count


class AddedMany(BaseModel):
    """One line per date, in the order asked."""

    results: list[Added]


@router.get("/workdays/add", response=Added, summary="The n-th working day after a date")
def add_workdays(
    request: HttpRequest, date: dt.date, n: Annotated[int, Query(ge=-FARTHEST, le=FARTHEST)]
) -> Added:
    return _added([date], n)[0]


@router.get("/workdays/between", response=Between, summary="How many working days lie between two dates")
def count_workdays(request: HttpRequest, a: dt.date, b: dt.date) -> Between:
    calendar = current()
    return Between(a=a, b=b, workdays=calendar.between(a, b), provisional=calendar.touches_provisional(a, b))


@router.post("/workdays/add", response=AddedMany, summary="The n-th working day after many dates at once")
def add_workdays_to_many(request: HttpRequest, body: AddMany) -> AddedMany:
    return AddedMany(results=_added(body.dates, body.n))


def _added(dates: list[dt.date], n: int) -> list[Added]:
    """Refused as a whole when one of the answers lies outside the calendar."""
    calendar = current()
    return [
        Added(date=date, n=n, result=result, provisional=calendar.touches_provisional(date, result))
        for date, result in zip(dates, calendar.add_many(dates, n), strict=True)
    ]
