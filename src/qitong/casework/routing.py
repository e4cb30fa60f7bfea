"""Who owns a case, who was added, and the first contact."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count

from qitong.accounts.actors import Actor, Role
from qitong.accounts.logic.substitutes import resolve
from qitong.accounts.models import Department, User
from qitong.accounts.queries import absences_on, officers_of, on_duty, roles_on, window_of
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import Deed
from qitong.casework.logic.ownership import Choice, choose_owner
from qitong.casework.models import Case, Participant
from qitong.casework.move import locked, move_case
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.record import record

WINDOW_ROLES = (Role.DUTY_OFFICER, Role.SERVICE_OFFICER, Role.RECRUITMENT_OFFICER)


def window_for(case: Case) -> Department:
    """The single window that receives this company's cases."""
    window = window_of(case.enterprise.jurisdiction)
    if window is None:
        raise Refused(say("企业所在地还没有设立受理窗口，请致电园区服务中心。"), code="no_window")
    return window


def owner_for(window: Department, on: dt.date, officer: User | None = None) -> Choice:
    """The rule of first-contact ownership on a day: rota, then least loaded, absences honoured.

    ``officer`` is who is on the rota, if they were looked up already.
    """
    officer = officer or on_duty(window, on)
    duty = officer.pk if officer else None
    if officer is not None and not vars(officer)["is_absent"]:  # the most frequent answer needs nothing else
        return choose_owner(on_duty=duty, candidates=(), loads={}, substitutes={})
    absences = absences_on(on)
    candidates = [u.pk for u in officers_of(window, WINDOW_ROLES, on)]
    people = set(candidates) | ({duty} if duty else set())
    substitutes = _still_here({u: resolve(u, absences) for u in people if u in absences})
    loads = dict(
        Case.objects.open().filter(owner__in=candidates).values_list("owner").annotate(n=Count("pk"))
    )
    return choose_owner(on_duty=duty, candidates=candidates, loads=loads, substitutes=substitutes)


def _still_here(substitutes: dict[int, int | None]) -> dict[int, int | None]:
    """A substitute who has left since stands in for nobody."""
    named = [there for there in substitutes.values() if there is not None]
    active = set(User.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    return {user: there if there in active else None for user, there in substitutes.items()}


@transaction.atomic
def transfer(*, case_id: int, to: User, reason: str, by: Actor, at: dt.datetime) -> Participant:
    """Add somebody to a case. The owner stays the owner; nobody is ever removed."""
    reason = require(reason, field="reason", what=say("请谁协助、做什么"))
    case = locked(case_id)
    if not roles_on(day_of(at)).filter(user=to).exists():
        raise Refused(
            say("{name}不是在岗的工作人员，请另选。", name=to.name), code="not_an_officer", field="to"
        )
    if to.pk == case.owner_id:
        raise Refused(say("{name}已经是首问负责人。", name=to.name), code="already_owner", field="to")
    helper = case.participants.filter(user=to).first()
    if helper is not None and helper.handed_over_at is None:
        return helper
    move_case(case, Deed.TRANSFER, by=by, at=at, body={"to": to.ref, "name": to.name, "reason": reason})
    if helper is None:
        return Participant.objects.create(case=case, user=to, added_at=at, added_by=by.ref, reason=reason)
    helper.handed_over_at = None  # they are back; when and why they first came stays on record
    helper.save(update_fields=["handed_over_at"])
    return helper


@transaction.atomic
def contact(*, case_id: int, note: str, by: Actor, at: dt.datetime) -> Case:
    """Note that the company was contacted; the first note keeps the promise of first contact."""
    case = locked(case_id)
    facts = {} if case.contacted_at else {"contacted_at": at}
    return move_case(case, Deed.CONTACT, by=by, at=at, facts=facts, personal={"note": note} if note else None)


@transaction.atomic
def replace_owner(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Give a case whose owner has left a new owner by the same rule; the old one stays a participant."""
    case = locked(case_id)
    if case.owner is None or case.owner.is_active or case.window is None:
        return case
    choice = owner_for(case.window, day_of(at))
    left = case.owner
    Participant.objects.get_or_create(
        case=case, user=left, defaults={"added_at": at, "added_by": by.ref, "reason": "原首问负责人"}
    )
    case.owner_id, case.owner_reason = choice.user_id, choice.reason
    case.save(update_fields=["owner", "owner_reason"])
    case.refresh_from_db(fields=["owner"])
    body = {"from": left.ref, "to": f"user:{choice.user_id}", "reason": choice.reason}
    record(case.stream, "case.owner", by=by.ref, at=at, body=body)
    return case
