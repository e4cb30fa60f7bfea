from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule


class WebConfig(AppConfig):
    name = "qitong.web"
    label = "web"

    def ready(self) -> None:
        """Let each surface hang its ways into the frame; none knows the others."""
        for surface in ("common", "portal", "workbench", "dashboard", "public"):
            if module_has_submodule(import_module(f"qitong.web.{surface}"), "nav"):
                import_module(f"qitong.web.{surface}.nav")
