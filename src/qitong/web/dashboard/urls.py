"""The leaders' addresses, all under ``/dashboard``; ``/wall`` is for whoever holds a link."""

from __future__ import annotations

from django.urls import path

from qitong.web.dashboard import cases, links, months, tables, today, wall

app_name = "dashboard"
urlpatterns = [
    path("dashboard", today.show, name="today"),
    path("dashboard/departments", tables.departments, name="departments"),
    path("dashboard/items", tables.items, name="items"),
    path("dashboard/months", months.show, name="months"),
    path("dashboard/cases", cases.show, name="cases"),
    path("dashboard/wall", wall.show, name="wall"),
    path("dashboard/wall/links", links.show, name="links"),
    path("dashboard/wall/links/<int:pk>/revoke", links.revoke, name="revoke-link"),
    path("wall/<str:secret>", wall.shared, name="shared-wall"),
]
