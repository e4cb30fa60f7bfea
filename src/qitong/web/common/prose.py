"""Pages set for reading: a date, a time or a case number is never torn apart at the end of a line.

Sentences come from everywhere, so this is done once, to the finished page, and not in each template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.safestring import SafeString, mark_safe

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SIGN = re.compile(rf"年|QT|{_MONTHS}")
_BEFORE = {"年": (4,), "QT": (0,)}
"""So many characters before its sign a date or a number begins; before a month, the day has one or two."""
_KEPT = re.compile(
    r"(?P<date>\d{4}年\d{1,2}月\d{1,2}日(?:（周.）)?(?: \d\d:\d\d)?"
    rf"|\b\d{{1,2}} (?:{_MONTHS}) \d{{4}}(?: \d\d:\d\d)?)"
    r"|(?P<no>\bQT\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}\b)"
)
# What is no running text, beside the tags themselves.
_RAW = re.compile(r"<(?P<raw>svg|script|style|textarea|option|title)\b.*?</(?P=raw)>|<!--.*?-->", re.DOTALL)


def kept(html: str) -> SafeString:
    """``html`` with each date and case number of its text in a span that does not break."""
    parts, done = list[str](), 0
    for found in _running(html):
        kind = "date" if found["date"] else "no"
        parts += html[done : found.start()], f'<span class="{kind}">{found[0]}</span>'
        done = found.end()
    return mark_safe("".join([*parts, html[done:]]))  # noqa: S308  markup already; what is added is ours


def _running(html: str) -> Iterator[re.Match[str]]:
    """The dates and numbers in running text: looked for by their signs, since a page is mostly tags."""
    done, raws = 0, _RAW.finditer(html)
    raw = next(raws, None)
    for sign in _SIGN.finditer(html):
        found = _around(html, sign)
        if found is None or found.start() < done:
            continue
        start = found.start()
        while raw and raw.end() <= start:
            raw = next(raws, None)
        if not (raw and raw.start() < start) and html.rfind("<", 0, start) <= html.rfind(">", 0, start):
            done = found.end()
            yield found


def _around(html: str, sign: re.Match[str]) -> re.Match[str] | None:
    starts = (sign.start() - before for before in _BEFORE.get(sign[0], (3, 2)))
    return next((found for at in starts if at >= 0 and (found := _KEPT.match(html, at))), None)
