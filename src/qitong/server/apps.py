from __future__ import annotations

from django.apps import AppConfig
from django.utils import translation
from django.utils.translation import gettext

from qitong.kernel import words
from qitong.kernel.showing import shown


def show(value: object) -> str:
    """A parameter of a sentence as a reader of the active language expects it."""
    return shown(value, english=(translation.get_language() or "").startswith("en"))


class ServerConfig(AppConfig):
    name = "qitong.server"
    label = "server"

    def ready(self) -> None:
        words.install(gettext, show)
