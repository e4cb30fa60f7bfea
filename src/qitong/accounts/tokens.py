"""API tokens: a key for a program, limited to one role in one place."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from qitong.accounts.actors import Actor, actor_for, digest_of
from qitong.accounts.logic.days import shanghai_date
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import ApiToken, Department, Enterprise, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.ledger.record import record

LONGEST_DAYS = 365
LONGEST_NAME = 100  # as the table has it
_SHOWN = 8  # characters of the raw token by which lists tell tokens apart


@transaction.atomic
def create(
    *,
    name: str,
    user: User,
    role: Role,
    department: Department | None = None,
    enterprise: Enterprise | None = None,
    days: int,
    by: Actor,
    at: dt.datetime,
) -> tuple[ApiToken, str]:
    """Return a new token and its raw text, which is shown this once and never stored.

    Refused: a term outside 1–365 days (``days``), a role its user does not hold there (``role``).
    """
    require_allowed(by, Deed.CREATE_TOKEN, enterprise)
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(say("令牌有效期为1至{days}天。", days=LONGEST_DAYS), code="days", field="days")
    if not _holds(user, role, department, enterprise, at):
        raise Refused(say("{name}没有该角色，不能以此创建令牌。", name=user.name), code="role", field="role")
    raw = f"qt_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        name=require_line(name, field="name", what=say("令牌名称"), most=LONGEST_NAME),
        user=user,
        role=role.value,
        department=department,
        enterprise=enterprise,
        digest=digest_of(raw),
        prefix=raw[:_SHOWN],
        expires_at=at + dt.timedelta(days=days),
    )
    body = {
        "token": token.pk,
        "name": token.name,
        "role": role.value,
        "department": department.code if department else None,
        "enterprise": enterprise.uscc if enterprise else None,
        "expires_at": token.expires_at.isoformat(),
    }
    record(user.ref, "token.created", by=by.ref, at=at, body=body)
    return token, raw


@transaction.atomic
def revoke(*, token: ApiToken, by: Actor, at: dt.datetime) -> None:
    """End a token now; refused when it has been revoked already."""
    require_allowed(by, Deed.REVOKE_TOKEN, token)
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        raise Refused(say("该令牌已撤销。"), code="revoked")
    token.revoked_at = at
    record(token.user.ref, "token.revoked", by=by.ref, at=at, body={"token": token.pk})


def _holds(
    user: User, role: Role, department: Department | None, enterprise: Enterprise | None, at: dt.datetime
) -> bool:
    actor = actor_for(user, on=shanghai_date(at))
    if role is Role.ENTERPRISE or enterprise is not None:
        fits = role is Role.ENTERPRISE and enterprise is not None and department is None
        return fits and enterprise is not None and enterprise.pk in actor.enterprise_ids
    wanted = department.pk if department else None
    return any(grant.role == role and grant.department_id == wanted for grant in actor.roles)
