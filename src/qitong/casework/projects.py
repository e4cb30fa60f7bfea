"""The path of a project: a company's goal becomes a plan of items, each case opened from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework import drafts, paths
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseState
from qitong.casework.models import Case, Project
from qitong.catalogue import queries as catalogue
from qitong.catalogue.logic.path import StepKind, StepState
from qitong.kernel.errors import Refused
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.ledger.record import record

_CAME_TO_NOTHING = (CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED, CaseState.REFUSED, CaseState.ENDED)


@transaction.atomic
def create(
    *, enterprise_id: int, name: str, goal: str, facts: Mapping[str, Any], by: Actor, at: dt.datetime
) -> Project:
    """Start a project towards ``goal`` (a milestone or item code) with the answers known so far."""
    _demand_member(by, enterprise_id)
    name = require_line(name, field="name", what=say("项目名称"), most=200)
    version = catalogue.current_version(day_of(at))
    if version is None:
        raise Refused(say("事项目录还没有发布。"), code="no_catalogue")
    project = Project.objects.create(
        enterprise_id=enterprise_id,
        version=version,
        name=name,
        goal=goal,
        facts=dict(facts),
        created_at=at,
        created_by=by.ref,
    )
    body = {"name": name, "goal": goal, "facts": dict(facts)}
    record(f"project:{project.pk}", "project.create", by=by.ref, at=at, body=body)
    return project


@transaction.atomic
def answer(*, project_id: int, facts: Mapping[str, Any], by: Actor, at: dt.datetime) -> Project:
    """Change the answers; the plan is computed anew from them at every look."""
    project = _locked(project_id, by)
    project.facts = {**project.facts, **facts}
    project.save(update_fields=["facts"])
    record(f"project:{project.pk}", "project.answer", by=by.ref, at=at, body={"facts": dict(facts)})
    return project


@transaction.atomic
def reach_milestone(*, project_id: int, code: str, by: Actor, at: dt.datetime) -> Project:
    """The company says that a milestone is reached, once nothing before it is open. Again changes nothing."""
    project = _locked(project_id, by)
    known: list[str] = list(project.facts.get(paths.REACHED, []))
    if code in known:
        return project
    path = paths.path_of(project, today=day_of(at))
    step = path.plan.steps.get(code)
    if step is None or step.kind is not StepKind.MILESTONE:
        raise Refused(say("这个项目没有节点“{code}”。", code=code), code="not_found")
    if step.state is not StepState.CAN_START_NOW:
        before = tuple(path.names[one] for one in step.waiting_for)
        raise Refused(say("到这一步之前还要先完成：{names}。", names=before), code="too_early")
    project.facts = {**project.facts, paths.REACHED: [*known, code]}
    project.save(update_fields=["facts"])
    record(f"project:{project.pk}", "project.reach", by=by.ref, at=at, body={"milestone": code})
    return project


@transaction.atomic
def open_case(*, project_id: int, item_code: str, by: Actor, at: dt.datetime) -> Case:
    """Open the case of one item on the path; a second time returns the one already open or delivered.

    After a case that came to nothing (withdrawn, not accepted, refused, ended) a new one is opened.
    Answers and known materials are carried over.
    """
    project = _locked(project_id, by)
    same = project.cases.filter(item_version__code=item_code).exclude(state__in=_CAME_TO_NOTHING)
    found = same.order_by("pk").last()
    if found is not None:
        return found
    return drafts.start_application(
        enterprise_id=project.enterprise_id,
        item_code=item_code,
        facts=paths.answers_of(project),
        project_id=project.pk,
        by=by,
        at=at,
    )


def _locked(project_id: int, by: Actor) -> Project:
    project = Project.objects.select_for_update(of=("self",)).filter(pk=project_id).first()
    if project is None:
        raise Refused(say("没有这个项目。"), code="not_found")
    _demand_member(by, project.enterprise_id)
    return project


def _demand_member(by: Actor, enterprise_id: int) -> None:
    if enterprise_id not in by.enterprise_ids:
        raise Refused(say("您不是这家企业的成员，不能代它办理。"), code="not_allowed")
