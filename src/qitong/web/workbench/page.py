"""What the case page shows, gathered in a number of queries that does not grow with the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from qitong.casework import queries
from qitong.casework.dossier import Dossier, Kin
from qitong.casework.logic.deferral import to_bring
from qitong.casework.logic.flow import (
    CASE_STATE_WORDS,
    OPEN_STATES,
    TASK_STATE_WORDS,
    CaseState,
    TaskState,
)
from qitong.casework.logic.terms import OUTCOME_WORDS, TASK_OUTCOME_WORDS, TaskOutcome
from qitong.casework.queries import TaskRow
from qitong.kernel.words import Named, Sentence
from qitong.web.common import conversation
from qitong.web.common.addresses import address
from qitong.web.common.dates import shown
from qitong.web.common.parts import Crumb, Event, Text
from qitong.web.common.shelf import promised
from qitong.web.workbench import papers
from qitong.web.workbench.case_deeds import CASE_WAYS, FETCH, MATERIAL_WAYS, VERIFY
from qitong.web.workbench.deeds import Bound, Panel, panel
from qitong.web.workbench.facts import facts
from qitong.web.workbench.people import actor_name
from qitong.web.workbench.personal import WhyForm, asking
from qitong.web.workbench.places import Place
from qitong.web.workbench.schedule import schedule
from qitong.web.workbench.task_deeds import TASK_WAYS

TIMELINE = 30


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as a row, with what can be done at it."""

    row: TaskRow
    name: Named
    days: Sentence
    state: Sentence
    outcome: Sentence | str
    panel: Panel

    @property
    def is_mine(self) -> bool:
        """Whether the step waits for this officer: its deeds then stand at the top of the page."""
        return any(offer.way.kind == "primary" and not offer.why_not for offer in self.panel.offers)


def context(
    place: Place, bound: Bound | None, *, before: int | None = None, asked: WhyForm | None = None
) -> dict[str, Any]:
    case, detail = place.case, place.detail
    at_case = place.with_task(None)
    deeds = panel(CASE_WAYS, place, bound)
    at_material = bound is not None and any(bound.slug == way.slug for way in MATERIAL_WAYS)
    lines = _tasks(place, bound)
    materials = list(papers.lines(place, bound if at_material else None))
    return {
        "case": case,
        "title": case.label,
        "detail": detail,
        "crumbs": (Crumb(_("办件"), address("workbench:inbox")), case.number or ""),
        "keys": list(_key_dates(place)),
        "facts": list(facts(place)),
        "description": case.form.get("description", ""),
        "supplements": [row for row in detail.tasks if row.supplement],
        "materials": materials,
        "checked": papers.progress(materials),
        "review_href": papers.first_href(materials),
        "verify_href": VERIFY.href(at_case),
        "fetch_href": FETCH.href(at_case),
        "missing": to_bring(detail.papers),
        "commitments": papers.commitments(case),
        "tasks": lines,
        "mine": any(line.is_mine for line in lines),
        "plan": schedule(place),
        "decisions": [(taken, OUTCOME_WORDS[taken.outcome]) for taken in place.dossier.decisions],
        "thread": conversation.thread(place.actor, case, surface="workbench", at=place.standing),
        "deeds": deeds,
        "bound": bound,
        "veil": place.veil,
        "asking": asking(place, asked),
        "asked": asked,
        "hints": place.hints if case.state == CaseState.SUBMITTED else (),
        **_neighbours(place.dossier),
        **_history(place, before),
    }


def _key_dates(place: Place) -> Iterator[tuple[Text, str]]:
    """Who has to act, and the dates that bind: always in sight."""
    case = place.case
    yield _("现由谁办"), shown(place.detail.ball)
    if case.accepted_at is None and case.plan_due_on and case.state in OPEN_STATES:
        yield _("应受理于"), shown(case.plan_due_on)
    if case.promise_due_on:
        yield _("承诺办结"), shown(case.promise_due_on)
    if case.statutory_due_on:
        yield _("法定期限"), shown(case.statutory_due_on)


def _tasks(place: Place, bound: Bound | None) -> list[TaskLine]:
    """The tasks of this round first, then those of earlier rounds."""
    rows = sorted(place.detail.tasks, key=lambda row: -row.task.round)
    return [_task_line(row, place, bound) for row in rows]


def _task_line(row: TaskRow, place: Place, bound: Bound | None) -> TaskLine:
    task = row.task
    live = task.state in (TaskState.ENABLED, TaskState.CLAIMED, TaskState.RETURNED)
    refused = bound is not None and bound.task_id == task.pk
    return TaskLine(
        row,
        task.label,
        promised(task.days),
        TASK_STATE_WORDS[TaskState(task.state)],
        TASK_OUTCOME_WORDS[TaskOutcome(task.outcome)] if task.outcome else "",
        panel(TASK_WAYS, place.with_task(task), bound) if live or refused else Panel(),
    )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another case of the company; ``href`` is empty for a draft that came out of this case."""

    number: str
    title: Named | str
    state: Sentence
    href: str


def _neighbours(found: Dossier) -> dict[str, list[Neighbour]]:
    """The company's other cases; those on the same facts are pointed out."""
    rows = {"repeats": found.repeats, "children": found.children, "earlier": found.earlier}
    return {name: [_neighbour(kin) for kin in kins] for name, kins in rows.items()}


def _neighbour(kin: Kin) -> Neighbour:
    href = address("workbench:case", kin.number) if kin.visible else ""
    return Neighbour(kin.number, str(kin.title), CASE_STATE_WORDS[kin.state], href)


def _history(place: Place, before: int | None) -> dict[str, Any]:
    veil = place.veil
    lines = queries.timeline(place.case, veil=veil, before=before, limit=TIMELINE)
    events = [
        Event(line.at, line.sentence, veil.text(actor_name(line.by, line.name)), line.detail)
        for line in lines
    ]
    oldest = lines[-1].number if lines and lines[-1].number > 1 else 0
    return {"events": events, "older": f"?before={oldest}#history" if oldest else "", "is_older": before}
