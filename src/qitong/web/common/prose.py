"""Pages set for reading: a date, a time or a case number is never torn apart at the end of a line.

Sentences come from everywhere, so this is done once, to the finished page, and not in each template.
"""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_OPAQUE = re.compile(r"<(svg|script|style|textarea|select|option|title)\b.*?</\1>|<!--.*?-->", re.DOTALL)
"""What is no running text: passed over whole."""
_FOUND = re.compile(
    r"(?:(?P<date>\d{4}年\d{1,2}月\d{1,2}日(?:（周.）)?(?: \d\d:\d\d)?"
    rf"|\b\d{{1,2}} (?:{_MONTHS}) \d{{4}}(?: \d\d:\d\d)?)"
    r"|\bQT\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}\b)"
    r"(?![^<>]*>)"  # not within a tag: there the next bracket would close it
)


def kept(html: str) -> SafeString:
    """``html`` with each date and case number of its text in a span that does not break."""
    parts: list[str] = []
    at = 0
    for opaque in _OPAQUE.finditer(html):
        parts += _FOUND.sub(_wrapped, html[at : opaque.start()]), opaque[0]
        at = opaque.end()
    parts.append(_FOUND.sub(_wrapped, html[at:]))
    return mark_safe("".join(parts))  # noqa: S308  markup already; what is added is ours


def _wrapped(found: re.Match[str]) -> str:
    return f'<span class="{"date" if found["date"] else "no"}">{found[0]}</span>'
