"""What waits for the company, and how its cases stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qitong.casework import queries
from qitong.casework.logic.flow import OPEN_STATES, CaseState
from qitong.casework.logic.terms import CommitmentState
from qitong.casework.models import Case, Commitment, Project, Supplement
from qitong.kernel.words import Sentence, say
from qitong.web.common.dates import today
from qitong.web.common.http import acting, company_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab
from qitong.web.portal import own

MOST = 50
FINISHED = (
    CaseState.CLOSED,
    CaseState.REFUSED,
    CaseState.NOT_ACCEPTED,
    CaseState.WITHDRAWN,
    CaseState.ENDED,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something only the company can do: what, for which case, by when."""

    what: Sentence
    case: Case
    href: str
    due_on: dt.date | None = None


@company_required
@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    shown = [*OPEN_STATES, CaseState.DRAFT, CaseState.DELIVERED]
    rows = list(own.cases(request).filter(state__in=shown)[:MOST])
    handed_in = [case for case in rows if case.state != CaseState.DRAFT]
    projects = Project.objects.filter(enterprise_id__in=acting(request).enterprise_ids).order_by("-pk")
    page = {
        "waiting": sorted(_waiting(handed_in), key=lambda w: w.due_on or dt.date.max),
        "cases": queries.summaries(handed_in, today=today()),
        "drafts": [case for case in rows if case.state == CaseState.DRAFT],
        "projects": list(projects[:MOST]),
    }
    return render(request, "portal/home.html", page)


def _waiting(cases: Sequence[Case]) -> Iterator[Waiting]:
    """Corrections, supplements, promised materials and results to confirm."""
    by_pk = {case.pk: case for case in cases}
    for case in cases:
        if case.state == CaseState.CORRECTION:
            yield Waiting(say("按一次性告知补正"), case, _case(case))
        elif case.state == CaseState.DELIVERED:
            yield Waiting(say("核对结果并确认"), case, _case(case))
    yield from _asked(by_pk)
    yield from _promised(by_pk)


def _asked(by_pk: dict[int, Case]) -> Iterator[Waiting]:
    live = [pk for pk, case in by_pk.items() if case.state in own.RUNNING]
    asked = Supplement.objects.filter(case_id__in=live, answered_at=None).select_related("task__department")
    for one in asked:
        what = say("答复{department}的补充要求", department=one.task.department.label)
        case = by_pk[one.case_id]
        yield Waiting(what, case, reverse("portal:supplement", args=[case.number, one.pk]), one.due_on)


def _promised(by_pk: dict[int, Case]) -> Iterator[Waiting]:
    open_ones = Commitment.objects.filter(case_id__in=by_pk, state=CommitmentState.OPEN)
    for one in open_ones:
        case = by_pk[one.case_id]
        yield Waiting(say("补齐承诺的容缺材料"), case, _case(case), one.due_on)


def _case(case: Case) -> str:
    return reverse("portal:case", args=[case.number])


@company_required
@require_GET
def cases(request: HttpRequest) -> HttpResponseBase:
    """All that was handed in, newest first: under way, or finished."""
    finished = request.GET.get("show") == "finished"
    rows = own.cases(request).exclude(submitted_at=None)
    rows = rows.filter(state__in=FINISHED) if finished else rows.exclude(state__in=FINISHED)
    page = page_of(request, rows, key="submitted_at")
    address = reverse("portal:cases")
    shown = {
        "page": page,
        "cases": queries.summaries(page.rows, today=today()),
        "finished": finished,
        "tabs": _tabs(address, finished=finished),
    }
    return render(request, "portal/cases.html", shown)


def _tabs(address: str, *, finished: bool) -> Iterable[Tab]:
    return (
        Tab(say("办理中"), address, current=not finished),
        Tab(say("已结束"), f"{address}?show=finished", current=finished),
    )
