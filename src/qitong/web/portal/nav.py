from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qitong.web.common.context import Audience, register, register_home

register(_("我的"), "portal:home", Audience.COMPANY, order=5)
register(_("办件"), "portal:cases", Audience.COMPANY, order=20)
register(_("政策"), "portal:policies", Audience.COMPANY, order=25, bar=False)
register(_("服务包"), "portal:packages", Audience.COMPANY, order=27, bar=False)
register(_("项目"), "portal:projects", Audience.COMPANY, order=30, bar=False)
register(_("企业"), "portal:companies", Audience.COMPANY, order=35, bar=False)
register_home(Audience.COMPANY, "portal:home")
