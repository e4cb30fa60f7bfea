"""Charts: each says one thing in a sentence made from the data; its table stands beneath it on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from qitong.insight.logic.figures import FEWEST, Figures
from qitong.web.common.parts import Text
from qitong.web.dashboard.cells import percent

MOST = 10
"""Bars in one chart; the table has them all."""


@dataclass(frozen=True, slots=True)
class Chart:
    """``data`` is what ``dashboard.js`` draws; without it the title and the table say the same."""

    id: str
    title: str
    data: dict[str, Any]


def of_departments(found: Mapping[int, Figures], names: Mapping[int, Text]) -> Chart | None:
    """What is open at each department, the overdue first."""
    busy = [pk for pk in found if found[pk].open]
    if not busy:
        return None
    chosen = sorted(busy, key=lambda pk: (-found[pk].overdue, -found[pk].open))[:MOST]
    late = [found[pk].overdue for pk in chosen]
    week = [found[pk].week for pk in chosen]
    rest = [found[pk].open - found[pk].overdue - found[pk].week for pk in chosen]
    series = [
        _series(gettext("超期"), "red", late, hatch=True),
        _series(gettext("本周内到期"), "amber", week),
        _series(gettext("其余在办"), "edge", rest),
    ]
    return Chart("chart-departments", _late_title(found, names), _bars(names, chosen, series))


def _late_title(found: Mapping[int, Figures], names: Mapping[int, Text]) -> str:
    total = sum(figures.overdue for figures in found.values())
    if not total:
        week = sum(figures.week for figures in found.values())
        return gettext("没有超期的任务，本周内到期%(n)s项") % {"n": f"{week:,}"}
    worst = max(found, key=lambda pk: found[pk].overdue)
    late = [figures.overdue for figures in found.values() if figures.overdue]
    if late.count(max(late)) > 1:
        return gettext("共%(total)s项任务超期，分在%(count)s个部门") % {
            "total": f"{total:,}",
            "count": len(late),
        }
    return gettext("超期任务最多的是%(name)s：%(n)s项，全部%(total)s项") % {
        "name": str(names[worst]),
        "n": f"{found[worst].overdue:,}",
        "total": f"{total:,}",
    }


def of_items(found: Mapping[str, Figures], names: Mapping[str, Text]) -> Chart | None:
    """How long each item takes; the longest first."""
    closed = [code for code in found if found[code].median is not None]
    if not closed:
        return None
    order = sorted(closed, key=lambda code: (-(found[code].median or 0), -(found[code].ninetieth or 0)))
    chosen = order[:MOST]
    half, most = ([found[c].median or 0 for c in chosen], [found[c].ninetieth or 0 for c in chosen])
    series = [
        _series(gettext("一半不超过（工作日）"), "tide", half),
        _series(gettext("九成不超过（工作日）"), "reed", most, hatch=True),
    ]
    sound = [code for code in order if found[code].closed >= FEWEST] or order
    said = (
        gettext("用时最长的是%(name)s：一半在%(n)s个工作日内办结")
        if sound[0] == order[0]
        else gettext("样本足够的事项中，用时最长的是%(name)s：一半在%(n)s个工作日内办结")
    )
    title = said % {
        "name": str(names[sound[0]]),
        "n": found[sound[0]].median,
    }
    return Chart("chart-items", title, _bars(names, chosen, series, stacked=False))


def of_months(found: Mapping[dt.date, Figures], months: Sequence[dt.date]) -> Chart | None:
    """How many were closed each month, and how many of them on time."""
    if not any(found[month].closed for month in months if month in found):
        return None
    figures = [found.get(month, Figures()) for month in months]
    series = [
        _series(gettext("按时办结"), "tide", [one.on_time for one in figures]),
        _series(gettext("超期办结"), "red", [one.late for one in figures], hatch=True),
    ]
    labels = [_under_the_bar(month, first=month == months[0]) for month in months]
    data = {"labels": labels, "series": series, "across": False, "stacked": True}
    return Chart("chart-months", rate_title(found, months), data)


def _under_the_bar(month: dt.date, *, first: bool) -> list[str]:
    """The month, and the year beneath it where a year begins."""
    name = date_format(month, gettext("n月"))
    return [name, str(month.year)] if first or month.month == 1 else [name]


def rate_title(found: Mapping[dt.date, Figures], months: Sequence[dt.date]) -> str:
    """The last two months with something closed, against each other."""
    closed = [month for month in months if month in found and found[month].closed]
    now = closed[-1]
    last = found[now]
    given = {"now": short(now), "rate": percent(last.on_time, last.closed)}
    if len(closed) < 2:
        return gettext("%(now)s按时办结率%(rate)s") % given
    before = found[closed[-2]]
    given |= {"before": short(closed[-2]), "was": percent(before.on_time, before.closed)}
    if given["was"] == given["rate"]:
        return gettext("按时办结率%(before)s和%(now)s都是%(rate)s") % given
    if (last.rate or 0) > (before.rate or 0):
        return gettext("按时办结率从%(before)s的%(was)s升到%(now)s的%(rate)s") % given
    return gettext("按时办结率从%(before)s的%(was)s降到%(now)s的%(rate)s") % given


def short(month: dt.date) -> str:
    """2026年3月 / March 2026."""
    return date_format(month, gettext("Y年n月"))


def _series(label: str, tone: str, values: Sequence[int], *, hatch: bool = False) -> dict[str, Any]:
    return {"label": label, "tone": tone, "values": list(values), "hatch": hatch}


def _bars(
    names: Mapping[Any, Text],
    chosen: Sequence[Any],
    series: Sequence[dict[str, Any]],
    *,
    stacked: bool = True,
) -> dict[str, Any]:
    """One bar (or one group of them) for each name, lying, so that names can be read."""
    labels = [str(names[one]) for one in chosen]
    return {"labels": labels, "series": list(series), "across": True, "stacked": stacked}
