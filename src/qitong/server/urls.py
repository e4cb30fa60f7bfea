"""All addresses: the machine's own, the API's, and the surfaces'."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from qitong.server.health import healthz
from qitong.server.operations.views import do
from qitong.server.operations.views import show as show_stuck
from qitong.server.watch.metrics import show

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("metrics", show, name="metrics"),
]
urlpatterns += [
    path("desk/operations", show_stuck, name="operations"),
    path("desk/operations/<slug:name>/<int:pk>/<slug:deed>", do, name="operation"),
]
for prefix, module in (("api/", "qitong.api.urls"), ("", "qitong.web.urls")):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))

handler500 = "qitong.web.common.failures.broken"
