"""When the steps of a case run: what happened, what is to come, and which of it decides the end.

Reckoned in working days after an origin, so that a calendar is needed only to come in and to go out.
A step that has ended lies where it lay; one under way ends when it is due, or today if that is past;
one that waits begins when the last step before it ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qitong.catalogue.logic.graph import Dag
from qitong.kernel.workdays import Calendar, Pause


@dataclass(frozen=True, slots=True)
class Progress:
    """One step as numbers: ``days`` it takes; when it ``started`` and ``ended``; ``due``, once it runs."""

    days: int
    started: int | None = None
    ended: int | None = None
    due: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Where a step lies; ``slack``: working days it may slip without moving the end, 0 once it ended."""

    start: int
    finish: int
    slack: int
    critical: bool


def forecast(dag: Dag[str], steps: Mapping[str, Progress], *, today: int) -> dict[str, Times]:
    """Where every step lies, and which decide when all is done (the critical path, or several)."""
    start: dict[str, int] = {}
    finish: dict[str, int] = {}
    for key in dag.order:
        step = steps[key]
        before = max((finish[p] for p in dag.predecessors(key)), default=today)
        if step.ended is not None:
            finish[key] = step.ended
            start[key] = min(step.started if step.started is not None else step.ended, step.ended)
        elif step.started is not None:
            start[key] = step.started
            finish[key] = max(step.due if step.due is not None else step.started + step.days, today)
        else:
            start[key] = max(before, today)
            finish[key] = start[key] + step.days
    slack = _slack(dag, steps, start, finish)
    critical = _critical(dag, steps, finish, slack)
    return {key: Times(start[key], finish[key], slack.get(key, 0), key in critical) for key in dag.order}


def _slack(
    dag: Dag[str], steps: Mapping[str, Progress], start: Mapping[str, int], finish: Mapping[str, int]
) -> dict[str, int]:
    """For each step that has not ended; only what has not begun can still be pushed back by it."""
    end = max(finish.values(), default=0)
    slack: dict[str, int] = {}
    for key in reversed(dag.order):
        if steps[key].ended is not None:
            continue
        waiting = [s for s in dag.successors(key) if steps[s].started is None and steps[s].ended is None]
        room = [slack[s] + start[s] - finish[key] for s in waiting]
        slack[key] = min([*room, end - finish[key]])
    return slack


def _critical(
    dag: Dag[str], steps: Mapping[str, Progress], finish: Mapping[str, int], slack: Mapping[str, int]
) -> set[str]:
    """What has no slack, and of what has ended, that for which a critical step had to wait."""
    if slack:
        found = {key for key, left in slack.items() if left == 0}
    else:
        end = max(finish.values(), default=0)
        found = {key for key in dag.order if finish[key] == end}
    for key in reversed(dag.order):
        ended = [p for p in dag.predecessors(key) if steps[p].ended is not None]
        if key in found and ended:
            last = max(finish[p] for p in dag.predecessors(key))
            found.update(p for p in ended if finish[p] == last)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One step with its dates, as the case has them; ``due`` is None until it runs."""

    key: str
    after: tuple[str, ...]
    days: int
    started: dt.date | None = None
    claimed: dt.date | None = None
    ended: dt.date | None = None
    due: dt.date | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Line:
    """One step on the chart. ``late``: working days past its due date, when it is or was late."""

    key: str
    planned: Span
    actual: Span | None
    claimed: dt.date | None
    pauses: tuple[tuple[Span, Pause], ...]
    slack: int
    critical: bool
    late: int
    open: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """``lines`` in the order of the steps; ``end`` is when the last of them is done."""

    lines: tuple[Line, ...]
    edges: tuple[tuple[str, str], ...]
    critical: tuple[str, ...]
    end: dt.date


def chart(calendar: Calendar, steps: Sequence[Step], *, today: dt.date) -> Chart:
    """The steps of one case on the calendar. Predecessors that are not among them count for nothing."""
    known = {step.key for step in steps}
    dag = Dag({step.key: [key for key in step.after if key in known] for step in steps})
    dates = [day for step in steps for day in (step.started, step.ended, step.due) if day is not None]
    origin = min([*dates, today])

    def number(day: dt.date | None) -> int | None:
        return None if day is None else calendar.between(origin, day)

    facts = {
        step.key: Progress(step.days, number(step.started), number(step.ended), number(step.due))
        for step in steps
    }
    times = forecast(dag, facts, today=calendar.between(origin, today))
    lines = tuple(_line(calendar, origin, step, times[step.key], today) for step in steps)
    ends = [step.ended or calendar.add(origin, times[step.key].finish) for step in steps]
    return Chart(
        lines=lines,
        edges=dag.reduced().edges,
        critical=tuple(key for key in dag.order if times[key].critical),
        end=max(ends, default=today),
    )


def _line(calendar: Calendar, origin: dt.date, step: Step, times: Times, today: dt.date) -> Line:
    start = step.started or calendar.add(origin, times.start)
    due = step.due or (step.ended if step.ended is not None else calendar.add(origin, times.finish))
    seen = step.ended or today
    actual = Span(step.started, max(step.started, seen)) if step.started is not None else None
    return Line(
        key=step.key,
        planned=Span(min(start, due), due),
        actual=actual,
        claimed=step.claimed,
        pauses=tuple((_span(pause, today), pause) for pause in step.pauses),
        slack=times.slack,
        critical=times.critical,
        late=max(calendar.between(step.due, seen), 0) if step.due is not None and actual else 0,
        open=step.ended is None,
    )


def _span(pause: Pause, today: dt.date) -> Span:
    """The days a pause takes out: its last day is the one before work goes on."""
    last = pause.end - dt.timedelta(days=1) if pause.end is not None else today
    return Span(pause.start, max(pause.start, last))
