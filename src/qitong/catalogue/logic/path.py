"""The path of a project, from registration to production: what applies, in which order, by when.

Facts decide which items apply; an item that does not apply is taken out and its predecessors are
joined to its successors. An item that the facts at hand do not settle stays in and says which
facts to ask for: unknown is not yes, and not no. All durations are administrative working days
(promised limits). Milestones take no time: building itself is not an administrative duration.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from qitong.catalogue.logic.conditions import Facts, Finding
from qitong.catalogue.logic.graph import Dag, Schedule, Times
from qitong.catalogue.logic.path_items import (
    PathItem,
    StepKind,
    complete_facts,
    from_data,
    from_spec,
    milestone,
    milestone_from_spec,
    milestones_from_data,
)
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

__all__ = [
    "Dropped",
    "PathItem",
    "Plan",
    "Question",
    "Reach",
    "Step",
    "StepDates",
    "StepKind",
    "StepState",
    "WorkingCalendar",
    "calendar_dates",
    "complete_facts",
    "from_data",
    "from_spec",
    "milestone",
    "milestone_from_spec",
    "milestones_from_data",
    "plan",
]


class StepState(StrEnum):
    DONE = "done"
    RUNNING = "running"
    CAN_START_NOW = "can_start_now"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan. Times are working days from now; a step done has none left (all 0).

    ``uncertain`` names the facts to ask for; ``may_not_apply`` says that they decide whether the
    step is needed at all. ``waiting_for`` are the predecessors not done yet.
    """

    code: str
    kind: StepKind
    days: int
    remaining: int
    state: StepState
    after: tuple[str, ...]
    waiting_for: tuple[str, ...]
    earliest_start: int
    earliest_finish: int
    latest_start: int
    latest_finish: int
    on_critical_path: bool
    uncertain: tuple[str, ...]
    may_not_apply: bool

    @property
    def slack(self) -> int:
        return self.latest_start - self.earliest_start


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a milestone or goal is: ``days`` along the longest chain, ``serial_days`` one after another."""

    code: str
    days: int
    serial_days: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact and the steps that depend on it."""

    fact: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """An item that does not apply, and the tests that say so."""

    code: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The path to a goal: ``steps`` in a workable order, and what the facts left out."""

    steps: Mapping[str, Step]
    graph: Dag[str]
    days: int
    serial_days: int
    critical_path: tuple[str, ...]
    reaches: Mapping[str, Reach]
    dropped: tuple[Dropped, ...]
    questions: tuple[Question, ...]

    def with_state(self, state: StepState) -> tuple[Step, ...]:
        return tuple(step for step in self.steps.values() if step.state is state)


def plan(
    items: Iterable[PathItem],
    milestones: Iterable[PathItem],
    facts: Facts,
    *,
    goal: str | Collection[str] = (),
    done: Collection[str] = frozenset(),
    started: Mapping[str, int] = MappingProxyType({}),
) -> Plan:
    """The path to ``goal`` (codes of milestones or items; none: everything in the catalogue).

    ``started`` maps a running item to the working days already used. Codes in ``done`` and
    ``started`` that the path does not contain count for nothing. An item under way stays in,
    whatever the facts say. Refuses an unknown goal, an unknown requirement and a cycle.
    """
    known = {item.code: item for item in (*items, *milestones)}
    goals = ((goal,) if isinstance(goal, str) else tuple(goal)) or tuple(known)
    for code in goals:
        if code not in known:
            raise Refused(say("目录中没有“{code}”。", code=code), code="unknown_goal", field="goal")
    whole = Dag({code: _predecessors(item, facts) for code, item in known.items()})
    absent = {code for code, item in known.items() if code not in started and item.applies(facts) is False}
    wanted = [code for code in goals if code not in absent]
    graph = _towards(whole.contract(*absent), wanted)
    steps, schedule, durations = _steps(graph, known, facts, frozenset(done), started)
    targets = [c for c in graph.order if c in wanted or known[c].kind is StepKind.MILESTONE]
    near = _mentioned(known, goals)
    return Plan(
        steps=steps,
        graph=graph,
        days=schedule.length,
        serial_days=sum(durations.values()),
        critical_path=tuple(c for c in schedule.path if steps[c].state is not StepState.DONE),
        reaches={code: _reach(code, graph, steps, durations) for code in targets},
        dropped=tuple(_dropped(known[c], facts) for c in known if c in absent & near),
        questions=_questions(steps),
    )


class WorkingCalendar(Protocol):
    """What turns working days into dates; day 0 is the day itself or the next working day."""

    def add(self, date: dt.date, n: int, /) -> dt.date: ...


@dataclass(frozen=True, slots=True)
class StepDates:
    """``start``: the day it can be handed in (that day does not count); ``finish``: the last day promised."""

    start: dt.date
    finish: dt.date


def calendar_dates(plan: Plan, start: dt.date, calendar: WorkingCalendar) -> dict[str, StepDates]:
    """The earliest dates of each step not done, when the plan begins on ``start``."""
    return {
        step.code: StepDates(
            calendar.add(start, step.earliest_start), calendar.add(start, step.earliest_finish)
        )
        for step in plan.steps.values()
        if step.state is not StepState.DONE
    }


def _predecessors(item: PathItem, facts: Facts) -> tuple[str, ...]:
    """What comes first. A requirement whose condition is unknown is kept: better early than missing."""
    extra = [code for when, codes in item.requires_if if when.evaluate(facts) is not False for code in codes]
    return (*item.requires, *extra)


def _towards(graph: Dag[str], goals: Collection[str]) -> Dag[str]:
    return graph.restrict(frozenset(goals).union(*(graph.ancestors(goal) for goal in goals)))


def _mentioned(known: Mapping[str, PathItem], goals: Iterable[str]) -> frozenset[str]:
    """Everything that may come before the goals, under whatever facts."""
    found: set[str] = set()
    todo = list(goals)
    while todo:
        code = todo.pop()
        if code not in found:
            found.add(code)
            item = known[code]
            todo.extend((*item.requires, *(c for _, codes in item.requires_if for c in codes)))
    return frozenset(found)


def _steps(
    graph: Dag[str],
    known: Mapping[str, PathItem],
    facts: Facts,
    done: frozenset[str],
    started: Mapping[str, int],
) -> tuple[dict[str, Step], Schedule[str], dict[str, int]]:
    left = {
        code: 0 if code in done else max(known[code].days_for(facts) - started.get(code, 0), 0)
        for code in graph.order
    }
    # What is done or under way no longer waits for anything, whatever the rules say comes first.
    free = done.union(started)
    flow = Dag({code: () if code in free else graph.predecessors(code) for code in graph.order})
    schedule = flow.schedule(left)
    steps: dict[str, Step] = {}
    for code in graph.order:
        waiting_for = tuple(p for p in flow.predecessors(code) if p not in done)
        steps[code] = _step(
            known[code],
            facts,
            state=_state(code, done, started, waiting_for),
            remaining=left[code],
            after=graph.predecessors(code),
            waiting_for=waiting_for,
            times=schedule.times[code],
        )
    return steps, schedule, left


def _step(
    item: PathItem,
    facts: Facts,
    *,
    state: StepState,
    remaining: int,
    after: tuple[str, ...],
    waiting_for: tuple[str, ...],
    times: Times,
) -> Step:
    open_still = state in {StepState.CAN_START_NOW, StepState.WAITING}
    return Step(
        code=item.code,
        kind=item.kind,
        days=item.days_for(facts),
        remaining=remaining,
        state=state,
        after=after,
        waiting_for=waiting_for,
        earliest_start=times.earliest_start,
        earliest_finish=times.earliest_finish,
        latest_start=times.latest_start,
        latest_finish=times.latest_finish,
        on_critical_path=times.slack == 0 and state is not StepState.DONE,
        uncertain=item.open_facts(facts) if open_still else (),
        may_not_apply=open_still and item.applies(facts) is None,
    )


def _state(
    code: str, done: Collection[str], started: Collection[str], waiting_for: tuple[str, ...]
) -> StepState:
    if code in done:
        return StepState.DONE
    if code in started:
        return StepState.RUNNING
    return StepState.WAITING if waiting_for else StepState.CAN_START_NOW


def _reach(code: str, graph: Dag[str], steps: Mapping[str, Step], durations: Mapping[str, int]) -> Reach:
    before = [c for c in graph.order if c in graph.ancestors(code)]
    path = [code]
    while waiting := steps[path[-1]].waiting_for:
        start = steps[path[-1]].earliest_start
        path.append(next(c for c in waiting if steps[c].earliest_finish == start))
    serial = sum(durations[c] for c in (*before, code))
    return Reach(code, steps[code].earliest_finish, serial, tuple(reversed(path)))


def _dropped(item: PathItem, facts: Facts) -> Dropped:
    return Dropped(item.code, item.applies_when.explain(facts) if item.applies_when else ())


def _questions(steps: Mapping[str, Step]) -> tuple[Question, ...]:
    asked: dict[str, list[str]] = {}
    for step in steps.values():
        for fact in step.uncertain:
            asked.setdefault(fact, []).append(step.code)
    return tuple(Question(fact, tuple(codes)) for fact, codes in asked.items())
