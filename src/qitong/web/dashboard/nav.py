"""The leaders' way in the head of the page, and where they start."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qitong.accounts.actors import Actor, Role
from qitong.insight.permissions import may_look
from qitong.web.common.context import Audience, register, register_home


def leads(reader: Actor) -> bool:
    return reader.has(Role.LEADER)


register(_("看板"), "dashboard:today", Audience.OFFICER, order=5, only=may_look)
register_home(Audience.OFFICER, "dashboard:today", only=leads)
