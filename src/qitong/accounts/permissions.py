"""Who may do what to accounts: closed unless a rule below opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum, auto

from qitong.accounts.actors import Actor
from qitong.accounts.logic.roles import DEPARTMENT_ROLES, Role
from qitong.accounts.models import ApiToken, Department, Enterprise, RoleAssignment, User
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say


class Deed(StrEnum):
    """What can be done to accounts; beside each, the thing it is done to."""

    MANAGE_USERS = auto()  # None
    MANAGE_ORGANISATION = auto()  # None
    READ_AUDIT = auto()  # None
    END_SESSIONS = auto()  # User
    LOOK_AS = auto()  # User
    ERASE = auto()  # None
    SET_PASSWORD = auto()  # User
    MANAGE_MEMBERS = auto()  # Enterprise
    EDIT_CONTACT = auto()  # Enterprise
    CORRECT_LICENCE = auto()  # Enterprise
    MARK = auto()  # Enterprise
    REPAIR_MARK = auto()  # Enterprise
    RECORD_ABSENCE = auto()  # User
    HAND_OVER_DESK = auto()  # User
    SET_DUTY = auto()  # Department
    CREATE_TOKEN = auto()  # Enterprise, or None for an officer's
    REVOKE_TOKEN = auto()  # ApiToken
    OPERATE = auto()  # None


def why_not(actor: Actor, deed: str, thing: object = None) -> Sentence:
    """Return why ``actor`` may not do ``deed`` to ``thing``; empty when they may.

    The system may do all of them. Of the three administrators (三员) the one for security decides who
    comes in and as what, the one for the system keeps the organisation, the auditor reads.
    ValueError for an unknown deed.
    """
    known = Deed(deed)
    if actor.is_system or _RULES[known](actor, thing):
        return NOTHING
    return _REASONS[known]


def require_allowed(actor: Actor, deed: str, thing: object = None) -> None:
    """Refuse (code ``forbidden``) what :func:`why_not` has a reason against."""
    if reason := why_not(actor, deed, thing):
        raise Refused(reason, code="forbidden")


def reason_against(deed: Deed) -> Sentence:
    """Who alone may do it, as those read who may not."""
    return _REASONS[deed]


def _administers_system(actor: Actor, thing: object) -> bool:
    return actor.has(Role.SYSTEM_ADMINISTRATOR)


def _guards(actor: Actor, thing: object) -> bool:
    return actor.has(Role.SECURITY_ADMINISTRATOR)


def _audits(actor: Actor, thing: object) -> bool:
    return actor.has(Role.AUDITOR)


def _is_oneself(actor: Actor, thing: object) -> bool:
    return isinstance(thing, User) and actor.is_person and actor.user_id == thing.pk


def _self_or_guard(actor: Actor, thing: object) -> bool:
    return _is_oneself(actor, thing) or _guards(actor, thing)


def _guards_others(actor: Actor, thing: object) -> bool:
    return _guards(actor, thing) and not _is_oneself(actor, thing)


def _administers_enterprise(actor: Actor, thing: object) -> bool:
    own = isinstance(thing, Enterprise) and thing.pk in actor.administers
    return own or _guards(actor, thing)


def _acts_for_enterprise(actor: Actor, thing: object) -> bool:
    return isinstance(thing, Enterprise) and actor.is_person and thing.pk in actor.enterprise_ids


def _works_in_a_department(actor: Actor, thing: object) -> bool:
    return any(grant.role in DEPARTMENT_ROLES for grant in actor.roles)


def _decides(actor: Actor, thing: object) -> bool:
    return actor.has(Role.DEPARTMENT_HEAD) or actor.has(Role.LEADER)


def _may_record_absence(actor: Actor, thing: object) -> bool:
    if _is_oneself(actor, thing) or _administers_system(actor, thing):
        return True
    headed = actor.departments(Role.DEPARTMENT_HEAD)
    if not isinstance(thing, User) or not headed:
        return False
    known: frozenset[int] | None = vars(thing).get(_KNOWN)
    if known is not None:
        return bool(headed & known)
    return RoleAssignment.objects.filter(user=thing, department__in=headed, until_on=None).exists()


_KNOWN = "departments_known"


def know_departments(user: User, departments: Iterable[int]) -> User:
    """Tell where somebody works, for who has read it already: then no rule looks it up again."""
    vars(user)[_KNOWN] = frozenset(departments)
    return user


def _sets_duty(actor: Actor, thing: object) -> bool:
    heads = isinstance(thing, Department) and actor.has(Role.DEPARTMENT_HEAD, thing.pk)
    return heads or _administers_system(actor, thing)


def _may_revoke(actor: Actor, thing: object) -> bool:
    if not isinstance(thing, ApiToken):
        return False
    administers = thing.enterprise_id is not None and thing.enterprise_id in actor.administers
    return actor.user_id == thing.user_id or administers or _guards(actor, thing)


_RULES: dict[Deed, Callable[[Actor, object], bool]] = {
    Deed.MANAGE_USERS: _guards,
    Deed.MANAGE_ORGANISATION: _administers_system,
    Deed.READ_AUDIT: _audits,
    Deed.END_SESSIONS: _self_or_guard,
    Deed.LOOK_AS: _guards_others,
    Deed.ERASE: _guards,
    Deed.SET_PASSWORD: _self_or_guard,
    Deed.MANAGE_MEMBERS: _administers_enterprise,
    Deed.EDIT_CONTACT: _acts_for_enterprise,
    Deed.CORRECT_LICENCE: _works_in_a_department,
    Deed.MARK: _works_in_a_department,
    Deed.REPAIR_MARK: _decides,
    Deed.RECORD_ABSENCE: _may_record_absence,
    Deed.HAND_OVER_DESK: _may_record_absence,
    Deed.SET_DUTY: _sets_duty,
    Deed.CREATE_TOKEN: _administers_enterprise,
    Deed.REVOKE_TOKEN: _may_revoke,
    Deed.OPERATE: _administers_system,
}
_REASONS: dict[Deed, Sentence] = {
    Deed.MANAGE_USERS: say("只有安全管理员可以管理用户和角色。"),
    Deed.MANAGE_ORGANISATION: say("只有系统管理员可以修改组织机构。"),
    Deed.READ_AUDIT: say("只有审计管理员可以查阅全部台账。"),
    Deed.END_SESSIONS: say("只有本人或安全管理员可以退出已登录的设备。"),
    Deed.LOOK_AS: say("只有安全管理员可以查看他人的页面，而且不能是自己的账号。"),
    Deed.ERASE: say("只有安全管理员可以按请求删除个人信息。"),
    Deed.SET_PASSWORD: say("只有本人或安全管理员可以设置密码。"),
    Deed.MANAGE_MEMBERS: say("只有企业管理员可以增减本企业的经办人。"),
    Deed.EDIT_CONTACT: say("只有本企业的人员可以修改联系方式。"),
    Deed.CORRECT_LICENCE: say("只有部门工作人员可以按新执照更正企业信息。"),
    Deed.MARK: say("只有部门工作人员可以记录企业的信用情况。"),
    Deed.REPAIR_MARK: say("只有部门负责人或分管领导可以确认信用修复。"),
    Deed.RECORD_ABSENCE: say("只有本人、本部门负责人或系统管理员可以登记请假。"),
    Deed.HAND_OVER_DESK: say("只有本人、本部门负责人或系统管理员可以移交工作。"),
    Deed.SET_DUTY: say("只有该部门负责人或系统管理员可以安排值班。"),
    Deed.CREATE_TOKEN: say("只有企业管理员（本企业）或安全管理员可以创建接口令牌。"),
    Deed.REVOKE_TOKEN: say("只有令牌所属人、企业管理员或安全管理员可以撤销接口令牌。"),
    Deed.OPERATE: say("只有系统管理员可以处理未完成的后台工作。"),
}
