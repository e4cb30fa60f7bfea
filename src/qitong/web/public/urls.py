from __future__ import annotations

from django.urls import path

from qitong.web.public import items, progress

app_name = "public"

urlpatterns = [
    path("items", items.search, name="items"),
    path("items/<slug:code>", items.guide, name="guide"),
    path("progress", progress.ask, name="progress"),
    path("p/<str:number>", progress.show, name="stage"),
]
