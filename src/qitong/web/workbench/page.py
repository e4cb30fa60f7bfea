"""What the case page shows, gathered in a number of queries that does not grow with the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from qitong.casework import permissions, queries
from qitong.casework.dossier import Dossier, Kin
from qitong.casework.logic.deferral import to_bring
from qitong.casework.logic.flow import (
    CASE_STATE_WORDS,
    OPEN_STATES,
    TASK_STATE_WORDS,
    CaseState,
    TaskState,
)
from qitong.casework.logic.ownership import OWNER_REASON_WORDS, OwnerReason
from qitong.casework.logic.terms import (
    COMING,
    MATERIAL_CLASS_WORDS,
    MATERIAL_SOURCE_WORDS,
    MATERIAL_STATE_WORDS,
    OUTCOME_WORDS,
    TASK_OUTCOME_WORDS,
    MaterialState,
    TaskOutcome,
)
from qitong.casework.models import Case, CaseMaterial, Commitment
from qitong.casework.queries import TaskRow
from qitong.kernel.limits import Limit, LimitUnit
from qitong.kernel.words import Named, Sentence
from qitong.web.common import conversation
from qitong.web.common.dates import shown
from qitong.web.common.parts import Crumb, Event, Row, Text, Tone
from qitong.web.common.shelf import language, promised
from qitong.web.common.step_graph import GraphNode, NodeState, svg
from qitong.web.workbench.case_deeds import CASE_WAYS, FETCH, MATERIAL_WAYS, VERIFY
from qitong.web.workbench.deeds import Bound, Panel, Place, panel
from qitong.web.workbench.forms import FetchForm, VerifyForm
from qitong.web.workbench.people import actor_name
from qitong.web.workbench.task_deeds import TASK_WAYS

TIMELINE = 30
TONES = {
    MaterialState.MISSING: Tone.RED,
    MaterialState.PROVIDED: Tone.TIDE,
    MaterialState.DEFERRED: Tone.REED,
    MaterialState.VERIFIED: Tone.GREEN,
    MaterialState.REJECTED: Tone.RED,
}


def _papers(case: Case) -> list[CaseMaterial]:
    """The materials of an application; a request has none, and nobody is asked for them."""
    return list(case.materials.all()) if case.item_version_id is not None else []


def _commitments(case: Case) -> list[Commitment]:
    """The signed letters, which always name materials of the case."""
    named = (material.commitment for material in _papers(case))
    return list({letter.pk: letter for letter in named if letter is not None}.values())


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One material as a row; ``form`` asks what is wrong with it, None when it cannot be judged now.

    ``fetch`` takes the file that the department supplied, None when there is none to be fetched.
    """

    material: CaseMaterial
    name: Named
    klass: Sentence
    source: Sentence
    word: Sentence
    tone: Tone
    form: VerifyForm | None
    fetch: FetchForm | None
    open: bool

    @property
    def is_verified(self) -> bool:
        return self.material.state == MaterialState.VERIFIED


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as a row, with what can be done at it."""

    row: TaskRow
    name: Named
    days: Sentence
    state: Sentence
    outcome: Sentence | str
    panel: Panel


def context(place: Place, bound: Bound | None, *, before: int | None = None) -> dict[str, Any]:
    case, detail = place.case, place.detail
    at_case = place.with_task(None)
    deeds = panel(CASE_WAYS, place, bound)
    at_material = bound is not None and any(bound.slug == way.slug for way in MATERIAL_WAYS)
    return {
        "case": case,
        "title": title_of(case),
        "detail": detail,
        "crumbs": (Crumb(_("办件"), reverse("workbench:inbox")), case.number or ""),
        "facts": list(_facts(place)),
        "description": case.form.get("description", ""),
        "supplements": [row for row in detail.tasks if row.supplement],
        "materials": list(_materials(place, bound if at_material else None)),
        "verify_href": VERIFY.href(at_case),
        "fetch_href": FETCH.href(at_case),
        "missing": to_bring(detail.papers),
        "commitments": _commitments(case),
        "tasks": _tasks(place, bound),
        "graphs": graphs(case, place),
        "decisions": [(taken, OUTCOME_WORDS[taken.outcome]) for taken in place.dossier.decisions],
        "thread": conversation.thread(place.actor, case, surface="workbench", at=place.standing),
        "deeds": deeds,
        "bound": bound,
        "hints": place.hints if case.state == CaseState.SUBMITTED else (),
        **_neighbours(place.dossier),
        **_history(case, before),
    }


def title_of(case: Case) -> Named | str:
    """The item's name in the reader's language; a request's title as it was written."""
    item = case.item_version
    return Named(item.name_zh, item.name_en) if item else case.title


def _facts(place: Place) -> Iterator[Row]:
    case = place.case
    company = case.enterprise
    yield Row(_("企业"), f"{company.name}\n{company.uscc}")
    form = case.form
    yield Row(_("联系人"), f"{form.get('contact_name', '')} {form.get('contact_phone', '')}")
    reason = OWNER_REASON_WORDS.get(OwnerReason(case.owner_reason)) if case.owner_reason else None
    owner = case.owner.name if case.owner else ""
    yield Row(
        _("首问负责人"), f"{owner}{gettext('（%(reason)s）') % {'reason': reason}}" if reason else owner
    )
    if others := [name for _pk, name in permissions.helpers_of(case)]:
        yield Row(_("协办人"), gettext("、").join(others))
    yield Row(_("受理窗口"), case.window.label if case.window else "")
    yield from _dates(case)
    yield from _answers(place)


