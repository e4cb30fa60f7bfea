"""The decision: once a round, by someone with the power, with grounds where they are owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework import permissions, steps
from qitong.casework.intake import close_down, refresh_clock
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseKind, Deed, TaskState
from qitong.casework.logic.terms import Outcome
from qitong.casework.models import Case, Decision, Task
from qitong.casework.move import locked, move_case, person
from qitong.catalogue.queries import promises
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say


@transaction.atomic
def decide(*, case_id: int, outcome: Outcome, grounds: str, by: Actor, at: dt.datetime) -> Decision:
    """Approve or refuse. To refuse, and to approve over an objection, grounds are required."""
    case = locked(case_id)
    standing = permissions.standing(case)
    disputed = standing.disputed
    deed = Deed.APPROVE if outcome is Outcome.APPROVE else Deed.REFUSE
    permissions.demand(by, deed, case, standing)
    if outcome is Outcome.REFUSE:
        grounds = require(grounds, field="grounds", what=say("不予办理的理由和依据"))
    elif disputed:
        grounds = require(grounds, field="grounds", what=say("不采纳部门意见的理由"))
    elif case.kind == CaseKind.REQUEST:
        grounds = require(grounds, field="grounds", what=say("给企业的答复"))
    facts: dict[str, dt.datetime | None] = {"decided_at": at}
    if outcome is Outcome.REFUSE:
        facts["next_alarm_at"] = None
    steps.close(case, "decision", by=by, at=at)
    move_case(
        case,
        deed,
        by=by,
        at=at,
        facts=facts,
        body={"outcome": outcome, "grounds": grounds.strip(), "over_objection": disputed},
        standing=standing,
    )
    decision = Decision.objects.create(
        case=case,
        round=case.round,
        outcome=outcome,
        grounds=grounds.strip(),
        decided_at=at,
        decided_by_id=person(by),
        over_objection=disputed and outcome is Outcome.APPROVE,
    )
    if outcome is Outcome.REFUSE:
        close_down(case, say("已作出不予决定"), by=by, at=at)
    else:
        refresh_clock(case, at=at)
    return decision


@transaction.atomic
def send_back(*, case_id: int, keys: Sequence[str], reason: str, by: Actor, at: dt.datetime) -> Case:
    """Before deciding, have some departments look again; the promise runs on."""
    reason = require(reason, field="reason", what=say("退回重审的理由"))
    case = locked(case_id)
    reviewed = {t.key for t in steps.of_round(case) if t.kind not in ("acceptance", "decision")}
    chosen = frozenset(keys) & reviewed
    if not chosen:
        raise Refused(say("请选择要重新审查的步骤。"), code="no_steps", field="keys")
    move_case(case, Deed.SEND_BACK, by=by, at=at, body={"steps": sorted(chosen), "reason": reason})
    steps.drop_open(case, "退回部门重新审查", by=by, at=at)
    return next_round(case, chosen, by=by, at=at)


def next_round(case: Case, keys: frozenset[str], *, by: Actor, at: dt.datetime) -> Case:
    """Start the chosen steps anew, in the same order, and the decision after them."""
    before = steps.of_round(case)
    case.round += 1
    case.save(update_fields=["round"])
    again = [t for t in before if t.key in keys or t.is_decision]
    Task.objects.bulk_create(_again(t, case) for t in again)
    steps.enable_ready(case, by=by, at=at)
    return refresh_clock(case, at=at)


def _again(task: Task, case: Case) -> Task:
    return Task(
        case=case,
        round=case.round,
        key=task.key,
        kind=task.kind,
        name_zh=task.name_zh,
        name_en=task.name_en,
        ask=task.ask,
        department=task.department,
        after=task.after,
        level=task.level,
        days=task.days,
        state=TaskState.WAITING,
    )


@transaction.atomic
def extend(*, case_id: int, days: int, reason: str, by: Actor, at: dt.datetime) -> Case:
    """Add up to ten working days with the head's approval, told to the company (art. 42)."""
    reason = require(reason, field="reason", what=say("延期理由"))
    case = locked(case_id)
    most = promises(day_of(at)).extension_max
    if days < 1 or case.extension_days + days > most:
        raise Refused(
            say("累计最多延长{most}个工作日，已延长{used}个。", most=most, used=case.extension_days),
            code="days",
            field="days",
        )
    facts = {"extension_days": case.extension_days + days}
    move_case(case, Deed.EXTEND, by=by, at=at, facts=facts, body={"days": days, "reason": reason})
    return refresh_clock(case, at=at)
