"""The API where it stands in the product, without the pages beside it."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("api/", include("qitong.api.urls"))]
