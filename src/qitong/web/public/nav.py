from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qitong.web.common.context import Audience, register

register(_("办事"), "public:items", Audience.VISITOR, Audience.COMPANY, order=10)
register(_("政策"), "public:policies", Audience.VISITOR, order=20)
register(_("查进度"), "public:progress", Audience.VISITOR, Audience.COMPANY, order=50, bar=False)
