"""The steps of a case on the calendar, for its page: the chart, and the same as rows of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from qitong.casework.deadlines import as_pause
from qitong.casework.logic import gantt
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import TASK_STATE_WORDS, TaskState
from qitong.casework.models import Case, Task
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence
from qitong.web.common.dates import shown
from qitong.web.common.gantt import Mark, Words, svg
from qitong.web.common.written import joined, markup
from qitong.web.workbench.places import Place

LONG = 60
NONE = "–"
CSS = {TaskState.DONE: "done", TaskState.DROPPED: "dropped", TaskState.WAITING: "waiting"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One step in the table beside the chart."""

    line: gantt.Line
    name: Named
    department: Named
    assignee: str
    state: Sentence
    after: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """``rows``: the table beside the drawing, a row for each step."""

    drawing: SafeString
    rows: SafeString
    end: dt.date
    path: str
    """The names of the critical steps, in order."""
    running: bool


def schedule(place: Place) -> Schedule | None:
    """The present round on the calendar; None without steps, or beyond the calendar's last year."""
    tasks = place.tasks
    if not tasks:
        return None
    today, calendar = day_of(place.at), place.detail.calendar
    try:
        made = gantt.chart(calendar, [_step(task, place) for task in tasks], today=today)
    except Refused:
        return None
    words = {task.key: _words(task) for task in tasks}
    return Schedule(
        drawing=svg(
            made, words, today=today, is_workday=calendar.is_workday, marks=_marks(place.case, made.end)
        ),
        rows=joined(map(_row, _entries(tasks, made))),
        end=made.end,
        path=" → ".join(words[key].name for key in made.critical),
        running=any(line.open for line in made.lines),
    )


def _marks(case: Case, end: dt.date) -> list[Mark]:
    """The dates that bind, once they run; one that lies far behind the end would only stretch the chart."""
    limits = (case.promise_due_on, gettext("承诺")), (case.statutory_due_on, gettext("法定"))
    if case.accepted_at is None:
        return []
    labels: dict[dt.date, list[str]] = {}
    for on, label in limits:
        if on is not None and (on - end).days < LONG:
            labels.setdefault(on, []).append(label)
    return [Mark(on, gettext("、").join(found), "promise") for on, found in labels.items()]


def _step(task: Task, place: Place) -> gantt.Step:
    started = day_of(task.enabled_at) if task.enabled_at else None
    ended = task.done_at or task.dropped_at
    rows = [row for row in place.case.pauses.all() if row.task_id == task.pk]
    return gantt.Step(
        key=task.key,
        after=tuple(task.after),
        days=task.days,
        started=started,
        claimed=day_of(task.claimed_at) if task.claimed_at else None,
        ended=day_of(ended) if ended else None,
        due=task.due_on if started else None,
        pauses=tuple(as_pause(row) for row in rows),
    )


def _words(task: Task) -> Words:
    state = TaskState(task.state)
    who = gettext("、").join(filter(None, [str(task.department.label), _assignee(task)]))
    return Words(
        name=str(task.label),
        who=who,
        state=str(TASK_STATE_WORDS[state]),
        css=CSS.get(state, "running"),
    )


def _assignee(task: Task) -> str:
    return task.assignee.name if task.assignee else ""


def _entries(tasks: Iterable[Task], made: gantt.Chart) -> Iterable[Entry]:
    lines = {line.key: line for line in made.lines}
    names = {task.key: str(task.label) for task in tasks}
    for task in tasks:
        yield Entry(
            line=lines[task.key],
            name=task.label,
            department=task.department.label,
            assignee=_assignee(task),
            state=TASK_STATE_WORDS[TaskState(task.state)],
            after=gettext("、").join(names[key] for key in task.after if key in names),
        )


_ROW = (
    '<tr>\n<th scope="row" data-label="{}">{}</th>\n'
    + '<td data-label="{}">{}</td>\n' * 6
    + '<td class="nowrap" data-label="{}">{}</td>\n' * 2
    + "</tr>"
)


def _row(entry: Entry) -> SafeString:
    line, open_end = entry.line, gettext("今天") if entry.line.open else None
    return markup(
        _ROW,
        *(gettext("任务"), entry.name),
        *(gettext("部门"), entry.department),
        *(gettext("经办人"), entry.assignee or NONE),
        *(gettext("先完成"), entry.after or NONE),
        *(gettext("计划"), _span(line.planned)),
        *(gettext("实际"), _span(line.actual, open_end) if line.actual else NONE),
        *(gettext("暂停计时"), _pauses(line) or NONE),
        *(gettext("关键"), _slack(line)),
        *(gettext("状态"), joined([markup("{}", entry.state), _late(line)])),
    )


def _span(span: gantt.Span, last: str | None = None) -> str:
    return f"{shown(span.first)}{gettext(' 至 ')}{last or shown(span.last)}"


def _pauses(line: gantt.Line) -> str:
    return "".join(f"{_span(span)}{gettext('：')}{pause.reason.say()} " for span, pause in line.pauses)


def _slack(line: gantt.Line) -> str:
    if line.critical:
        return f"◆ {gettext('关键')}"
    if not line.open:
        return NONE
    return ngettext("可迟%(n)s个工作日", "可迟%(n)s个工作日", line.slack) % {"n": line.slack}


def _late(line: gantt.Line) -> SafeString:
    if not line.late:
        return SafeString("")
    return markup(' <span class="light red">{}</span>', gettext("超期%(days)s个工作日") % {"days": line.late})
