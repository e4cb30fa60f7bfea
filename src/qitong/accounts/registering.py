"""A company registers online: looked at first, done once the contact has shown that the phone is theirs.

Whether somebody has an account under that number is asked only after the right code was typed: until then
whoever asks, for a number known or not, gets the same answer after the same work.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from qitong.accounts import login_codes
from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.enterprises import Registration, looked_at, register
from qitong.accounts.logic.logins import normalised
from qitong.accounts.login import came_by_code
from qitong.accounts.models import Jurisdiction, Purpose, User
from qitong.accounts.people import NewPerson, hashed
from qitong.accounts.queries import roles_on
from qitong.kernel.errors import Refused
from qitong.kernel.limits import SHANGHAI
from qitong.kernel.words import say


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, whole and allowed; of the password only its hash."""

    uscc: str
    name: str
    jurisdiction: int
    legal_representative: str
    address: str
    phone: str
    contact_name: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Done:
    """``known``: the contact had an account before, and keeps its name and password."""

    registration: Registration
    known: bool


def wanted(
    *,
    uscc: str,
    name: str,
    jurisdiction: Jurisdiction,
    legal_representative: str,
    address: str,
    phone: str,
    contact_name: str,
    password: str,
) -> Wanted:
    """All that can be refused without looking at anybody's account; refused as :func:`register` does."""
    about = {"uscc": uscc, "name": name, "legal_representative": legal_representative, "address": address}
    company = looked_at(jurisdiction=jurisdiction, phone=phone, **about)
    try:
        person = hashed(NewPerson(login=phone, name=contact_name, password=password))
    except Refused as refused:
        field = {"name": "contact_name", "login": "phone"}.get(refused.field, refused.field)
        raise Refused(refused.sentence, code=refused.code, field=field) from refused
    return Wanted(
        company.uscc,
        company.name,
        jurisdiction.pk,
        company.legal_representative,
        company.address,
        normalised(phone),
        person.name,
        person.hashed,
    )


def at_once(given: Wanted, *, at: dt.datetime) -> Registration:
    """Register without a code, where none can be sent; refused (``login_taken``) for a number in use."""
    return _register(given, None, at)


def confirm(given: Wanted, *, code: str, at: dt.datetime) -> Done:
    """Register, the phone being proved by the code that was sent to it.

    Who has an account under that number is the administrator as they are; else the account is opened.
    Refused: no open code (``code_expired``), a wrong one (``code_wrong``, ``code_void``), an account that is
    closed, locked, or an officer's (``closed``, ``locked``, ``officer``), and as :func:`register` does.
    """
    found = _confirm(given, code, at)
    if isinstance(found, Refused):
        raise found
    return found


@transaction.atomic
def _confirm(given: Wanted, typed: str, at: dt.datetime) -> Done | Refused:
    """Returned, not raised, so that a wrong try stays counted."""
    code = login_codes.spent(typed, whose=given.phone, purpose=Purpose.REGISTRATION, at=at)
    if isinstance(code, Refused):
        return code
    user = User.objects.select_for_update().filter(login=given.phone).first()
    if user is None:
        return Done(_register(given, None, at), known=False)
    if refusal := came_by_code(user, at=at):
        return refusal
    if roles_on(at.astimezone(SHANGHAI).date()).filter(user=user).exists():
        sentence = say("这个号码是工作人员的账号。请用另一个手机号注册企业。")
        return Refused(sentence, code="officer", field="phone")
    return Done(_register(given, user, at), known=True)


def _register(given: Wanted, user: User | None, at: dt.datetime) -> Registration:
    by = actor_for(user, on=at.astimezone(SHANGHAI).date()) if user else Actor.visitor()
    person = NewPerson(given.phone, given.contact_name, password="", hashed=given.password_hash)
    return register(
        uscc=given.uscc,
        name=given.name,
        jurisdiction=Jurisdiction.objects.get(pk=given.jurisdiction),
        legal_representative=given.legal_representative,
        address=given.address,
        phone=given.phone,
        contact=user or person,
        by=by,
        at=at,
    )
