"""The officers' ways in the head of the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qitong.accounts.actors import Actor, Role
from qitong.policies.serving import SERVING_ROLES
from qitong.web.common.context import Audience, register, register_home


def _works(actor: Actor) -> bool:
    """Has cases on the desk, or stands in for somebody who has: not the administrators of 三员分立."""
    return bool(actor.departments() or actor.jurisdictions(Role.LEADER) or actor.stands_in_for)


def _sees_cases(actor: Actor) -> bool:
    return _works(actor) or _audits(actor)


def _serves(actor: Actor) -> bool:
    """Works at a window, heads a department or oversees a place: has companies to propose something to."""
    return bool(actor.places_overseen()) or any(grant.role in SERVING_ROLES for grant in actor.roles)


def _guards(actor: Actor) -> bool:
    return actor.has(Role.SECURITY_ADMINISTRATOR)


def _audits(actor: Actor) -> bool:
    return actor.has(Role.AUDITOR)


def _only_edits(actor: Actor) -> bool:
    """Writes policies and has no cases: starts with the policies."""
    return actor.has(Role.POLICY_EDITOR) and not _sees_cases(actor)


register(_("办件"), "workbench:inbox", Audience.OFFICER, order=10, only=_sees_cases)
register(_("任务"), "workbench:tasks", Audience.OFFICER, order=20, only=_works)
register(_("请假与代班"), "workbench:absences", Audience.OFFICER, order=30, bar=False)
register(_("查找"), "workbench:search", Audience.OFFICER, order=25, only=_sees_cases)
register_home(Audience.OFFICER, "workbench:inbox")
register(_("政策"), "workbench:policies", Audience.OFFICER, order=27, bar=False)
register(_("企业需求"), "workbench:demand", Audience.OFFICER, order=28, bar=False, only=_serves)
register(_("用户"), "workbench:people", Audience.OFFICER, order=5, only=_guards)
register(_("审计"), "workbench:audit", Audience.OFFICER, order=5, only=_audits)
register_home(Audience.OFFICER, "workbench:people", only=_guards)
register_home(Audience.OFFICER, "workbench:policies", only=_only_edits)
