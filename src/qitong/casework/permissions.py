"""Who may do what to a case or a task, and the sentence when they may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department
from qitong.accounts.places import Above
from qitong.casework.logic.flow import (
    CaseKind,
    CaseState,
    Deed,
    Party,
    TaskState,
    case_why_not,
    task_why_not,
)
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case, Participant, Task
from qitong.casework.sight import Reach, seen
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.sql.frozen import Frozen


@dataclass(frozen=True, slots=True)
class Standing:
    """What has to be known about a case to tell in which capacity somebody acts on it."""

    lead_id: int | None
    jurisdictions: frozenset[int]
    participants: frozenset[int]
    disputed: bool


NOWHERE = Standing(lead_id=None, jurisdictions=frozenset(), participants=frozenset(), disputed=False)
"""All that companies and the system need to know."""


def with_standing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Read along with the cases what :func:`standing` has to know of each."""
    lead = Department.objects.filter(code=OuterRef("item_version__lead"))
    added = Participant.objects.filter(case=OuterRef("pk")).order_by("pk")
    return cases.annotate(
        standing_lead=Subquery(lead.values("pk")[:1]),
        standing_places=Above("window__jurisdiction_id"),
        standing_people=ArraySubquery(added.values(row=JSONObject(user="user_id", name="user__name"))),
    )


_KNOWN = ("standing_lead", "standing_places", "standing_people")


def _known_of(case: Case) -> Mapping[str, Any]:
    read = vars(case)
    if _KNOWN[0] in read:
        return read
    return _STANDING(case=case.pk)[0]


_STANDING: Frozen[dict[str, Any]] = Frozen(
    lambda case: with_standing(Case.objects.filter(pk=case)).values(*_KNOWN)
)


def helpers_of(case: Case) -> list[tuple[int, str]]:
    """Who was added to the case: primary key and name."""
    return [(row["user"], row["name"]) for row in _known_of(case)["standing_people"]]


def standing(case: Case, tasks: Iterable[Task] | None = None) -> Standing:
    """One query, none for a case read :func:`with_standing`. ``tasks`` are the case's, if at hand.

    Pages compute it once and ask many deeds.
    """
    known = _known_of(case)
    return Standing(
        lead_id=known["standing_lead"],
        jurisdictions=frozenset(known["standing_places"]),
        participants=frozenset(row["user"] for row in known["standing_people"]),
        disputed=_disputed(case, tasks),
    )


def _disputed(case: Case, tasks: Iterable[Task] | None) -> bool:
    if tasks is None:
        return case.tasks.filter(round=case.round, outcome=TaskOutcome.OBJECT).exists()
    return any(task.round == case.round and task.outcome == TaskOutcome.OBJECT for task in tasks)


def parties(actor: Actor, case: Case, at: Standing, task: Task | None = None) -> frozenset[Party]:
    """The capacities in which ``actor`` stands to the case (and to the task, if one is given)."""
    leads = bool(actor.jurisdictions(Role.LEADER) & at.jurisdictions)
    heads_lead = at.lead_id is not None and actor.has(Role.DEPARTMENT_HEAD, at.lead_id)
    owns = actor.acts_for(case.owner_id) and _as_window(actor, case)
    decides = leads or heads_lead or (case.kind == CaseKind.REQUEST and owns)
    held = {
        Party.SYSTEM: actor.is_system,
        Party.COMPANY: case.enterprise_id in actor.enterprise_ids,
        Party.OWNER: owns,
        Party.HELPER: any(actor.acts_for(user) for user in at.participants) and _as_officer(actor),
        Party.LEADER: leads,
        Party.LEAD: at.lead_id is not None and at.lead_id in actor.departments(),
        Party.DECIDER: decides,
        Party.DEPARTMENT: task is not None
        and (
            _works_in(actor, task.department_id)
            or (task.kind == "acceptance" and owns)
            or (task.is_decision and decides)
        ),
    }
    return frozenset(party for party, holds in held.items() if holds)


def _as_window(actor: Actor, case: Case) -> bool:
    """A token of an owner acts as owner only with the role of the window in which the case is owned."""
    windows = (Role.DUTY_OFFICER, Role.SERVICE_OFFICER, Role.RECRUITMENT_OFFICER)
    return actor.is_person or any(actor.has(role, case.window_id) for role in windows)


def _as_officer(actor: Actor) -> bool:
    """A token of somebody who was added helps only with a role that works on cases."""
    return actor.is_person or bool(actor.departments()) or actor.has(Role.LEADER)


def _works_in(actor: Actor, department_id: int) -> bool:
    workers = (Role.REVIEWER, Role.DEPARTMENT_HEAD, Role.SERVICE_OFFICER, Role.DUTY_OFFICER)
    return any(actor.has(role, department_id) for role in workers)


def why_not(actor: Actor, deed: Deed, thing: Case | Task, at: Standing | None = None) -> Sentence:
    """Why ``actor`` may not do ``deed`` to this case or task; empty when they may."""
    if isinstance(thing, Task):
        known = at or standing_for(actor, thing.case, disputes=False)
        reason = task_why_not(deed, TaskState(thing.state), parties(actor, thing.case, known, thing))
        return reason or _why_not_claimed(actor, deed, thing, known)
    known = at or standing_for(actor, thing, disputes=deed is Deed.APPROVE)
    held = parties(actor, thing, known)
    reason = case_why_not(deed, CaseState(thing.state), held)
    if not reason and deed is Deed.APPROVE and known.disputed and Party.LEADER not in held:
        return say("有部门不同意，须由分管领导写明理由后决定。")
    return reason


def standing_for(actor: Actor, case: Case, *, disputes: bool = True) -> Standing:
    """A company and the system stand where they stand; only for officers is there something to look up.

    ``disputes``: whether it matters if a department objects; else that is not looked up.
    """
    if not actor.is_officer:
        return NOWHERE
    return standing(case) if disputes else standing(case, ())


def _why_not_claimed(actor: Actor, deed: Deed, task: Task, known: Standing) -> Sentence:
    """A claimed task belongs to its assignee; a head of the same department may step in.

    What somebody who has left had claimed belongs to the whole department again.
    """
    if task.state != TaskState.CLAIMED or actor.is_system or deed in (Deed.REMIND, Deed.WAIVE, Deed.DROP):
        return NOTHING
    if task.assignee is None or not task.assignee.is_active or actor.acts_for(task.assignee_id):
        return NOTHING
    if actor.has(Role.DEPARTMENT_HEAD, task.department_id):
        return NOTHING
    return say("已由{name}领取。", name=task.assignee.name)


def may_see(actor: Actor, case: Case) -> bool:
    """The same scope as ``queries.visible``, for one case."""
    return seen(Reach.of(actor)).filter(pk=case.pk).exists()


def demand(actor: Actor, deed: Deed, thing: Case | Task, at: Standing | None = None) -> None:
    """Refuse with the sentence of :func:`why_not`."""
    reason = why_not(actor, deed, thing, at)
    if reason:
        raise Refused(reason, code="not_allowed")
