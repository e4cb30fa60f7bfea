from __future__ import annotations

from django.urls import path

from qitong.web.public import items, policies, progress

app_name = "public"

urlpatterns = [
    path("items", items.search, name="items"),
    path("items/<slug:code>", items.guide, name="guide"),
    path("policies", policies.shelves, name="policies"),
    path("policies/compendium.docx", policies.download, name="compendium"),
    path("policies/theme/<slug:theme>", policies.chapter, name="policy-theme"),
    path("policies/<slug:code>", policies.page, name="policy"),
    path("progress", progress.ask, name="progress"),
    path("p/<str:number>", progress.show, name="stage"),
]
