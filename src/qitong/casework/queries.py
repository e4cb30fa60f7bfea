"""Reads for screens and the API, already filtered by who may see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import JSONObject

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department
from qitong.accounts.queries import NameBehind
from qitong.casework import deadlines, permissions, personal
from qitong.casework.brought import fingerprint_of, papers_of
from qitong.casework.logic import story
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.deferral import Paper, to_bring
from qitong.casework.logic.flow import (
    CASE_STATE_WORDS,
    LIVE_TASK_STATES,
    OPEN_STATES,
    CaseState,
    TaskState,
)
from qitong.casework.logic.light import CaseClock, Light, case_light, task_light
from qitong.casework.models import Case, CaseMaterial, Pause, Supplement, Task
from qitong.casework.sight import Reach, seen
from qitong.catalogue.calendar import current, newest_row
from qitong.kernel.masking import Veil
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.kernel.workdays import Calendar, LimitUnit, PauseReason
from qitong.ledger.queries import latest
from qitong.sql.frozen import Frozen, held


def visible(actor: Actor) -> QuerySet[Case]:
    """The cases an actor may see. Closed by default: no role, no membership, nothing.

    Companies see their own; officers what they own, help with or their department works on; a
    window sees what it received; leaders their jurisdiction; auditors everything handed in. Who stands in
    for somebody sees their desk, for a leader or a head also what they oversee. A token sees what belongs
    to its role's place, not what its person owns or helps with elsewhere.
    """
    return seen(Reach.of(actor))


def _on_desk(departments: frozenset[int], people: frozenset[int]) -> Q:
    """Tasks of these departments, and those that these people claimed."""
    return Q(department_id__in=departments) | Q(assignee_id__in=people)


def listed(actor: Actor) -> QuerySet[Case]:
    """Visible cases with what a list needs, newest first: a fixed number of queries a page."""
    return as_list(visible(actor))


def as_list(cases: QuerySet[Case]) -> QuerySet[Case]:
    """These cases with what a list needs."""
    return as_rows(cases).prefetch_related(
        Prefetch("tasks", queryset=_live(), to_attr="live_tasks"),
        Prefetch("pauses", queryset=Pause.objects.order_by("pk")),
    )


def as_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same but for tasks and pauses, which :func:`with_work` reads for a page asked for often."""
    return cases.select_related("enterprise", "item_version", "owner", "window").order_by("-pk")


def with_work(cases: list[Case]) -> list[Case]:
    """Read for these rows the live tasks and the pauses: two queries, made once for pages of any length."""
    if not cases:
        return cases
    ids = [case.pk for case in cases]
    ids += ids[-1:] * (-len(ids) % TOGETHER)  # one more time asked for, that one comes no more often
    tasks, pauses = defaultdict[int, list[Task]](list), defaultdict[int, list[Pause]](list)
    for task in _LIVE_OF(cases=ids):
        tasks[task.case_id].append(task)
    for pause in _PAUSES_OF(cases=ids):
        pauses[pause.case_id].append(pause)
    for case in cases:
        vars(case)["live_tasks"] = tasks[case.pk]
        held(case, "pauses", pauses[case.pk])
    return cases


def _live() -> QuerySet[Task]:
    return Task.objects.filter(state__in=LIVE_TASK_STATES).select_related("department")


TOGETHER = 25
"""Rows of a page are asked for in so many, lest each number of them be another query."""
_LIVE_OF: Frozen[Task] = Frozen(lambda cases: _live().filter(case_id__in=cases))
_PAUSES_OF: Frozen[Pause] = Frozen(lambda cases: Pause.objects.filter(case_id__in=cases).order_by("pk"))


def live_tasks(case: Case) -> list[Task]:
    """The live tasks of a case read through :func:`listed` or :func:`find`."""
    listed_along: list[Task] | None = vars(case).get("live_tasks")
    if listed_along is not None:
        return listed_along
    return [task for task in case.tasks.all() if task.state in LIVE_TASK_STATES]


@dataclass(frozen=True, slots=True)
class Summary:
    """One case as a row of a list."""

    case: Case
    light: Light
    state: Sentence
    ball: object


def summaries(cases: Iterable[Case], *, today: dt.date, calendar: Calendar | None = None) -> list[Summary]:
    """Rows for cases read through :func:`listed`; ``calendar`` is the one in use, if it is at hand."""
    calendar = calendar or current()
    return [_summary(case, calendar, today) for case in cases]


def _summary(case: Case, calendar: Calendar, today: dt.date) -> Summary:
    ball = ball_of(case, live_tasks(case))
    light = case_light(calendar, clock_of(case, ball=ball), today)
    return Summary(case, light, CASE_STATE_WORDS[CaseState(case.state)], ball)


