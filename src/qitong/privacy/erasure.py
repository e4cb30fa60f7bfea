"""Somebody asks to be erased; the security administrator does it, with a reason; the ledger stays whole.

PIPL art. 47: what has no purpose any more is erased, on request too; what a law still keeps is only stored
and protected meanwhile. Here that is what was handed in and answered (``Kept.CASES``): it stays as it is
until its period is over, when the nightly sweep takes it. Everything else goes at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.erasing import NAMELESS, erase_company, erase_person
from qitong.accounts.models import Enterprise, Membership, MembershipRole, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.accounts.queries import roles_on
from qitong.accounts.showing import reason_of
from qitong.casework.erasing import erase_case, loose_files
from qitong.casework.indexing import index
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import FINAL_STATES, CaseState
from qitong.casework.models import CalendarFeed, Case
from qitong.datashare import erasing as files
from qitong.insight.models import Fact
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.ledger.record import record
from qitong.notifications import erasing as messages
from qitong.policies import erasing as policies
from qitong.privacy.logic.periods import Kept
from qitong.privacy.models import Erasure

Subject = User | Enterprise
REF = re.compile(r"(user|enterprise):([0-9]{1,18})")
_LOOSE = (CaseState.DRAFT, CaseState.WITHDRAWN)
"""Nothing was decided on these: no file of the office."""


def ref_of(subject: Subject) -> str:
    return f"user:{subject.pk}" if isinstance(subject, User) else f"enterprise:{subject.pk}"


def why_not(subject: Subject, *, on: dt.date) -> Sentence:
    """Why the subject cannot be erased now; empty when they can."""
    if isinstance(subject, User):
        if roles_on(on).filter(user=subject).exists():
            return say("仍有工作人员岗位，撤销岗位后才能删除。")
        needed = Membership.objects.filter(
            user=subject, active=True, role=MembershipRole.ADMINISTRATOR
        ).values("enterprise")
        cases = _open().filter(Q(created_by=subject) | Q(enterprise__in=_alone(needed, subject)))
    else:
        cases = _open().filter(enterprise=subject)
    first = cases.order_by("pk").first()
    return say("办件{number}还没有办结，办结后才能删除。", number=str(first)) if first else NOTHING


def _open() -> QuerySet[Case]:
    return Case.objects.exclude(state__in=[*FINAL_STATES, CaseState.DRAFT])


def _alone(enterprises: QuerySet[Membership, Any], user: User) -> QuerySet[Enterprise]:
    """Of these the ones that have no other administrator."""
    others = Membership.objects.filter(active=True, role=MembershipRole.ADMINISTRATOR).exclude(user=user)
    return Enterprise.objects.filter(pk__in=enterprises).exclude(pk__in=others.values("enterprise"))


@transaction.atomic
def ask(*, subject: Subject, by: Actor, at: dt.datetime) -> Erasure:
    """A person asks for themselves, an administrator for the company. Asking again finds the first asking.

    Refused: for somebody else (``forbidden``), while a case is open (``open``).
    """
    own = subject.pk == by.user_id if isinstance(subject, User) else subject.pk in by.administers
    if not by.is_person or not own:
        raise Refused(say("只有本人，或企业管理员为本企业，可以请求删除。"), code="forbidden")
    if reason := why_not(subject, on=day_of(at)):
        raise Refused(reason, code="open")
    facts = {"asked_at": at, "asked_by": by.ref}
    made, fresh = Erasure.objects.get_or_create(subject=ref_of(subject), done_at=None, defaults=facts)
    if fresh:
        record(ref_of(subject), "personal_data.erasure_asked", by=by.ref, at=at, body={})
    return made


@transaction.atomic
def erase(*, subject: Subject, reason: str, by: Actor, at: dt.datetime) -> Erasure:
    """Erase what nothing keeps. Refused: who may not (``forbidden``), oneself (``oneself``), while a case is
    open (``open``), hardly a reason (``missing``, ``reason``)."""
    require_allowed(by, Deed.ERASE)
    if isinstance(subject, User) and subject.pk == by.user_id:
        raise Refused(say("不能删除自己的账号，请由另一位安全管理员办理。"), code="oneself")
    if refusal := why_not(subject, on=day_of(at)):
        raise Refused(refusal, code="open")
    why = reason_of(reason)
    if isinstance(subject, User):
        _person(subject, why, by, at)
    else:
        _company(subject, why, by, at)
    asked = Erasure.objects.select_for_update().filter(subject=ref_of(subject), done_at=None).first()
    done = asked or Erasure(subject=ref_of(subject), asked_at=at, asked_by=by.ref)
    done.done_at, done.done_by, done.held_until = at, by.ref, _held_until(subject)
    done.save()
    return done


def _person(user: User, why: str, by: Actor, at: dt.datetime) -> None:
    """Drafts and what was withdrawn are the company's: there only the person is taken out."""
    name = user.name
    for case in Case.objects.select_for_update().filter(created_by=user, state__in=_LOOSE, erased_at=None):
        if str(case.form.get("contact_name", "")).strip() == name:
            case.form = {**case.form, "contact_name": NAMELESS, "contact_phone": ""}
            case.save(update_fields=["form"])
    messages.forget(user=user, by=by)
    CalendarFeed.objects.filter(user=user).delete()
    user.saved_filters.all().delete()
    user.phrases.all().delete()
    erase_person(user=user, reason=why, by=by, at=at)


