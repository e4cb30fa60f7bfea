"""A project: its goal, the questions that decide the way, and the plan that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qitong.casework import paths, projects
from qitong.casework.logic.flow import CASE_STATE_WORDS, CaseState
from qitong.casework.models import Case, Project
from qitong.catalogue import queries as catalogue
from qitong.catalogue.logic.path import Step, StepDates, StepKind, StepState
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
from qitong.web.common import answers
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Row
from qitong.web.portal import own
from qitong.web.portal.forms import FactsForm, ProjectForm

STATE_WORDS: dict[StepState, Sentence] = {
    StepState.DONE: say("已完成"),
    StepState.RUNNING: say("办理中"),
    StepState.CAN_START_NOW: say("现在可以开始"),
    StepState.WAITING: say("等前面的完成"),
}


@company_required
@require_GET
def listing(request: HttpRequest) -> HttpResponseBase:
    mine = Project.objects.filter(enterprise_id__in=acting(request).enterprise_ids)
    page = page_of(request, mine.select_related("enterprise"), key="created_at")
    names = _names() if page.rows else {}
    found = [(row, names.get(row.goal, row.goal)) for row in page.rows]
    return render(request, "portal/projects.html", {"projects": found, "page": page})


@company_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Name and goal; the questions follow."""
    goals = [(point.code, str(point.name)) for point in catalogue.milestones(today())]
    form = ProjectForm(goals, own.companies(request), uuid4().hex, own.posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            project = _created(
                request, given["enterprise"], given["name"], given["goal"], given["client_key"]
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            return redirect("portal:project_facts", project.pk)
    return render(request, "portal/project_new.html", {"form": form}, status=422 if form.errors else 200)


def _created(request: HttpRequest, enterprise: int, name: str, goal: str, key: str) -> Project:
    """Sent twice, the form makes one project: the session remembers what its key made."""
    made = request.session.get("projects_made", {})
    if key in made:
        return own.project(request, made[key])
    project = projects.create(
        enterprise_id=enterprise, name=name, goal=goal, facts={}, by=acting(request), at=now()
    )
    request.session["projects_made"] = {**dict(list(made.items())[-9:]), key: project.pk}
    return project


def _names() -> dict[str, Named]:
    return {point.code: point.name for point in catalogue.milestones(today())}


@company_required
@require_http_methods(["GET", "POST"])
def answers_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The questions; those that depend on an answer follow it."""
    project = own.project(request, pk)
    specs = catalogue.facts(today())
    kept = paths.answers_of(project)
    put = answers.asked(specs, answers.all_typed(specs, kept))
    form = FactsForm(put, kept, own.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            given = form.typed()
            changed = {code: value for code, value in given.items() if kept.get(code) != value}
            if changed:
                project = projects.answer(project_id=pk, facts=changed, by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            after = answers.asked(specs, answers.all_typed(specs, paths.answers_of(project)))
            more = {s.code for s in after} - {s.code for s in put}
            return redirect("portal:project_facts" if more else "portal:project", pk)
    shown = {"form": form, "project": project}
    return render(request, "portal/project_facts.html", shown, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One item of the plan as a row."""

    step: Step
    name: Named
    state: Sentence
    dates: StepDates | None
    case: Case | None
    waiting: tuple[Named, ...]

    @property
    def case_state(self) -> Sentence | None:
        return CASE_STATE_WORDS[CaseState(self.case.state)] if self.case else None

    @property
    def is_open(self) -> bool:
        """Whether it may be begun, or gone on with, here and now."""
        return self.step.state is StepState.CAN_START_NOW and self.step.kind is StepKind.ITEM


@company_required
@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What can start now, what waits for what, and when each milestone can be reached."""
    project = own.project(request, pk)
    path = paths.path_of(project, today=today())
    lines = [_line(path, step) for step in path.plan.steps.values()]
    items = [line for line in lines if line.step.kind is StepKind.ITEM]
    shown = {
        "project": project,
        "path": path,
        "goal": path.names[project.goal],
        "startable": [line for line in items if line.is_open],
        "running": [line for line in items if line.step.state is StepState.RUNNING],
        "waiting": [line for line in items if line.step.state is StepState.WAITING],
        "done": [line for line in items if line.step.state is StepState.DONE],
        "milestones": [line for line in lines if line.step.kind is StepKind.MILESTONE],
        "critical": [line for line in lines if line.step.code in path.plan.critical_path],
        "finish": path.dates.get(project.goal),
        "questions": _open_questions(path),
        "dropped": [path.names[one.code] for one in path.plan.dropped if one.code not in path.milestones],
        "rows": _answer_rows(project, path),
    }
    return render(request, "portal/project.html", shown)


def _line(path: paths.ProjectPath, step: Step) -> PlanLine:
    return PlanLine(
        step=step,
        name=path.names[step.code],
        state=STATE_WORDS[step.state],
        dates=path.dates.get(step.code),
        case=path.cases.get(step.code),
        waiting=tuple(path.names[code] for code in step.waiting_for),
    )


def _open_questions(path: paths.ProjectPath) -> list[tuple[Named, tuple[Named, ...]]]:
    asked = {spec.code: spec.question for spec in path.facts}
    return [
        (asked[q.fact], tuple(path.names[code] for code in q.steps))
        for q in path.plan.questions
        if q.fact in asked
    ]


def _answer_rows(project: Project, path: paths.ProjectPath) -> Sequence[Row]:
    kept = paths.answers_of(project)
    put = answers.asked(path.facts, answers.all_typed(path.facts, kept))
    return [Row(s.name, say("{given}", given=answers.shown(s, kept.get(s.code)))) for s in put]


@company_required
@require_POST
def open_item(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Begin the case of one item on the path; a second time leads to the same case."""
    own.project(request, pk)
    try:
        case = projects.open_case(project_id=pk, item_code=code, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:project", pk)
    return redirect("portal:draft", case.pk)


@company_required
@require_POST
def reached(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """The company says that a milestone is reached."""
    own.project(request, pk)
    try:
        projects.reach_milestone(project_id=pk, code=code, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("已记录，计划已按此更新。"))
    return redirect("portal:project", pk)
