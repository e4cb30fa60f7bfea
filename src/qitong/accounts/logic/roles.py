"""The roles a person can hold, and which of them exclude each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from qitong.kernel.words import NOTHING, Sentence, say


class Role(StrEnum):
    """What somebody may be trusted with; ``enterprise`` is held only by tokens of a company."""

    DUTY_OFFICER = "duty_officer"
    RECRUITMENT_OFFICER = "recruitment_officer"
    SERVICE_OFFICER = "service_officer"
    REVIEWER = "reviewer"
    DEPARTMENT_HEAD = "department_head"
    LEADER = "leader"
    POLICY_EDITOR = "policy_editor"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    ENTERPRISE = "enterprise"

    @property
    def label(self) -> Sentence:
        return _LABELS[self]


_LABELS = {
    Role.DUTY_OFFICER: say("值班人员"),
    Role.RECRUITMENT_OFFICER: say("招商专员"),
    Role.SERVICE_OFFICER: say("服务专员"),
    Role.REVIEWER: say("审核人员"),
    Role.DEPARTMENT_HEAD: say("部门负责人"),
    Role.LEADER: say("分管领导"),
    Role.POLICY_EDITOR: say("政策编辑"),
    Role.AUDITOR: say("审计管理员"),
    Role.SYSTEM_ADMINISTRATOR: say("系统管理员"),
    Role.SECURITY_ADMINISTRATOR: say("安全管理员"),
    Role.ENTERPRISE: say("企业"),
}

# A role of this set is held in one department, never in general.
DEPARTMENT_ROLES = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.RECRUITMENT_OFFICER,
        Role.SERVICE_OFFICER,
        Role.REVIEWER,
        Role.DEPARTMENT_HEAD,
    }
)
OFFICER_ROLES = frozenset(Role) - {Role.ENTERPRISE}
# 三员: who runs the system, who lets people in, who watches both. One person is at most one of them.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})
OVERSEEING = frozenset({Role.LEADER, Role.DEPARTMENT_HEAD})
"""What these see, who stands in for them sees too; never the auditor's or the administrator's (三员分立)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, and where it holds: a department, a jurisdiction, or (both None) everywhere."""

    role: Role
    department_id: int | None = None
    jurisdiction_id: int | None = None


def why_not_together(held: Iterable[Role], wanted: Role) -> Sentence:
    """Why somebody who holds ``held`` may not also hold ``wanted``; empty when they may.

    Separation of duties (GB/T 22239-2019, 三员分立): system, security and audit administrator are
    three people, and none of them does the work of a department.
    """
    for role in held:
        pair = {role, wanted}
        if len(pair) == 2 and pair & ADMINISTRATORS and pair <= ADMINISTRATORS | DEPARTMENT_ROLES:
            return say(
                "{wanted}与{held}不能由同一人担任（三员分立）。请先撤销原有角色，或另选人员。",
                wanted=wanted.label,
                held=role.label,
            )
    return NOTHING
