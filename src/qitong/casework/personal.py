"""The personal data of a case: masked for officers until they ask, in full for the company itself.

Who works on the case asks with one click; who only looks on says why. Either way the company can read who
looked, from which seat, and when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import CharField, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from qitong.accounts import showing
from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Membership
from qitong.casework import permissions
from qitong.casework.logic.flow import Party
from qitong.casework.models import Case, Task
from qitong.datashare.models import Document
from qitong.kernel.errors import Refused
from qitong.kernel.masking import LIFTED, Veil
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.ledger.queries import ShownEntry, latest
from qitong.ledger.record import record

FIELDS = ("contact_name", "contact_phone", "texts")
_WORKS = {Party.OWNER, Party.HELPER, Party.LEAD}
_WORKERS = (Role.REVIEWER, Role.DEPARTMENT_HEAD, Role.SERVICE_OFFICER, Role.DUTY_OFFICER)
_UNTIL, _PEOPLE = "shown_until", "company_people"
_MOST_PEOPLE = 100


def with_showing(cases: QuerySet[Case], viewer: str | None) -> QuerySet[Case]:
    """Read along what :func:`veil_of` has to know of each case; no ``viewer`` is simply shown their own."""
    if viewer is None:
        return cases
    stream = Concat(Value("case:"), Cast("pk", CharField()), output_field=CharField())
    people = Membership.objects.filter(enterprise=OuterRef("enterprise")).order_by("pk")
    return cases.alias(subject=stream).annotate(
        **{
            _UNTIL: showing.until_along(viewer),
            _PEOPLE: ArraySubquery(people.values("user__name")[:_MOST_PEOPLE]),
        }
    )


def owns(actor: Actor, case: Case) -> bool:
    """Whether it is the actor's own company: not of a guest who looks with a member's eyes."""
    return case.enterprise_id in actor.enterprise_ids and not actor.ref.startswith("visit:")


def veil_of(actor: Actor, case: Case, *, at: dt.datetime) -> Veil:
    """How the actor sees the case; no query for a case read :func:`with_showing`."""
    if actor.is_system or owns(actor, case):
        return LIFTED
    known = vars(case)
    until = known[_UNTIL] if _UNTIL in known else showing.until(case.stream, actor.ref).first()
    return Veil(until is not None and until > at, listed(case).names | frozenset(known.get(_PEOPLE, ())))


def shown_until(case: Case) -> dt.datetime | None:
    """Until when a case read :func:`with_showing` is shown; None for one's own."""
    found: dt.datetime | None = vars(case).get(_UNTIL)
    return found


def listed(case: Case) -> Veil:
    """How a case stands in a list of officers, to whomever it is shown: drawn."""
    return Veil(names=frozenset({str(case.form.get("contact_name", "")).strip()} - {""}))


def contact_of(case: Case, veil: Veil) -> tuple[str, str]:
    """Name and phone of the company's contact, empty where not given."""
    name, phone = (str(case.form.get(field, "")) for field in ("contact_name", "contact_phone"))
    return veil.name(name), veil.phone(phone)


def why_not_show(actor: Actor, case: Case) -> Sentence:
    """Why the actor, who sees the case, may not ask to see its personal data; empty when they may."""
    if actor.ref.startswith("visit:"):
        return say("以他人账号查看时，个人信息一律不显示。")
    return NOTHING if actor.is_officer or owns(actor, case) else say("您不能查看这个办件的个人信息。")


def needs_reason(
    actor: Actor, case: Case, at: permissions.Standing, tasks: Iterable[Task] | None = None
) -> bool:
    """Whether the actor has to say why: not who works on the case. ``tasks`` are the case's, if at hand.

    To accept is its owner's, not everybody's at the window.
    """
    if permissions.parties(actor, case, at) & _WORKS:
        return False
    found = case.tasks.all() if tasks is None else tasks
    at_work = {grant.department_id for grant in actor.roles if grant.role in _WORKERS}
    return not at_work & {task.department_id for task in found if task.kind != "acceptance"}


@transaction.atomic
def show(*, case: Case, reason: str = "", by: Actor, at: dt.datetime) -> None:
    """Show ``by``, who sees the case, its personal data for a while: one entry, none while it is shown.

    Refused: who may not (``not_allowed``), who has to say why and does not (``missing``, ``reason``).
    """
    if refusal := why_not_show(by, case):
        raise Refused(refusal, code="not_allowed")
    if owns(by, case):
        return
    given = reason.strip()
    if given or needs_reason(by, case, permissions.standing(case, ())):
        given = showing.reason_of(reason)
    if showing.begin(case.stream, by=by, at=at, lasting=showing.SHOWN_FOR):
        body = {"fields": list(FIELDS), **showing.seat_of(by)}
        personal = {"reason": given} if given else None
        record(case.stream, showing.SHOWN, by=by.ref, at=at, body=body, personal=personal)


@transaction.atomic
def note_opened(*, document: Document, case_id: int, by: Actor, at: dt.datetime) -> None:
    """Note that somebody of the office opened a file of the company; once an hour and person."""
    own = document.enterprise_id in by.enterprise_ids and not by.ref.startswith("visit:")
    if by.is_system or own:
        return
    if showing.begin(f"document:{document.pk}", by=by, at=at, lasting=showing.OPENED_FOR):
        body = {"document": str(document.public_id), **showing.seat_of(by)}
        record(f"case:{case_id}", showing.OPENED, by=by.ref, at=at, body=body)


def looks(case: Case, *, before: int | None = None, limit: int = 50) -> list[ShownEntry]:
    """Who looked at the company's personal data and files in this case, newest first."""
    return latest(case.stream, before=before, limit=limit, only=showing.LOOKS)
