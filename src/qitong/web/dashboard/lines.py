"""The rows of the lists: a case or a task with its light, who has the ball, and the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qitong.casework import queries as casework
from qitong.casework.logic.light import Light
from qitong.casework.models import Case, Pause, Task
from qitong.catalogue.calendar import current
from qitong.insight.logic.terms import Kind, Standing
from qitong.insight.models import Fact
from qitong.web.common.dates import shown


@dataclass(frozen=True, slots=True)
class Line:
    """``what`` is the item, the request's own title, or the task."""

    fact: Fact
    case: Case
    what: str
    light: Light
    ball: str

    @property
    def is_open(self) -> bool:
        return self.fact.standing == Standing.OPEN

    @property
    def waiting(self) -> int:
        """Working days on which nobody worked at it."""
        return self.fact.company + self.fact.law + self.fact.queue


def lines(facts: Sequence[Fact], kind: Kind, today: dt.date) -> list[Line]:
    """The facts of one page with what a reader wants to know of them; a fixed number of queries."""
    return _of_tasks(facts, today) if kind is Kind.TASK else _of_cases(facts, today)


def _of_cases(facts: Sequence[Fact], today: dt.date) -> list[Line]:
    wanted = [fact.case_id for fact in facts]
    cases = casework.as_list(Case.objects.filter(pk__in=wanted))
    found = {summary.case.pk: summary for summary in casework.summaries(cases, today=today)}
    rows = [(fact, found[fact.case_id]) for fact in facts]
    return [Line(fact, s.case, str(s.case.label), s.light, shown(s.ball)) for fact, s in rows]


def _of_tasks(facts: Sequence[Fact], today: dt.date) -> list[Line]:
    wanted = [fact.task_id for fact in facts if fact.task_id is not None]
    related = ("department", "assignee", "case__enterprise", "case__item_version")
    tasks = Task.objects.filter(pk__in=wanted).select_related(*related).in_bulk()
    pauses = {pause.task_id: pause for pause in Pause.objects.filter(task_id__in=wanted, ends_on=None)}
    calendar = current()
    found = []
    for fact in facts:
        task = tasks[fact.task_id or 0]
        light = casework.light_of(task, pauses.get(task.pk), calendar, today)
        who = shown(task.department.label)
        ball = f"{who} {task.assignee.name}" if task.assignee else who
        found.append(Line(fact, task.case, str(task.label), light, ball))
    return found
