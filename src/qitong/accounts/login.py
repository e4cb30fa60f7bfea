"""Signing in by password or by code: five failures lock for a while (GB/T 22239-2019, 等保 2.0, 8.1.4.1),
whichever way they were made.

A login that nobody has is counted, locked and answered like any other.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qitong.accounts import login_codes, second
from qitong.accounts.logic.logins import DIGITS, code_of, normalised
from qitong.accounts.logic.passwords import MIN_CLASSES, MIN_LENGTH, why_not_password
from qitong.accounts.models import Purpose, Stranger, User
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record

# The standard asks for a limit and a lock; the baseline of this project sets the numbers.
FAILURES_UNTIL_LOCK = 5
# The entries say whose account it was; who tried is not known, so nobody is named as actor.
VISITOR = "visitor"


def lock_time() -> dt.timedelta:
    """``QITONG_LOCK_MINUTES``; the baseline is half an hour."""
    minutes: int = settings.LOCK_MINUTES
    return dt.timedelta(minutes=minutes)


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
    lock are each one ledger entry; they stay although the login is refused.
    """
    return _entered(*_by_password(normalised(login), password, at))


def check_code(login: str, code: str, *, at: dt.datetime) -> User:
    """Return who signs in with a code sent to ``login``, or refuse as :func:`check_login` does.

    Also refused: what is not six digits (``code``; not counted), no open code (``code_expired``), a wrong
    one (``code_wrong``, and ``code_void`` at the fifth). A wrong code counts as a wrong password does.
    """
    if not code_of(code):
        raise Refused(say("请填写{count}位数字验证码。", count=DIGITS), code="code", field="code")
    return _entered(*_by_code(normalised(login), code, at))


def check_second(user: User, typed: str, *, at: dt.datetime) -> User:
    """Return who has given the first proof and now the second: a code of the app, or a recovery code.

    Refused: a wrong one (``second_wrong``), which counts and locks as a wrong password does.
    """
    return _entered(*_by_second(user, typed, at))


def finish(user: User, *, method: str, at: dt.datetime) -> User:
    """Let in who has proved themselves elsewhere (a provider, a factor taken into use just now)."""
    return _entered(*_finish(user, method, at))


def by_provider(user: User, *, strong: bool, at: dt.datetime) -> User:
    """Return whom an OpenID provider has vouched for; ``strong``: it asked for a second factor itself."""
    return _entered(*_finish(user, "oidc", at, whole=strong))


def came_by_code(user: User, *, at: dt.datetime) -> Refused | None:
    """Note that somebody proved by a code that the login is theirs; why they may not come in, if so."""
    return _finish(user, "code", at, whole=False)[1]


def prove_second(user: User, typed: str, *, at: dt.datetime) -> None:
    """Let somebody who is signed in show their app again; failures count and lock as at signing in."""
    refusal = _second_proved(user, typed, at)
    if refusal is not None:
        raise refusal


def check_password(user: User, password: str, *, at: dt.datetime) -> None:
    """Let somebody who is signed in prove it again; failures count and lock as at signing in."""
    refusal = _proved(user, password, at)
    if refusal is not None:
        raise refusal


Outcome = tuple[User | None, Refused | None]


def _entered(user: User | None, refusal: Refused | None) -> User:
    if refusal is not None:
        raise refusal
    if user is None:  # never: without a user there is a refusal
        raise _failed()
    return user


@transaction.atomic
def _by_password(login: str, password: str, at: dt.datetime) -> Outcome:
    somebody = _somebody(login, at)
    if locked := _while_locked(somebody, at):
        return None, locked
    if isinstance(somebody, Stranger):
        make_password(password)  # as slow as a check, so that time does not tell who exists
        return None, _count_failure(somebody, "password", at)
    if not somebody.check_password(password):
        return None, _count_failure(somebody, "password", at)
    return _let_in(somebody, "password", at)


@transaction.atomic
def _by_code(login: str, typed: str, at: dt.datetime) -> Outcome:
    somebody = _somebody(login, at)
    if locked := _while_locked(somebody, at):
        return None, locked
    code = login_codes.find(whose=login, purpose=Purpose.SIGN_IN, at=at)
    if code is None:
        return None, login_codes.expired()
    if not login_codes.matches(code, typed) or isinstance(somebody, Stranger):
        failed = _count_failure(somebody, "code", at)
        return None, failed if failed.code == "locked" else login_codes.wrong(code)
    login_codes.use(code)
    return _let_in(somebody, "code", at)


@transaction.atomic
def _by_second(user: User, typed: str, at: dt.datetime) -> Outcome:
    somebody = User.objects.select_for_update().get(pk=user.pk)
    if refusal := _second_refused(somebody, typed, at):
        return None, refusal
    return _let_in(somebody, "second_factor", at, whole=True)