def _company(company: Enterprise, why: str, by: Actor, at: dt.datetime) -> None:
    """Its people go with it unless they act for another company or hold an office."""
    loose = Case.objects.filter(enterprise=company, state__in=_LOOSE, erased_at=None).order_by("pk")
    for pk in loose.values_list("pk", flat=True):
        erase_case(case_id=pk, why="request", by=by, at=at)
    files.erase(loose_files(company.pk), by=by, at=at)
    policies.erase_company(enterprise_id=company.pk, by=by)
    for user in _only_here(company, day_of(at)):
        _person(user, why, by, at)
    erase_company(enterprise=company, reason=why, by=by, at=at)
    index(Case.objects.filter(enterprise=company).values_list("pk", flat=True))  # its number is found no more


def _only_here(company: Enterprise, on: dt.date) -> Iterable[User]:
    elsewhere = Membership.objects.filter(active=True).exclude(enterprise=company).values("user")
    officers = roles_on(on).values("user")
    members = User.objects.filter(memberships__enterprise=company, memberships__active=True)
    return members.exclude(pk__in=elsewhere).exclude(pk__in=officers).distinct().order_by("pk")


def _held_until(subject: Subject) -> dt.date | None:
    """The last day on which an answered case of theirs is still kept."""
    cases = Case.objects.filter(submitted_at__isnull=False, erased_at=None).exclude(state__in=_LOOSE)
    mine = cases.filter(created_by=subject) if isinstance(subject, User) else cases.filter(enterprise=subject)
    last = Fact.objects.filter(task=None, case__in=mine.values("pk")).aggregate(last=Max("ended_on"))["last"]
    period: dt.timedelta = settings.RETENTION[Kept.CASES]
    return last + period if last else None


def again(subject: Subject, *, reason: str, by: Actor, at: dt.datetime) -> bool:
    """Erase once more what a restored backup brought back; False when nothing came back."""
    if isinstance(subject, User) and subject.name == NAMELESS and not subject.is_active:
        return False
    if isinstance(subject, Enterprise) and subject.phone == NAMELESS:
        return False
    erase(subject=subject, reason=reason, by=by, at=at)
    return True


def asked(subject: Subject) -> Erasure | None:
    """The asking that waits, if there is one."""
    return Erasure.objects.filter(subject=ref_of(subject), done_at=None).first()


def years_kept() -> int:
    """How many years an answered case is kept."""
    period: dt.timedelta = settings.RETENTION[Kept.CASES]
    return round(period.days / 365.25)


def names_of(rows: Iterable[Erasure]) -> dict[str, str]:
    """How those are called whom the askings are about: two queries."""
    refs = [row.subject for row in rows]
    people = User.objects.filter(pk__in=_ids(refs, "user"))
    companies = Enterprise.objects.filter(pk__in=_ids(refs, "enterprise"))
    found: list[Subject] = [*people, *companies]
    return {ref_of(one): one.name for one in found}


def _ids(refs: Iterable[str], kind: str) -> list[int]:
    return [int(pk) for name, _, pk in (ref.partition(":") for ref in refs) if name == kind]


def subject_of(ref: str) -> Subject | None:
    written = REF.fullmatch(ref)
    if written is None:
        return None
    kind, pk = written[1], int(written[2])
    return User.objects.filter(pk=pk).first() if kind == "user" else Enterprise.objects.filter(pk=pk).first()
