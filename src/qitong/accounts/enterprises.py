"""Enterprises: registered once, served by their members, with marks on their record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import (
    Enterprise,
    EnterpriseMark,
    Jurisdiction,
    MarkKind,
    Membership,
    MembershipRole,
    User,
)
from qitong.accounts.people import NewPerson, open_account, personal
from qitong.accounts.permissions import Deed, require_allowed
from qitong.accounts.queries import has_unrepaired_mark, members
from qitong.kernel import uscc as codes
from qitong.kernel.errors import Refused
from qitong.kernel.lines import require_line
from qitong.kernel.masking import mask_name
from qitong.kernel.words import say
from qitong.ledger.record import record

__all__ = [
    "Registration",
    "add_member",
    "has_unrepaired_mark",
    "mark",
    "register",
    "remove_member",
    "repair",
]


@dataclass(frozen=True, slots=True)
class Registration:
    """A new enterprise and the person who administers it."""

    enterprise: Enterprise
    administrator: User


@transaction.atomic
def register(
    *,
    uscc: str,
    name: str,
    jurisdiction: Jurisdiction,
    legal_representative: str,
    address: str,
    phone: str,
    contact: NewPerson | User,
    industry_code: str = "",
    by: Actor,
    at: dt.datetime,
) -> Registration:
    """Register an enterprise with ``contact`` as its first administrator.

    ``by`` may be anybody (``Actor.visitor()``); an existing account can only be named by its owner
    or the system. Refused: an invalid code (``uscc``), one registered already (``registered``).
    """
    enterprise = _company(
        uscc=uscc,
        name=name,
        jurisdiction=jurisdiction,
        legal_representative=legal_representative,
        address=address,
        phone=phone,
    )
    enterprise.industry_code, enterprise.registered_at = industry_code.strip(), at
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError as error:
        raise _registered_already(enterprise.uscc) from error
    user = _account(contact, by)
    Membership.objects.create(user=user, enterprise=enterprise, role=MembershipRole.ADMINISTRATOR)
    record(
        _stream(enterprise),
        "enterprise.registered",
        by=by.ref,
        at=at,
        body={
            "uscc": enterprise.uscc,
            "enterprise": enterprise.name,
            "jurisdiction": jurisdiction.code,
            "administrator": user.ref,
        },
        personal={
            "legal_representative": enterprise.legal_representative,
            "enterprise_phone": enterprise.phone,
            **personal(user),
        },
    )
    return Registration(enterprise, user)


def looked_at(
    *, uscc: str, name: str, jurisdiction: Jurisdiction, legal_representative: str, address: str, phone: str
) -> Enterprise:
    """The enterprise as it would be registered, unsaved; refused as :func:`register` refuses a company.

    Its code is public, and colleagues must learn whom to ask: that it is registered is said to anybody.
    """
    found = _company(
        uscc=uscc,
        name=name,
        jurisdiction=jurisdiction,
        legal_representative=legal_representative,
        address=address,
        phone=phone,
    )
    if Enterprise.objects.filter(uscc=found.uscc).exists():
        raise _registered_already(found.uscc)
    return found


def _company(
    *, uscc: str, name: str, jurisdiction: Jurisdiction, legal_representative: str, address: str, phone: str
) -> Enterprise:
    code = codes.normalise(uscc)
    if reason := codes.why_not(code):
        raise Refused(reason, code="uscc", field="uscc")
    return Enterprise(
        uscc=code,
        name=require_line(name, field="name", what=say("企业名称"), most=200),
        jurisdiction=jurisdiction,
        legal_representative=require_line(
            legal_representative, field="legal_representative", what=say("法定代表人"), most=100
        ),
        address=require_line(address, field="address", what=say("住所"), most=300),
        phone=require_line(phone, field="phone", what=say("联系电话"), most=30),
    )


@transaction.atomic
def add_member(
    *,
    enterprise: Enterprise,
    person: NewPerson | User,
    role: MembershipRole = MembershipRole.CLERK,
    by: Actor,
    at: dt.datetime,
) -> Membership:
    """Let a person act for the enterprise; somebody removed earlier comes back with ``role``."""
    require_allowed(by, Deed.MANAGE_MEMBERS, enterprise)
    user = person if isinstance(person, User) else open_account(person)
    membership, created = Membership.objects.select_for_update().get_or_create(
        user=user, enterprise=enterprise, defaults={"role": role}
    )
    if not created:
        if membership.active:
            raise Refused(say("该人员已在本企业名单中。"), code="member", field="login")
        membership.role, membership.active = role, True
        membership.save(update_fields=["role", "active"])
    record(
        _stream(enterprise),
        "member.added",
        by=by.ref,
        at=at,
        body={"member": user.ref, "role": role.value},
        personal=personal(user),
    )
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: Actor, at: dt.datetime) -> None:
    """End a membership; refused (``last_administrator``) when nobody would be left to manage it."""
    enterprise = Enterprise.objects.select_for_update().get(pk=membership.enterprise_id)
    require_allowed(by, Deed.MANAGE_MEMBERS, enterprise)
    membership.refresh_from_db()
    if not membership.active:
        raise Refused(say("该人员已不在本企业名单中。"), code="not_member")
    others = members(enterprise).exclude(pk=membership.pk)
    if not others.filter(role=MembershipRole.ADMINISTRATOR).exists():
        raise Refused(
            say("企业至少保留一名管理员。请先添加另一名管理员，再移除此人。"), code="last_administrator"
        )
    membership.active = False
    membership.save(update_fields=["active"])
    body = {"member": membership.user.ref, "role": membership.role}
    record(_stream(enterprise), "member.removed", by=by.ref, at=at, body=body)


@transaction.atomic
def mark(
    *,
    enterprise: Enterprise,
    kind: MarkKind,
    subject: str = "",
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> EnterpriseMark:
    """Note dishonesty or a missed commitment; ``subject`` names the case.

    The same open mark on the same subject is noted once: asked again, the first is returned.
    """
    require_allowed(by, Deed.MARK, enterprise)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    noted = enterprise.marks.filter(kind=kind, subject=subject, repaired_at=None).exclude(subject="")
    if (open_mark := noted.first()) is not None:
        return open_mark
    made = EnterpriseMark.objects.create(
        enterprise=enterprise, kind=kind, subject=subject, note=note, noted_at=at, noted_by=by.ref
    )
    record(
        _stream(enterprise),
        "enterprise.marked",
        by=by.ref,
        at=at,
        body={"mark": made.pk, "kind": kind.value, "subject": subject},
        personal={"note": note} if note else None,
    )
    return made


@transaction.atomic
def repair(*, mark: EnterpriseMark, note: str = "", by: Actor, at: dt.datetime) -> None:
    """Confirm that what the mark notes has been put right; refused when it was already."""
    require_allowed(by, Deed.REPAIR_MARK, mark.enterprise)
    repaired = EnterpriseMark.objects.filter(pk=mark.pk, repaired_at=None).update(
        repaired_at=at, repaired_by=by.ref
    )
    if not repaired:
        raise Refused(say("该记录已修复，无需重复办理。"), code="repaired")
    mark.refresh_from_db()
    record(
        _stream(mark.enterprise),
        "enterprise.mark_repaired",
        by=by.ref,
        at=at,
        body={"mark": mark.pk, "kind": mark.kind, "subject": mark.subject},
        personal={"note": note} if note else None,
    )


def _stream(enterprise: Enterprise) -> str:
    return f"enterprise:{enterprise.pk}"


def _account(contact: NewPerson | User, by: Actor) -> User:
    if isinstance(contact, NewPerson):
        try:
            return open_account(contact)
        except Refused as refused:  # "name" is the company's here
            field = "contact_name" if refused.field == "name" else refused.field
            raise Refused(refused.sentence, code=refused.code, field=field) from refused
    if not by.is_system and by.user_id != contact.pk:
        raise Refused(say("请由本人登录后注册企业。"), code="forbidden")
    return contact


def _registered_already(code: str) -> Refused:
    administrator = (
        Membership.objects.filter(enterprise__uscc=code, active=True, role=MembershipRole.ADMINISTRATOR)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if administrator is None:
        sentence = say("该企业已注册。请联系园区服务窗口，核实身份后将您添加为经办人。")
    else:
        sentence = say(
            "该企业已注册。请联系企业管理员{name}登录后，在“经办人”中将您添加进来。",
            name=mask_name(administrator.user.name),
        )
    return Refused(sentence, code="registered", field="uscc")
