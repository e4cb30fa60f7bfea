"""The account of one person: opened, given a password, closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from django.contrib.auth.hashers import check_password, identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from qitong.accounts.actors import Actor
from qitong.accounts.logic.passwords import KEPT, why_not_own, why_not_password
from qitong.accounts.models import LoginSession, PastPassword, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused, require
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.ledger.record import record

LONGEST_NAME = 100  # as the tables have it


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is asked of somebody who gets an account; ``login`` is a phone number or mail address.

    Without ``phone`` and ``email`` the login fills the one it is. ``hashed`` stands for the password
    where only its hash is known, as when accounts move in from elsewhere. ``by_code``: there is no
    password; they sign in with codes, and may set one later.
    """

    login: str
    name: str
    password: str = field(repr=False)
    phone: str = ""
    email: str = ""
    hashed: str = field(default="", repr=False)
    by_code: bool = False


def open_account(person: NewPerson) -> User:
    """Create the user, inside the caller's transaction and under its ledger entry.

    Refused: a name that is missing, too long or no line of text, a login that is neither phone nor mail
    (``login``), a login that is taken (``login_taken``), a weak password (``weak_password``).
    """
    user = _user(person)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Refused(
            say("该登录名已被使用。请直接登录，或使用其他手机号、邮箱。"), code="login_taken", field="login"
        ) from error
    return user


def hashed(person: NewPerson) -> NewPerson:
    """The same person, of the password only its hash; refused as :func:`open_account` refuses."""
    user = _user(person)
    return replace(person, login=user.login, name=user.name, password="", hashed=user.password)


def _user(person: NewPerson) -> User:
    login = _login(person.login)
    is_mail = "@" in login
    user = User(
        login=login,
        name=require_line(person.name, field="name", what=say("姓名"), most=LONGEST_NAME),
        phone=person.phone.strip() or ("" if is_mail else login),
        email=person.email.strip() or (login if is_mail else ""),
    )
    _give_password(user, person)
    return user


def _give_password(user: User, person: NewPerson) -> None:
    if person.by_code:
        user.set_unusable_password()
        return
    if not person.hashed:
        check_password_strength(person.password, user)
        user.set_password(person.password)
        return
    try:
        identify_hasher(person.hashed)
    except ValueError as error:
        raise Refused(say("密码摘要的格式不被支持。"), code="weak_password", field="password") from error
    user.password = person.hashed


def personal(user: User) -> dict[str, str]:
    """The personal data of a user, for the erasable part of a ledger entry."""
    facts = {"login": user.login, "name": user.name, "phone": user.phone, "email": user.email}
    return {key: text for key, text in facts.items() if text}


def check_password_strength(password: str, user: User) -> None:
    """Refuse (``weak_password``) what the rule of 等保, Django's validators or one's own facts rule out."""
    reason = why_not_password(password) or why_not_own(
        password, (user.name, user.login, user.phone, user.email)
    )
    if not reason:
        try:
            validate_password(password, user)
        except ValidationError:
            reason = say("该密码过于常见或容易猜到，请更换。")
    if reason:
        raise Refused(reason, code="weak_password", field="password")


@transaction.atomic
def set_password(*, user: User, password: str, by: Actor, at: dt.datetime) -> None:
    """Set a new password; it also lifts a lock. Sessions of the old password end with it.

    Refused: a weak one (``weak_password``), one of the last five (``used_password``).
    """
    require_allowed(by, Deed.SET_PASSWORD, user)
    check_password_strength(password, user)
    before = User.objects.select_for_update().get(pk=user.pk)
    _check_is_new(password, before)
    if before.has_usable_password():
        PastPassword.objects.create(user=user, hashed=before.password, until=at)
    user.set_password(password)
    user.failed_logins, user.locked_until = 0, None
    user.save(update_fields=["password", "failed_logins", "locked_until"])
    record(user.ref, "user.password_set", by=by.ref, at=at, body={})


def _check_is_new(password: str, user: User) -> None:
    """The present one and those before it; older hashes are of no use any more and go."""
    past = PastPassword.objects.filter(user=user).order_by("-until", "-pk")
    kept = list(past[: KEPT - 1].values_list("pk", "hashed"))
    past.exclude(pk__in=[pk for pk, _hash in kept]).delete()
    present = [user.password] if user.has_usable_password() else []
    if any(check_password(password, hashed) for hashed in [*present, *(hashed for _pk, hashed in kept)]):
        raise Refused(
            say("最近{count}次用过的密码不能再用，请换一个。", count=KEPT),
            code="used_password",
            field="password",
        )


@transaction.atomic
def unlock(*, user: User, by: Actor, at: dt.datetime) -> None:
    """Let somebody who is locked out try again at once; refused (``not_locked``) when there is no lock."""
    require_allowed(by, Deed.MANAGE_USERS)
    locked = User.objects.filter(pk=user.pk, locked_until__gt=at)
    if not locked.update(failed_logins=0, locked_until=None):
        raise Refused(say("该账号没有锁定。"), code="not_locked")
    user.failed_logins, user.locked_until = 0, None
    record(user.ref, "login.unlocked", by=by.ref, at=at, body={})


@transaction.atomic
def close_user(*, user: User, by: Actor, at: dt.datetime) -> None:
    """Close the account of a leaver: every login ends, no token works; what they did stays theirs."""
    require_allowed(by, Deed.MANAGE_USERS)
    closed = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    if not closed:
        raise Refused(say("该账号已停用。"), code="closed")
    user.is_active = False
    ended, _ = LoginSession.objects.filter(user=user).delete()
    record(user.ref, "user.closed", by=by.ref, at=at, body={"sessions": ended})


def _login(text: str) -> str:
    login = require(text, field="login", what=say("登录名")).lower()
    digits = login.removeprefix("+")
    if digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15:
        return login
    try:
        validate_email(login)
    except ValidationError as error:
        raise Refused(say("登录名应为手机号或邮箱。"), code="login", field="login") from error
    return login
