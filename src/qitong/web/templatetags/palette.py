"""``{% load palette %}``: what comes with every page of an officer's."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qitong.web.common.addresses import site
from qitong.web.common.context import Shell
from qitong.web.common.keys import KEYS

register = template.Library()
_READER = 'data-reader="'


@register.simple_tag
def palette(frame: Shell, reader: object) -> SafeString:
    """The command palette and the list of keys, closed; ``reader`` tells one person's recent cases apart.

    What else is in it follows from the ways open to the reader: it is made once for all who have the same.
    """
    pages = tuple((link.href, str(link.label)) for link in frame.nav)
    before, after = _made(pages, get_language(), site())
    return mark_safe(f"{before}{escape(reader)}{after}")  # noqa: S308  a template's, and what is escaped


@lru_cache(maxsize=64)
def _made(pages: tuple[tuple[str, str], ...], *_told_apart_by: object) -> tuple[str, str]:
    """What stands before the reader and after; the further values only tell one from another."""
    ways = [{"href": href, "label": label} for href, label in pages]
    html = render_to_string("common/palette.html", {"pages": ways, "keys": KEYS})
    before, mark, after = html.partition(_READER)
    return before + mark, after
