"""What waits for the company, how its cases stand, and where its projects are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qitong.casework import paths, queries
from qitong.casework.logic.flow import OPEN_STATES, CaseState
from qitong.casework.models import Project
from qitong.catalogue import queries as catalogue
from qitong.catalogue.calendar import current
from qitong.catalogue.logic.path import StepKind, StepState
from qitong.kernel.words import Named, say
from qitong.kernel.workdays import Calendar
from qitong.web.common.dates import today
from qitong.web.common.http import acting, company_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab
from qitong.web.portal import own, search, waiting

CASES, PROJECTS = 8, 3


@dataclass(frozen=True, slots=True)
class Way:
    """A project in one line: what can start next, and when the goal can be reached."""

    project: Project
    goal: Named
    following: Named | None = None
    more: int = 0
    running: int = 0
    reached_on: dt.date | None = None
    provisional: bool = False


@company_required
@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    mine, day, calendar = acting(request).enterprise_ids, today(), current()
    known = catalogue.edition_or_none(day)
    found = waiting.of(mine, calendar, known)
    under_way = own.cases(request).filter(state__in=OPEN_STATES)
    cases = list(under_way.order_by(F("promise_due_on").asc(nulls_last=True), "-pk")[: CASES + 1])
    projects = list(Project.objects.filter(enterprise_id__in=mine).order_by("-pk")[: PROJECTS + 1])
    page = {
        "waiting": found.waiting,
        "drafts": found.drafts,
        "cases": queries.summaries(cases[:CASES], today=day, calendar=calendar),
        "more_cases": len(cases) > CASES,
        "ways": list(_ways(projects[:PROJECTS], known, calendar, day)),
        "more_projects": len(projects) > PROJECTS,
    }
    page["is_new"] = not any(page[part] for part in ("waiting", "drafts", "cases", "ways"))
    return render(request, "portal/home.html", page)


def _ways(
    projects: Sequence[Project], known: catalogue.Edition | None, calendar: Calendar, day: dt.date
) -> Iterator[Way]:
    if not projects or known is None:
        return
    for project, path in zip(
        projects, paths.paths_of(projects, known, today=day, calendar=calendar), strict=True
    ):
        items = [step for step in path.plan.steps.values() if step.kind is StepKind.ITEM]
        open_now = [step for step in items if step.state is StepState.CAN_START_NOW]
        critical = sorted(open_now, key=lambda step: not step.on_critical_path)
        dates = path.dates.get(project.goal)
        yield Way(
            project,
            path.names.get(project.goal, Named(project.goal, project.goal)),
            path.names[critical[0].code] if critical else None,
            max(len(critical) - 1, 0),
            sum(step.state is StepState.RUNNING for step in items),
            dates.finish if dates else None,
            path.provisional,
        )


@company_required
@require_GET
def cases(request: HttpRequest) -> HttpResponseBase:
    """All that was handed in, newest first: under way, or finished."""
    if request.GET.get("q", "").strip():
        return search.show(request)
    finished = request.GET.get("show") == "finished"
    rows = own.cases(request).exclude(submitted_at=None)
    rows = rows.filter(state__in=own.FINISHED) if finished else rows.exclude(state__in=own.FINISHED)
    page = page_of(request, rows, key="submitted_at")
    address = reverse("portal:cases")
    shown = {
        "page": page,
        "cases": queries.summaries(page.rows, today=today()),
        "finished": finished,
        "tabs": _tabs(address, finished=finished),
    }
    return render(request, "portal/cases.html", shown)


@company_required
@require_GET
def drafts(request: HttpRequest) -> HttpResponseBase:
    """Everything begun and not handed in, newest first."""
    rows = own.cases(request).filter(state=CaseState.DRAFT)
    return render(request, "portal/drafts.html", {"page": page_of(request, rows, key="created_at")})


def _tabs(address: str, *, finished: bool) -> Iterable[Tab]:
    return (
        Tab(say("办理中"), address, current=not finished),
        Tab(say("已结束"), f"{address}?show=finished", current=finished),
    )
