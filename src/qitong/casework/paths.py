"""A project's plan as it stands today: the catalogue, the answers, and the cases already opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qitong.casework.logic import pathway
from qitong.casework.logic.flow import OPEN_STATES, CaseState
from qitong.casework.models import Case, Project
from qitong.catalogue import queries as catalogue
from qitong.catalogue.calendar import current
from qitong.catalogue.logic.path import (
    Plan,
    StepDates,
    calendar_dates,
    complete_facts,
    from_spec,
    milestone_from_spec,
    plan,
)
from qitong.catalogue.logic.types import FactSpec, Stage
from qitong.kernel.words import Named
from qitong.kernel.workdays import Calendar

REACHED = "reached"
"""Under this key of ``Project.facts`` stand the milestones that the company says are reached."""

IN_HAND = (CaseState.DELIVERED, CaseState.CLOSED)
LEADS_NOWHERE = (CaseState.WITHDRAWN, CaseState.REFUSED, CaseState.NOT_ACCEPTED, CaseState.ENDED)


@dataclass(frozen=True, slots=True)
class ProjectPath:
    """``plan`` and ``dates`` by code; ``cases`` the case of each item that has one; ``facts`` to be asked."""

    plan: Plan
    dates: Mapping[str, StepDates]
    cases: Mapping[str, Case]
    names: Mapping[str, Named]
    facts: tuple[FactSpec, ...]
    milestones: frozenset[str]
    provisional: bool
    """Whether a date lies in a year whose holidays are not announced yet."""


def answers_of(project: Project) -> dict[str, object]:
    """The answers without what is only the project's own."""
    return {code: value for code, value in project.facts.items() if code != REACHED}


def path_of(project: Project, *, today: dt.date) -> ProjectPath:
    """The plan of ``project`` on a day, from the catalogue in force; three queries.

    Done is what was delivered in the project, and what the company obtained elsewhere of what it
    needs only once (the stage of setting up). Milestones: see ``logic.pathway.reached``.
    """
    return paths_of([project], catalogue.edition_on(today), today=today)[0]


def paths_of(
    projects: Sequence[Project],
    known: catalogue.Edition,
    *,
    today: dt.date,
    calendar: Calendar | None = None,
) -> list[ProjectPath]:
    """The plans of several projects at once: one query, and one for a calendar not at hand."""
    once = frozenset(spec.code for spec in known.specs if spec.stage is Stage.SETUP)
    calendar = calendar or current()
    cases = _cases(projects, once)
    return [_path(one, cases[one.pk], known, calendar, today) for one in projects]


def _path(
    project: Project,
    cases: Mapping[str, Case],
    known: catalogue.Edition,
    calendar: Calendar,
    today: dt.date,
) -> ProjectPath:
    asked, points = known.facts, known.milestones
    items = [from_spec(spec) for spec in known.specs]
    facts = complete_facts(answers_of(project), asked)
    milestones = pathway.meaningful(items, [milestone_from_spec(p) for p in points], facts, goal=project.goal)
    started = _started(cases.values(), calendar, today)
    done = pathway.reached(
        items,
        milestones,
        facts,
        goal=project.goal,
        in_hand=[code for code, case in cases.items() if case.state in IN_HAND],
        said=project.facts.get(REACHED, ()),
        started=started,
    )
    made = plan(items, milestones, facts, goal=project.goal, done=done, started=started)
    dates = calendar_dates(made, today, calendar)
    return ProjectPath(
        plan=made,
        dates=dates,
        cases=cases,
        names={spec.code: spec.name for spec in known.specs} | {point.code: point.name for point in points},
        facts=asked,
        milestones=frozenset(point.code for point in points),
        provisional=any(calendar.is_provisional(one.finish) for one in dates.values()),
    )


def _cases(projects: Sequence[Project], once: frozenset[str]) -> dict[int, dict[str, Case]]:
    """Of each project the newest case of each item that leads somewhere; its own before others."""
    companies = {project.enterprise_id for project in projects}
    rows = Case.objects.filter(enterprise_id__in=companies, item_version__isnull=False)
    alive = list(rows.exclude(state__in=LEADS_NOWHERE).select_related("item_version").order_by("pk"))
    return {project.pk: _cases_of(project, alive, once) for project in projects}


def _cases_of(project: Project, alive: Iterable[Case], once: frozenset[str]) -> dict[str, Case]:
    found: dict[str, Case] = {}
    for case in alive:
        code = case.item_version.code if case.item_version else ""
        own = case.project_id == project.pk
        elsewhere = code in once and case.state in IN_HAND and code not in found
        if own or (elsewhere and case.enterprise_id == project.enterprise_id):
            found[code] = case
    return found


def _started(cases: Iterable[Case], calendar: Calendar, today: dt.date) -> dict[str, int]:
    """Working days already used by each case under way."""
    return {
        case.item_version.code: max(calendar.between(since, today), 0)
        for case in cases
        if case.item_version is not None
        and case.state in OPEN_STATES
        and (since := case.promise_from or case.received_on) is not None
    }
