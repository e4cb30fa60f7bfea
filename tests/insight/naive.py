"""The same figures counted the slow and obvious way, row by row, straight from casework."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from qitong.casework import queries
from qitong.casework.deadlines import received_day
from qitong.casework.lights import shines
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import LIVE_TASK_STATES
from qitong.casework.logic.light import Colour
from qitong.casework.models import Case, Task
from qitong.catalogue.calendar import current


@dataclass
class Naive:
    open: int = 0
    overdue: int = 0
    week: int = 0
    closed: int = 0
    on_time: int = 0
    durations: list[int] = field(default_factory=list)

    def seen(self) -> tuple[int, ...]:
        return self.open, self.overdue, self.week, self.closed, self.on_time

    def rank(self, tenths: int) -> int | None:
        """The value that ``tenths`` of ten do not exceed, by walking through the sorted list."""
        values = sorted(self.durations)
        for i, value in enumerate(values, start=1):
            if i * 10 >= tenths * len(values):
                return value
        return None


def cases_by_item(today: dt.date) -> dict[str, Naive]:
    calendar = current()
    sunday = today + dt.timedelta(days=6 - today.weekday())
    red = set(
        Case.objects.filter(shines(Colour.RED, calendar=calendar, today=today)).values_list("pk", flat=True)
    )
    still = set(
        Case.objects.filter(shines(Colour.PAUSED, calendar=calendar, today=today)).values_list(
            "pk", flat=True
        )
    )
    found: dict[str, Naive] = {}
    for case in Case.objects.exclude(submitted_at=None).select_related("item_version", "window"):
        one = found.setdefault(case.item_version.code if case.item_version else "", Naive())
        if case.state in ("delivered", "closed", "refused"):
            assert case.decided_at is not None
            assert case.promise_due_on is not None
            assert case.submitted_at is not None
            assert case.window is not None
            result = day_of(case.decided_at)
            one.closed += 1
            one.on_time += result <= case.promise_due_on
            day, n = received_day(calendar, case.submitted_at, case.window), 0
            while day < result:
                day += dt.timedelta(days=1)
                n += calendar.is_workday(day)
            one.durations.append(n)
        elif case.state not in ("withdrawn", "not_accepted", "ended"):
            one.open += 1
            one.overdue += case.pk in red
            due = case.plan_due_on if case.state == "submitted" else case.promise_due_on
            one.week += case.pk not in still and due is not None and today <= due <= sunday
    return found


def tasks_by_department(today: dt.date) -> dict[int, Naive]:
    calendar = current()
    sunday = today + dt.timedelta(days=6 - today.weekday())
    found: dict[int, Naive] = {}
    for case in queries.as_list(Case.objects.exclude(submitted_at=None)):
        for row in queries.task_rows(case, calendar=calendar, today=today):
            task, colour = row.task, row.light.colour
            one = found.setdefault(task.department_id, Naive())
            if task.state == "done":
                _done(one, task)
            elif task.state in LIVE_TASK_STATES:
                one.open += 1
                one.overdue += colour is Colour.RED
                due = task.due_on or dt.date.max
                one.week += colour is not Colour.PAUSED and today <= due <= sunday
    return {department: one for department, one in found.items() if one.open or one.closed}


def _done(one: Naive, task: Task) -> None:
    assert task.done_at is not None
    assert task.counted_from is not None
    assert task.due_on is not None
    one.closed += 1
    one.on_time += day_of(task.done_at) <= task.due_on
    day, n = task.counted_from, 0
    while day < day_of(task.done_at):
        day += dt.timedelta(days=1)
        n += current().is_workday(day)
    one.durations.append(n)