@transaction.atomic
def _finish(user: User, method: str, at: dt.datetime, *, whole: bool = True) -> Outcome:
    somebody = User.objects.select_for_update().get(pk=user.pk)
    if locked := _while_locked(somebody, at):
        return None, locked
    return _let_in(somebody, method, at, whole=whole)


@transaction.atomic
def _second_proved(user: User, typed: str, at: dt.datetime) -> Refused | None:
    return _second_refused(User.objects.select_for_update().get(pk=user.pk), typed, at)


def _second_refused(somebody: User, typed: str, at: dt.datetime) -> Refused | None:
    if locked := _while_locked(somebody, at):
        return locked
    if second.accepts(somebody, typed, at=at):
        return None
    failed = _count_failure(somebody, "second_factor", at)
    return failed if failed.code == "locked" else second.wrong()


@transaction.atomic
def _proved(user: User, password: str, at: dt.datetime) -> Refused | None:
    somebody = User.objects.select_for_update().get(pk=user.pk)
    if locked := _while_locked(somebody, at):
        return locked
    return None if somebody.check_password(password) else _count_failure(somebody, "password", at)


def _somebody(login: str, at: dt.datetime) -> User | Stranger:
    """Whose failures are counted, locked for this transaction.

    Strangers are looked for in any case, so that time tells nothing.
    """
    user = User.objects.select_for_update().filter(login=login).first()
    strangers = Stranger.objects.select_for_update().filter(digest=login_codes.digest_of(login))
    stranger = strangers.first()
    if user is not None:
        return user
    if stranger is None:
        stranger, _ = strangers.get_or_create(digest=login_codes.digest_of(login), defaults={"tried_at": at})
    stranger.tried_at = at
    return stranger


def _while_locked(somebody: User | Stranger, at: dt.datetime) -> Refused | None:
    if somebody.locked_until is None or somebody.locked_until <= at:
        return None
    record(somebody.ref, "login.refused", by=VISITOR, at=at, body=_about(somebody, reason="locked"))
    return _locked(somebody.locked_until)


def _let_in(user: User, method: str, at: dt.datetime, *, whole: bool = False) -> Outcome:
    """Where a second factor is still to come, failures are not forgotten yet."""
    if not user.is_active:
        record(user.ref, "login.refused", by=user.ref, at=at, body={"reason": "closed"})
        return None, Refused(say("该账号已停用。如有疑问，请联系安全管理员。"), code="closed")
    if not whole and second.need(user, at=at) is not second.Need.NOTHING:
        record(user.ref, "login.first_factor", by=user.ref, at=at, body={"method": method})
        return user, None
    user.failed_logins, user.locked_until, user.last_login = 0, None, at
    user.save(update_fields=["failed_logins", "locked_until", "last_login"])
    record(user.ref, "login.succeeded", by=user.ref, at=at, body={"method": method})
    return user, None


def _count_failure(somebody: User | Stranger, method: str, at: dt.datetime) -> Refused:
    somebody.failed_logins += 1
    failures, until = somebody.failed_logins, None
    if failures >= FAILURES_UNTIL_LOCK:
        somebody.failed_logins, until = 0, at + lock_time()
    somebody.locked_until = until
    fields = ["failed_logins", "locked_until"]
    somebody.save(update_fields=[*fields, "tried_at"] if isinstance(somebody, Stranger) else fields)
    if until is not None:
        body = _about(somebody, method=method, until=until.isoformat())
        record(somebody.ref, "login.locked", by=VISITOR, at=at, body=body)
        return _locked(until)
    body = _about(somebody, method=method, failures=failures)
    record(somebody.ref, "login.failed", by=VISITOR, at=at, body=body)
    return _failed()


def _about(somebody: User | Stranger, **facts: object) -> dict[str, object]:
    """What a stranger typed may be a password in the wrong field: the ledger keeps a mark of it only."""
    return {**facts, "login": somebody.digest[:16]} if isinstance(somebody, Stranger) else facts


def _failed() -> Refused:
    return Refused(
        say(
            "登录名或密码不正确。连续{count}次错误将锁定{minutes}分钟。",
            count=FAILURES_UNTIL_LOCK,
            minutes=settings.LOCK_MINUTES,
        ),
        code="login_failed",
        field="password",
    )


def _locked(until: dt.datetime) -> Refused:
    return Refused(
        say("登录失败次数过多，账号已锁定，请于{until}之后再试，或者请安全管理员解锁。", until=until),
        code="locked",
        field="login",
    )
