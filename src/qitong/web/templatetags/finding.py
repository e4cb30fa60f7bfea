"""``{% load finding %}``: what was looked for, marked in what was found."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from qitong.casework.logic.finding import SOURCE_WORDS, Piece, Source

register = template.Library()


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """The text, hits in <mark>; all of it escaped."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", p.text) if p.hit else p.text,) for p in pieces)
    )


@register.filter
def source(value: Source) -> str:
    """Where a text was written, in words."""
    return str(SOURCE_WORDS[value])
