"""A company's administrator asks that what is kept of it be erased."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from qitong.web.common import erasing
from qitong.web.common.http import acting, company_required
from qitong.web.portal.company import crumb, own


@company_required
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Clerks read that it is their administrator's to ask."""
    enterprise = own(request, pk)
    if pk not in acting(request).administers:
        raise PermissionDenied
    return erasing.asking(request, enterprise, crumb(enterprise), title=gettext("删除本企业的个人信息"))