def _dates(case: Case) -> Iterator[Row]:
    if case.submitted_at:
        yield Row(_("提交时间"), shown(case.submitted_at))
    if case.contacted_at:
        yield Row(_("首次联系"), shown(case.contacted_at))
    elif case.contact_due_on and case.state in OPEN_STATES:
        yield Row(_("首次联系"), gettext("尚未联系，应于%(due)s前") % {"due": shown(case.contact_due_on)})
    if case.accepted_at:
        yield Row(_("受理时间"), shown(case.accepted_at))
    if case.promise_due_on and case.promise_days is not None:
        limit = Limit(case.promise_days + case.extension_days, LimitUnit(case.promise_unit or "wd")).say()
        yield Row(_("承诺办结"), f"{shown(case.promise_due_on)}\n{limit}{_added(case)}")
    if case.statutory_due_on:
        yield Row(_("法定期限"), shown(case.statutory_due_on))
    if case.reopened_at:
        yield Row(_("重新办理"), shown(case.reopened_at))
    if case.refusal_grounds:
        yield Row(_("不予受理理由"), case.refusal_grounds)
    if case.ended_reason:
        yield Row(_("终止原因"), gettext(case.ended_reason))


def _added(case: Case) -> str:
    if not case.extension_days:
        return ""
    return gettext("，含延期%(days)d个工作日") % {"days": case.extension_days}


def _answers(place: Place) -> Iterator[Row]:
    """What the company answered about its project, with the question's name."""
    answers = {k: v for k, v in place.case.form.get("facts", {}).items() if v not in ("", None)}
    for spec in place.edition.facts if place.edition and answers else ():
        if spec.code in answers:
            yield Row(spec.name, _answer(answers[spec.code], dict(spec.choices)))


def _answer(value: object, choices: dict[str, Named]) -> Text:
    if value is True or value == "True":
        return gettext_lazy("是")
    if value is False or value == "False":
        return gettext_lazy("否")
    return choices.get(str(value), str(value))


def _materials(place: Place, bound: Bound | None) -> Iterator[MaterialLine]:
    names = {paper.key: paper.name for paper in place.detail.papers}
    may_verify, may_fetch = not VERIFY.why_not(place), not FETCH.why_not(place)
    for material in _papers(place.case):
        state = MaterialState(material.state)
        is_in = state in (MaterialState.PROVIDED, MaterialState.VERIFIED)
        awaited = material.is_authorised and not is_in
        refused = bound.form if bound is not None and bound.key == material.key else None
        form = VerifyForm(place, slug=f"verify-{material.key}") if may_verify and is_in else None
        fetch = FetchForm(place, slug=f"fetch-{material.key}") if may_fetch and awaited else None
        yield MaterialLine(
            material,
            names[material.key],
            MATERIAL_CLASS_WORDS[material.klass],
            MATERIAL_SOURCE_WORDS[material.source],
            COMING if awaited and state is not MaterialState.DEFERRED else MATERIAL_STATE_WORDS[state],
            Tone.REED if awaited else TONES[state],
            refused if isinstance(refused, VerifyForm) else form,
            refused if isinstance(refused, FetchForm) else fetch,
            refused is not None,
        )


def _tasks(place: Place, bound: Bound | None) -> list[TaskLine]:
    """The tasks of this round first, then those of earlier rounds."""
    rows = sorted(place.detail.tasks, key=lambda row: -row.task.round)
    return [_task_line(row, place, bound) for row in rows]


def _task_line(row: TaskRow, place: Place, bound: Bound | None) -> TaskLine:
    task = row.task
    live = task.state in (TaskState.ENABLED, TaskState.CLAIMED, TaskState.RETURNED)
    return TaskLine(
        row,
        Named(task.name_zh, task.name_en),
        promised(task.days),
        TASK_STATE_WORDS[TaskState(task.state)],
        TASK_OUTCOME_WORDS[TaskOutcome(task.outcome)] if task.outcome else "",
        panel(TASK_WAYS, place.with_task(task), bound) if live else Panel(),
    )


def graphs(case: Case, place: Place) -> tuple[str, str]:
    """The steps of the present round, drawn wide and upright; empty without steps."""
    present = {task.key for task in place.tasks}
    nodes = [
        GraphNode(
            key=task.key,
            name=str(Named(task.name_zh, task.name_en)),
            department=str(task.department.label),
            days=task.days,
            state=NodeState(task.state),
            after=tuple(key for key in task.after if key in present),
            kind=task.kind,
        )
        for task in place.tasks
    ]
    return svg(nodes, lang=language()), svg(nodes, lang=language(), vertical=True)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another case of the company; ``href`` is empty where this officer has nothing to do with it."""

    number: str
    title: Named | str
    state: Sentence
    href: str


def _neighbours(found: Dossier) -> dict[str, list[Neighbour]]:
    """The company's other cases; those on the same facts are pointed out."""
    rows = {"repeats": found.repeats, "children": found.children, "earlier": found.earlier}
    return {name: [_neighbour(kin) for kin in kins] for name, kins in rows.items()}


def _neighbour(kin: Kin) -> Neighbour:
    href = reverse("workbench:case", args=[kin.number]) if kin.visible else ""
    return Neighbour(kin.number, str(kin.title), CASE_STATE_WORDS[kin.state], href)


def _history(case: Case, before: int | None) -> dict[str, Any]:
    lines = queries.timeline(case, before=before, limit=TIMELINE)
    events = [Event(line.at, line.sentence, actor_name(line.by, line.name), line.detail) for line in lines]
    oldest = lines[-1].number if lines and lines[-1].number > 1 else 0
    return {"events": events, "older": f"?before={oldest}#history" if oldest else "", "is_older": before}
