"""What people change about their own account: name, language, where they are reached."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from qitong.accounts import login_codes
from qitong.accounts.actors import Actor
from qitong.accounts.logic.logins import is_mail
from qitong.accounts.models import Language, Purpose, User
from qitong.accounts.people import LONGEST_NAME, set_password
from qitong.kernel.errors import Refused
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.ledger.record import record


@transaction.atomic
def rename(*, name: str, by: Actor, at: dt.datetime) -> User:
    """Correct one's own name as colleagues and officers see it."""
    user = _oneself(by)
    user.name = require_line(name, field="name", what=say("姓名"), most=LONGEST_NAME)
    user.save(update_fields=["name"])
    record(user.ref, "user.renamed", by=by.ref, at=at, body={}, personal={"name": user.name})
    return user


@transaction.atomic
def set_language(*, language: Language, by: Actor, at: dt.datetime) -> User:
    """Choose the language in which one is written to."""
    user = _oneself(by)
    user.language = language.value
    user.save(update_fields=["language"])
    record(user.ref, "user.language_set", by=by.ref, at=at, body={"language": language.value})
    return user


def confirm_address(*, code: str, by: Actor, at: dt.datetime) -> User:
    """Take over the new phone number or mail address that the code was sent to.

    A login that was the old one becomes the new one: whoever gets the old number some day must not get
    the codes. The old address is told (notifications/account_tells.py). Refused: no open code
    (``code_expired``), a wrong one (``code_wrong``, ``code_void``), an address that is somebody else's
    login (``login_taken``).
    """
    found = _confirm(code, by, at)
    if isinstance(found, Refused):
        raise found
    return found


@transaction.atomic
def _confirm(typed: str, by: Actor, at: dt.datetime) -> User | Refused:
    """Returned, not raised, so that a wrong try stays counted."""
    user = _oneself(by)
    code = login_codes.spent(typed, whose=user.ref, purpose=Purpose.NEW_ADDRESS, at=at)
    if isinstance(code, Refused):
        return code
    kind = "email" if is_mail(code.address) else "phone"
    before = getattr(user, kind)
    moved = user.login in (before.lower(), code.address)
    setattr(user, kind, code.address)
    if moved:
        user.login = code.address
    try:
        with transaction.atomic():
            user.save(update_fields=["login", "phone", "email"])
    except IntegrityError:
        taken = say("该手机号或邮箱已是另一个账号的登录名。请换一个。")
        return Refused(taken, code="login_taken", field="code")
    body = {"kind": kind, "login": moved}
    addresses = {"address": code.address} | ({"before": before} if before else {})
    record(user.ref, "user.address_changed", by=by.ref, at=at, body=body, personal=addresses)
    return user


def set_password_by_code(*, code: str, password: str, by: Actor, at: dt.datetime) -> User:
    """Set a password with a code that was sent for just this, in place of the present one.

    Having come in with a code some time ago is no proof that it is still the same person. Refused: no open
    code (``code_expired``), a wrong one (``code_wrong``, ``code_void``), and as :func:`set_password` does;
    a password that is refused leaves the code good.
    """
    found = _by_code(code, password, by, at)
    if isinstance(found, Refused):
        raise found
    return found


@transaction.atomic
def _by_code(typed: str, password: str, by: Actor, at: dt.datetime) -> User | Refused:
    """Returned, not raised, so that a wrong try stays counted."""
    user = _oneself(by)
    code = login_codes.spent(typed, whose=user.ref, purpose=Purpose.NEW_PASSWORD, at=at)
    if isinstance(code, Refused):
        return code
    set_password(user=user, password=password, by=by, at=at)
    return user


def _oneself(by: Actor) -> User:
    if by.user_id is None or not by.is_person:
        raise Refused(say("请先登录。"), code="forbidden")
    return User.objects.select_for_update().get(pk=by.user_id)
