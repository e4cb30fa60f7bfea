"""The ways that companies and officers share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qitong.notifications.queries import unread
from qitong.web.common.context import Audience, register

register(_("消息"), "messages", Audience.COMPANY, Audience.OFFICER, order=40, waiting=unread)
