"""The ways that companies and officers share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qitong.accounts.actors import Actor
from qitong.notifications.queries import MANY, unread
from qitong.web.common.context import Audience, register
from qitong.web.common.counting import shown


def _unread(reader: Actor) -> int | str:
    return shown(unread(reader), MANY)


register(_("消息"), "messages", Audience.COMPANY, Audience.OFFICER, order=40, waiting=_unread)
