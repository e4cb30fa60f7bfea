"""The officers' ways in the head of the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qitong.web.common.context import Audience, register, register_home

register(_("办件"), "workbench:inbox", Audience.OFFICER, order=10)
register(_("任务"), "workbench:tasks", Audience.OFFICER, order=20)
register(_("请假与代班"), "workbench:absences", Audience.OFFICER, order=30, bar=False)
register(_("查找"), "workbench:search", Audience.OFFICER, order=25)
register_home(Audience.OFFICER, "workbench:inbox")
