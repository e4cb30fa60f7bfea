"""What a company keeps of itself: how it is reached, and who acts for it.

What is on the licence (name, code, legal representative, address) is not its own to edit: the window
corrects it against the licence.
"""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.enterprises import add_member
from qitong.accounts.logic.logins import normalised
from qitong.accounts.models import Enterprise, Membership, MembershipRole, User
from qitong.accounts.people import LONGEST_NAME, NewPerson
from qitong.accounts.permissions import Deed, require_allowed
from qitong.accounts.queries import members
from qitong.kernel.errors import Refused
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.ledger.record import record

_INDUSTRY = re.compile(r"[A-T]?[0-9]{2,4}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,28}")


@transaction.atomic
def edit_contact(
    *, enterprise: Enterprise, phone: str, industry_code: str = "", by: Actor, at: dt.datetime
) -> Enterprise:
    """Change how the company is reached and its industry; any member may.

    Refused: what is no telephone number (``phone``), what is no code of GB/T 4754 (``industry_code``).
    """
    require_allowed(by, Deed.EDIT_CONTACT, enterprise)
    kept = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    number, industry = (
        require_line(phone, field="phone", what=say("联系电话"), most=30),
        industry_code.strip().upper(),
    )
    if not _PHONE.fullmatch(number):
        raise Refused(say("联系电话只能有数字、空格、横线和括号。"), code="phone", field="phone")
    if industry and not _INDUSTRY.fullmatch(industry):
        raise Refused(
            say("行业代码是一个字母加2至4位数字，例如C1411。"), code="industry_code", field="industry_code"
        )
    kept.phone, kept.industry_code = number, industry
    kept.save(update_fields=["phone", "industry_code"])
    record(
        _stream(kept),
        "enterprise.contact_changed",
        by=by.ref,
        at=at,
        body={"industry_code": industry},
        personal={"enterprise_phone": number},
    )
    return kept


@transaction.atomic
def correct_licence(
    *,
    enterprise: Enterprise,
    name: str,
    legal_representative: str,
    address: str,
    by: Actor,
    at: dt.datetime,
) -> Enterprise:
    """Take over what the new licence says; an officer does it, with the licence before them."""
    require_allowed(by, Deed.CORRECT_LICENCE, enterprise)
    kept = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    before = kept.name
    kept.name = require_line(name, field="name", what=say("企业名称"), most=200)
    kept.legal_representative = require_line(
        legal_representative, field="legal_representative", what=say("法定代表人"), most=100
    )
    kept.address = require_line(address, field="address", what=say("住所"), most=300)
    kept.save(update_fields=["name", "legal_representative", "address"])
    record(
        _stream(kept),
        "enterprise.licence_corrected",
        by=by.ref,
        at=at,
        body={"name": kept.name, "was": before, "address": kept.address},
        personal={"legal_representative": kept.legal_representative},
    )
    return kept


@transaction.atomic
def invite(
    *,
    enterprise: Enterprise,
    login: str,
    name: str,
    role: MembershipRole = MembershipRole.CLERK,
    by: Actor,
    at: dt.datetime,
) -> Membership:
    """Let somebody act for the company, known by phone number or mail address.

    Who has no account gets one without a password: they sign in with a code. Refused (``name``) when the
    account there is somebody else's by name: nobody learns from here what a stranger is called.
    """
    require_allowed(by, Deed.MANAGE_MEMBERS, enterprise)
    known = User.objects.filter(login=normalised(login)).first()
    called = require_line(name, field="name", what=say("姓名"), most=LONGEST_NAME)
    if known is not None and (known.name != called or not known.is_active):
        raise Refused(
            say("这个手机号或邮箱已有账号，但与您填写的姓名不一致，或者账号已停用。请与对方核对。"),
            code="name",
            field="name",
        )
    person = known or NewPerson(login=normalised(login), name=called, password="", by_code=True)
    return add_member(enterprise=enterprise, person=person, role=role, by=by, at=at)


@transaction.atomic
def change_role(*, membership: Membership, role: MembershipRole, by: Actor, at: dt.datetime) -> Membership:
    """Make a clerk an administrator or the other way round; the last administrator stays one."""
    enterprise = Enterprise.objects.select_for_update().get(pk=membership.enterprise_id)
    require_allowed(by, Deed.MANAGE_MEMBERS, enterprise)
    kept = members(enterprise).filter(pk=membership.pk).first()
    if kept is None:
        raise Refused(say("该人员已不在本企业名单中。"), code="not_member")
    if kept.role == role.value:
        return kept
    others = members(enterprise).exclude(pk=kept.pk)
    if not others.filter(role=MembershipRole.ADMINISTRATOR).exists() and role is MembershipRole.CLERK:
        raise Refused(
            say("企业至少保留一名管理员。请先把另一人设为管理员，再更改此人。"),
            code="last_administrator",
            field="role",
        )
    kept.role = role.value
    kept.save(update_fields=["role"])
    body = {"member": kept.user.ref, "role": role.value}
    record(_stream(enterprise), "member.role_changed", by=by.ref, at=at, body=body)
    return kept


def _stream(enterprise: Enterprise) -> str:
    return f"enterprise:{enterprise.pk}"
