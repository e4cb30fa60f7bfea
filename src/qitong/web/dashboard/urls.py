"""The leaders' addresses, all under ``/dashboard``."""

from __future__ import annotations

from django.urls import path

from qitong.web.dashboard import cases, tables, today

app_name = "dashboard"
urlpatterns = [
    path("dashboard", today.show, name="today"),
    path("dashboard/departments", tables.departments, name="departments"),
    path("dashboard/items", tables.items, name="items"),
    path("dashboard/cases", cases.show, name="cases"),
]
