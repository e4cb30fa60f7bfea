"""Signing in: five failures lock for half an hour (GB/T 22239-2019, 等保 2.0, 8.1.4.1)."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qitong.accounts.logic.passwords import MIN_CLASSES, MIN_LENGTH, why_not_password
from qitong.accounts.models import User
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record

# The standard asks for a limit and a lock; the baseline of this project sets the numbers.
FAILURES_UNTIL_LOCK = 5
LOCK = dt.timedelta(minutes=30)
# The entries say whose account it was; who tried is not known, so nobody is named as actor.
VISITOR = "visitor"


class ThreeClassesValidator:
    """The password rule of 等保, as Django's settings name validators."""

    def validate(self, password: str, user: object = None) -> None:
        if reason := why_not_password(password):
            raise ValidationError(str(reason), code="weak_password")

    def get_help_text(self) -> str:
        return str(
            say(
                "密码至少{count}位，包含大写字母、小写字母、数字、符号中的至少{classes}类。",
                count=MIN_LENGTH,
                classes=MIN_CLASSES,
            )
        )


def check_login(login: str, password: str, *, at: dt.datetime) -> User:
    """Return who signs in, or refuse: ``login_failed``, ``locked`` or ``closed``.

    An unknown login is answered like a wrong password, after as much work. Success, failure and
    lock are each one ledger entry of the user; they stay although the login is refused.
    """
    user, refusal = _check(login, password, at)
    if refusal is not None:
        raise refusal
    if user is None:  # never: without a user there is a refusal
        raise _failed()
    return user


@transaction.atomic
def _check(login: str, password: str, at: dt.datetime) -> tuple[User | None, Refused | None]:
    user = User.objects.select_for_update().filter(login=login.strip().lower()).first()
    if user is None:
        make_password(password)  # as slow as a check, so that time does not tell who exists
        return None, _failed()
    if user.locked_until is not None and user.locked_until > at:
        record(user.ref, "login.refused", by=VISITOR, at=at, body={"reason": "locked"})
        return None, _locked(user.locked_until)
    if not user.check_password(password):
        return None, _count_failure(user, at)
    if not user.is_active:
        record(user.ref, "login.refused", by=user.ref, at=at, body={"reason": "closed"})
        return None, Refused(say("该账号已停用。如有疑问，请联系系统管理员。"), code="closed")
    user.failed_logins, user.locked_until, user.last_login = 0, None, at
    user.save(update_fields=["failed_logins", "locked_until", "last_login"])
    record(user.ref, "login.succeeded", by=user.ref, at=at, body={})
    return user, None


def _count_failure(user: User, at: dt.datetime) -> Refused:
    user.failed_logins += 1
    if user.failed_logins >= FAILURES_UNTIL_LOCK:
        until = at + LOCK
        user.failed_logins, user.locked_until = 0, until
        user.save(update_fields=["failed_logins", "locked_until"])
        body = {"until": until.isoformat()}
        record(user.ref, "login.locked", by=VISITOR, at=at, body=body)
        return _locked(until)
    user.save(update_fields=["failed_logins"])
    body_failed = {"failures": user.failed_logins}
    record(user.ref, "login.failed", by=VISITOR, at=at, body=body_failed)
    return _failed()


def _failed() -> Refused:
    return Refused(
        say(
            "登录名或密码不正确。连续{count}次错误将锁定{minutes}分钟。",
            count=FAILURES_UNTIL_LOCK,
            minutes=LOCK // dt.timedelta(minutes=1),
        ),
        code="login_failed",
        field="password",
    )


def _locked(until: dt.datetime) -> Refused:
    return Refused(
        say("登录失败次数过多，账号已锁定，请于{until}之后再试。", until=until), code="locked", field="login"
    )
