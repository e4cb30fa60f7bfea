"""Whose account somebody means who comes from an OpenID provider. Nobody gets an account by coming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from qitong.accounts.actors import Actor
from qitong.accounts.logic.logins import normalised
from qitong.accounts.logic.oidc import verified_logins
from qitong.accounts.models import ExternalIdentity, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.record import record

SYSTEM = "system:oidc"
CHINA = "+86"  # providers write it, people who sign in do not


@transaction.atomic
def identify(*, claims: Mapping[str, Any], at: dt.datetime) -> User:
    """Return whose account this is, by the provider's name for them, or else by a verified address.

    The first time the name is noted, so that a mail address that somebody else gets some day opens
    nothing. Refused: nobody has the address (``oidc_unknown``), several have (``oidc_ambiguous``), the
    account is already known to the provider under another name (``oidc_other``).
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    known = ExternalIdentity.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    if known is not None:
        return known.user
    user = _addressed(verified_logins(claims))
    try:
        with transaction.atomic():
            ExternalIdentity.objects.create(user=user, issuer=issuer, subject=subject, linked_at=at)
    except IntegrityError as error:
        raise Refused(
            say("该账号已与统一登录的另一个身份关联。请联系安全管理员核对。"), code="oidc_other"
        ) from error
    record(
        user.ref, "identity.linked", by=SYSTEM, at=at, body={"issuer": issuer}, personal={"subject": subject}
    )
    return user


@transaction.atomic
def unlink(*, user: User, reason: str, by: Actor, at: dt.datetime) -> None:
    """Forget who somebody is at the provider; the next time they are found by address again."""
    require_allowed(by, Deed.MANAGE_USERS)
    why = require(reason, field="reason", what=say("理由"))
    gone, _ = ExternalIdentity.objects.filter(user=user).delete()
    if not gone:
        raise Refused(say("该账号没有关联统一登录。"), code="not_linked")
    record(user.ref, "identity.unlinked", by=by.ref, at=at, body={"reason": why})


def _addressed(addresses: list[str]) -> User:
    """The one whose login it is; else the one open account that is reached there."""
    typed = [normalised(address) for address in addresses]
    wanted = typed + [address.removeprefix(CHINA) for address in typed if address.startswith(CHINA)]
    by_login = User.objects.filter(login__in=wanted).order_by("pk")[:2]
    reached = Q(email__in=wanted) | Q(phone__in=wanted)
    found = list(by_login) or list(User.objects.filter(reached, is_active=True).order_by("pk")[:2])
    if not wanted or not found:
        raise Refused(
            say("统一登录的身份还没有对应的账号。企业请先注册，工作人员请联系安全管理员开通。"),
            code="oidc_unknown",
        )
    if len(found) > 1:
        raise Refused(
            say("统一登录的手机号或邮箱对应多个账号，不能确定是哪一个。请用密码或验证码登录。"),
            code="oidc_ambiguous",
        )
    return found[0]