def ball_of(case: Case, live: Sequence[Task]) -> object:
    """Who has to act: a department, the owner, the company, or whoever decides."""
    state = case.state
    if state in (CaseState.DRAFT, CaseState.CORRECTION, CaseState.DELIVERED):
        return say("企业")
    working = [t for t in live if t.kind not in ("acceptance", "decision") and t.round == case.round]
    if state == CaseState.IN_REVIEW and working:
        waiting = {p.task_id for p in case.pauses.all() if p.ends_on is None and not p.stops_promise}
        if all(t.pk in waiting for t in working):
            return say("企业")
        return tuple(dict.fromkeys(t.department.label for t in working if t.pk not in waiting))
    if state == CaseState.AWAITING_DECISION:
        deciding = [t.department.label for t in live if t.is_decision]
        return deciding[0] if deciding else _owner(case)
    return _owner(case)


def _owner(case: Case) -> object:
    return say("首问负责人{name}", name=case.owner.name) if case.owner else say("受理窗口")


def clock_of(case: Case, *, ball: object, missing: Sequence[object] = ()) -> CaseClock:
    return CaseClock(
        state=CaseState(case.state),
        start=case.promise_from,
        days=(case.promise_days or 0) + case.extension_days,
        unit=LimitUnit(case.promise_unit or "wd"),
        due_on=case.promise_due_on,
        ball=ball,
        missing=missing,
        pauses=deadlines.pauses_of(case),
        ended_on=day_of(case.decided_at) if case.decided_at else None,
        reply_due_on=case.plan_due_on,
    )


@dataclass(frozen=True, slots=True)
class TaskRow:
    task: Task
    light: Light
    supplement: Supplement | None


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything on one case page."""

    case: Case
    light: Light
    state: Sentence
    papers: list[Paper]
    tasks: list[TaskRow]
    standing: permissions.Standing
    calendar: Calendar
    ball: object


def whole(reach: Reach) -> QuerySet[Case]:
    """Cases within a reach, each to be read by itself with all its page needs: see :func:`fill`.

    Of the item's version its ``data`` is left out: large, and parsed once in a process.
    """
    rows = seen(reach).select_related("enterprise", "item_version", "owner", "window")
    rows = rows.defer("item_version__data")
    rows = personal.with_showing(permissions.with_standing(rows), reach.viewer)
    return rows.annotate(newest_calendar=newest_row())


def fill(case: Case) -> Case:
    """Read what hangs on a case of :func:`whole`: tasks, pauses and materials, three queries."""
    held(case, "tasks", _TASKS(case=case.pk))
    held(case, "pauses", _PAUSES(case=case.pk))
    if case.item_version_id is not None:
        held(case, "materials", _MATERIALS(case=case.pk))
    return case


def _tasks() -> QuerySet[Task]:
    """Tasks with all that is shown of them; the documents of a supplement as name and address."""
    named = JSONObject(name="document__name", public_id="document__public_id")
    sent = Supplement.documents.through.objects.filter(supplement__task=OuterRef("pk"))
    return Task.objects.select_related("department", "assignee", "supplement__asked_by").annotate(
        sent_along=ArraySubquery(sent.order_by("pk").values(row=named))
    )


_TASKS: Frozen[Task] = Frozen(lambda case: _tasks().filter(case_id=case))
_PAUSES: Frozen[Pause] = Frozen(lambda case: Pause.objects.filter(case_id=case).order_by("pk"))
_MATERIALS: Frozen[CaseMaterial] = Frozen(
    lambda case: (
        CaseMaterial.objects.select_related("document", "commitment__document", "consent")
        .filter(case_id=case)
        .order_by("position")
    )
)


def _whole(kind: str, *, pk: int | None, number: str | None, **reach: Any) -> QuerySet[Case]:
    lookup = {"number": number} if pk is None else {"pk": pk}
    return whole(Reach(kind, **reach)).filter(**lookup).order_by("pk")[:1]


_WHOLE: Frozen[Case] = Frozen(_whole)


def find(actor: Actor, *, pk: int | None = None, number: str | None = None, own: bool = False) -> Case | None:
    """One visible case by ``pk=`` or ``number=``, with what its page needs: four queries.

    ``own``: of the companies the actor is a member of, whatever else they see.
    """
    reach = Reach.own(actor) if own else Reach.of(actor)
    case = _WHOLE.first(reach.kind, pk=pk, number=number, **reach.values)
    return fill(case) if case is not None else None


def with_nothing_yet(case: Case) -> Case:
    """A request that was just opened, as :func:`find` would read it: nothing hangs on it yet."""
    for name in ("tasks", "pauses", "certificates"):
        held(case, name, ())
    return case


def detail(case: Case, *, today: dt.date, standing: permissions.Standing | None = None) -> Detail:
    """What a case page shows, for a case read through :func:`find`: no further query.

    ``standing`` is what has to be known of the case for its reader, if that is at hand.
    """
    calendar = current(vars(case).get("newest_calendar"))
    papers = papers_of(case)
    live = live_tasks(case)
    owed = papers if case.accepted_at else to_bring(papers)
    missing = [p.name for p in owed if not p.is_in and not p.is_coming]
    ball = ball_of(case, live)
    clock = clock_of(case, ball=ball, missing=missing)
    rows = list(task_rows(case, calendar=calendar, today=today))
    return Detail(
        case=case,
        light=case_light(calendar, clock, today),
        state=CASE_STATE_WORDS[CaseState(case.state)],
        papers=papers,
        tasks=rows,
        standing=standing or permissions.standing(case, [row.task for row in rows]),
        calendar=calendar,
        ball=ball,
    )


def task_rows(case: Case, *, calendar: Calendar, today: dt.date) -> Iterator[TaskRow]:
    if "tasks" not in vars(case).get("_prefetched_objects_cache", {}):
        prefetch_related_objects([case], Prefetch("tasks", queryset=_tasks()))
    open_pauses = {p.task_id: p for p in case.pauses.all() if p.ends_on is None}
    for task in case.tasks.all():
        yield TaskRow(task, light_of(task, open_pauses.get(task.pk), calendar, today), _supplement(task))


def _supplement(task: Task) -> Supplement | None:
    return task.supplement if hasattr(task, "supplement") else None


def light_of(task: Task, paused: Pause | None, calendar: Calendar, today: dt.date) -> Light:
    return task_light(
        calendar,
        state=TaskState(task.state),
        due_on=task.due_on,
        days=task.days,
        department=task.department.label,
        paused=PauseReason(paused.reason).say() if paused else NOTHING,
        today=today,
    )


def board(actor: Actor) -> QuerySet[Task]:
    """Live tasks of the actor's departments (and of people they stand in for), most urgent first."""
    people = actor.desks
    return (
        Task.objects.filter(state__in=LIVE_TASK_STATES)
        .filter(_on_desk(actor.departments(), people))
        .select_related("case__enterprise", "case__item_version", "department", "assignee")
        .order_by("due_on", "pk")
    )


