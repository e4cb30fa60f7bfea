"""Officers: their accounts and the roles they hold."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q

from qitong.accounts.actors import Actor
from qitong.accounts.logic.days import shanghai_date
from qitong.accounts.logic.roles import DEPARTMENT_ROLES, OFFICER_ROLES, Role, why_not_together
from qitong.accounts.models import Department, Jurisdiction, RoleAssignment, User
from qitong.accounts.people import (
    NewPerson,
    close_user,
    open_account,
    personal,
    set_password,
    unlock,
)
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.ledger.record import record

__all__ = ["NewPerson", "close_user", "create_user", "grant_role", "revoke_role", "set_password", "unlock"]


@transaction.atomic
def create_user(*, person: NewPerson, by: Actor, at: dt.datetime) -> User:
    """Open an officer's account, without any role yet."""
    require_allowed(by, Deed.MANAGE_USERS)
    user = open_account(person)
    record(user.ref, "user.created", by=by.ref, at=at, body={}, personal=personal(user))
    return user


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    department: Department | None = None,
    jurisdiction: Jurisdiction | None = None,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
    by: Actor,
    at: dt.datetime,
) -> RoleAssignment:
    """Give a role from ``from_on`` (by default today) up to, not including, ``until_on``.

    Refused: a place missing or superfluous (``place``), roles one person may not hold together
    (``separation_of_duties``, also for one's own roles), the same role twice (``held``), an end not after
    the start (``dates``).
    """
    _require_other(user, by)
    if reason := _why_not_there(role, department, jurisdiction):
        raise Refused(reason, code="place", field="role")
    start = from_on or shanghai_date(at)
    if until_on is not None and until_on <= start:
        raise Refused(say("截止日期须晚于开始日期。"), code="dates", field="until_on")
    # Locked, so that two roles granted at once still exclude each other.
    User.objects.select_for_update().get(pk=user.pk)
    held = RoleAssignment.objects.filter(Q(until_on=None) | Q(until_on__gt=start), user=user)
    if reason := why_not_together([Role(r) for r in held.values_list("role", flat=True)], role):
        raise Refused(reason, code="separation_of_duties", field="role")
    try:
        with transaction.atomic():
            assignment = RoleAssignment.objects.create(
                user=user,
                role=role.value,
                department=department,
                jurisdiction=jurisdiction,
                from_on=start,
                until_on=until_on,
            )
    except IntegrityError as error:
        raise Refused(say("该人员已担任此角色。"), code="held", field="role") from error
    record(user.ref, "role.granted", by=by.ref, at=at, body=_facts(assignment))
    return assignment


@transaction.atomic
def revoke_role(*, assignment: RoleAssignment, by: Actor, at: dt.datetime) -> None:
    """End a role today: from now on it is not held."""
    current = (
        RoleAssignment.objects.select_for_update(of=("self",)).select_related("user").get(pk=assignment.pk)
    )
    _require_other(current.user, by)
    today = shanghai_date(at)
    if current.until_on is not None and current.until_on <= today:
        raise Refused(say("该角色已撤销。"), code="revoked")
    # One that lies in the future ends on the day it would have begun: it was never held.
    assignment.until_on = max(today, current.from_on)
    assignment.save(update_fields=["until_on"])
    record(assignment.user.ref, "role.revoked", by=by.ref, at=at, body=_facts(assignment))


def _require_other(user: User, by: Actor) -> None:
    """Whoever hands out roles does not hand them to themselves."""
    require_allowed(by, Deed.MANAGE_USERS)
    if by.user_id == user.pk:
        raise Refused(say("不能更改自己的角色，请由另一位安全管理员办理。"), code="separation_of_duties")


def _why_not_there(
    role: Role, department: Department | None, jurisdiction: Jurisdiction | None
) -> Sentence | None:
    if role not in OFFICER_ROLES:
        return say("“{role}”不是工作人员角色。", role=role.label)
    if role in DEPARTMENT_ROLES and department is None:
        return say("{role}须指定所在部门。", role=role.label)
    if role not in DEPARTMENT_ROLES and department is not None:
        return say("{role}不属于某一部门，请勿指定部门。", role=role.label)
    if role is Role.LEADER and jurisdiction is None:
        return say("{role}须指定分管的区域。", role=role.label)
    return None


def _facts(assignment: RoleAssignment) -> dict[str, str | int | None]:
    return {
        "assignment": assignment.pk,
        "role": assignment.role,
        "department": assignment.department.code if assignment.department else None,
        "jurisdiction": assignment.jurisdiction.code if assignment.jurisdiction else None,
        "from_on": assignment.from_on.isoformat(),
        "until_on": assignment.until_on.isoformat() if assignment.until_on else None,
    }
