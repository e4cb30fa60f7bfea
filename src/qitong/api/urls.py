"""/api/v1/…, and a problem for whatever else is asked under /api/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from qitong.api import problems
from qitong.api.app import api

_operations, _app, _namespace = api.urls
for _operation in _operations:
    if isinstance(_operation, URLPattern):
        _operation.callback = problems.speaking(_operation.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", (_operations, _app, _namespace)),
    re_path("", problems.unknown),
]