def earlier_cases(case: Case, *, limit: int = 10) -> list[Case]:
    """The company's other cases, newest first: shown to the officer and to the company alike."""
    others = Case.objects.filter(enterprise_id=case.enterprise_id).exclude(pk=case.pk)
    return list(others.exclude(submitted_at=None).select_related("item_version").order_by("-pk")[:limit])


def repeats(case: Case) -> list[Case]:
    """Cases of the same company on the same facts that are open or were answered."""
    fingerprint = case.fingerprint or fingerprint_of(case)
    same = Case.objects.filter(fingerprint=fingerprint, enterprise_id=case.enterprise_id)
    others = same.exclude(pk=case.pk).exclude(state=CaseState.WITHDRAWN)
    return list(others.select_related("item_version").order_by("-pk")[:5])


def timeline(case: Case, *, veil: Veil, before: int | None = None, limit: int = 50) -> list[story.Line]:
    """What happened, newest first, in sentences; drafts' keystrokes, routine checks and looks left out."""
    return [
        story.Line(
            number=e.number,
            at=e.at,
            by=e.by,
            kind=e.kind,
            sentence=story.tell(e.kind, e.facts, veil=veil),
            detail=veil.text("\n".join(t.value for t in e.texts.values() if t.value)),
            name=e.name,
        )
        for e in latest(case.stream, before=before, limit=limit, without=story.QUIET, name=NameBehind("by"))
    ]


@dataclass(frozen=True, slots=True)
class Progress:
    """All that a number tells a stranger: stage and dates."""

    number: str
    stage: Sentence
    submitted_on: dt.date
    promised_on: dt.date | None
    finished_on: dt.date | None


def progress(number: str) -> Progress | None:
    """Stage and dates by number, for whoever holds it; no name, no item, no company."""
    case = Case.objects.filter(number=number.strip().upper()).exclude(submitted_at=None).first()
    if case is None or case.submitted_at is None or case.number is None:
        return None
    ended = case.closed_at or case.delivered_at or case.decided_at
    return Progress(
        number=case.number,
        stage=CASE_STATE_WORDS[CaseState(case.state)],
        submitted_on=day_of(case.submitted_at),
        promised_on=case.promise_due_on,
        finished_on=day_of(ended) if ended else None,
    )


def expected_streams() -> Iterator[str]:
    """The ledger stream of every case: a ledger without one of them is broken."""
    for pk in Case.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2000):
        yield f"case:{pk}"


def departments() -> list[Department]:
    return list(Department.objects.order_by("code"))


def counts(actor: Actor) -> dict[str, int]:
    """Open cases and live tasks of an actor, for the head of the workbench."""
    return {
        "open": visible(actor).filter(state__in=OPEN_STATES).count(),
        "tasks": board(actor).count(),
    }
