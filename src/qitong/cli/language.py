"""In which language a command says what is wrong: the terminal's, as programs on it do.

``QITONG_LANG`` (zh or en) where it is given, else the first of ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that
is set: Chinese for zh, C and POSIX, and where none is; English for all else. Only while a command that looks
and tells is run: what ``serve``, ``worker`` and ``up`` write to people is in the language of each.
"""

from __future__ import annotations

import gettext
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import click

import qitong
from qitong.kernel import words
from qitong.kernel.showing import shown

CHINESE, ENGLISH = "zh", "en"
_ASKED = "QITONG_LANG"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NONE = frozenset({"", "c", "posix"})
_SPOKEN = ContextVar("spoken", default=CHINESE)
"""What is spoken before Django is there; :func:`take_over` hands it on."""


def chosen(environ: Mapping[str, str]) -> str:
    """The language of the terminal; UsageError when ``QITONG_LANG`` names none of ours."""
    if asked := environ.get(_ASKED, "").strip().lower():
        if asked not in (CHINESE, ENGLISH):
            raise click.UsageError(f"{_ASKED} is zh or en, not {asked}.")
        return asked
    name = next((environ[each] for each in _LOCALES if environ.get(each)), "")
    code = re.split(r"[._@-]", name.lower())[0]
    return CHINESE if code in _NONE or code == CHINESE else ENGLISH


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Sentences are said in ``language`` for as long as this lasts."""
    if language == CHINESE:
        yield
    elif _django_is_there():
        from django.utils import translation

        with translation.override(ENGLISH):
            yield
    else:
        before, spoken = words.installed(), _SPOKEN.set(language)
        words.install(_catalogue().gettext, lambda value: shown(value, english=True))
        try:
            yield
        finally:
            _SPOKEN.reset(spoken)
            if not _django_is_there():
                words.install(*before)


def take_over() -> None:
    """From here on Django says the sentences, in the language spoken so far."""
    if _SPOKEN.get() == ENGLISH:
        from django.utils import translation

        translation.activate(ENGLISH)


class InTheirLanguage(click.Group):
    """Commands whose sentences are in the language of the terminal."""

    def invoke(self, ctx: click.Context) -> object:
        with speaking(chosen(os.environ)):
            return super().invoke(ctx)


def _django_is_there() -> bool:
    """Without importing it: a command that needs none starts in a moment."""
    registry = sys.modules.get("django.apps")
    return registry is not None and registry.apps.ready


def _catalogue() -> gettext.NullTranslations:
    folder = Path(qitong.__file__).parent / "locale"
    return gettext.translation("django", folder, languages=[ENGLISH], fallback=True)
