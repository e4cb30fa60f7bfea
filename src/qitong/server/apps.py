from __future__ import annotations

import threading

from django.apps import AppConfig
from django.utils import translation
from django.utils.translation import gettext, trans_real

from qitong.kernel import words
from qitong.kernel.showing import shown


def show(value: object) -> str:
    """A parameter of a sentence as a reader of the active language expects it."""
    if type(value) is str:
        return value
    return shown(value, english=(translation.get_language() or "").startswith("en"))


class ServerConfig(AppConfig):
    name = "qitong.server"
    label = "server"

    def ready(self) -> None:
        _a_threads_language_is_its_own()
        words.install(gettext, show)


def _a_threads_language_is_its_own() -> None:
    """Every text that is translated asks which language it is in, hundreds of times a page.

    Django keeps that so that tasks of one thread could differ; here a request is a thread, and what is a
    thread's own is found ten times as fast. Should Django keep it elsewhere one day, this does nothing.
    """
    vars(trans_real)["_active"] = threading.local()
