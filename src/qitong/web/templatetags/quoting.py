"""``{% load quoting %}``: what an English page quotes in Chinese is marked as Chinese."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
_HAN = r"\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_QUOTED = re.compile(rf"[{_HAN}](?:[{_HAN}〔〕\d ]*[{_HAN}〔〕])?")


@register.filter
def quoted(value: object) -> SafeString:
    """A text with its Chinese passages in spans of their own; in Chinese pages just the text."""
    text = str(value)
    if not (get_language() or "").startswith("en"):
        return conditional_escape(text)
    parts, at = SafeString(""), 0
    for found in _QUOTED.finditer(text):
        parts += format_html('{}<span lang="zh">{}</span>', text[at : found.start()], found[0])
        at = found.end()
    return parts + conditional_escape(text[at:])
