"""Pages set for reading: a date, a time or a case number is never torn apart at the end of a line.

Sentences come from everywhere, so this is done once, to the finished page, and not in each template.
"""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_FOUND = re.compile(
    # what is no running text: passed over whole
    r"<(?P<raw>svg|script|style|textarea|option|title)\b.*?</(?P=raw)>|<!--.*?-->|<[^>]*>"
    r"|(?P<date>\d{4}年\d{1,2}月\d{1,2}日(?:（周.）)?(?: \d\d:\d\d)?"
    rf"|\b\d{{1,2}} (?:{_MONTHS}) \d{{4}}(?: \d\d:\d\d)?)"
    r"|(?P<no>\bQT\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}\b)",
    re.DOTALL,
)


def kept(html: str) -> SafeString:
    """``html`` with each date and case number of its text in a span that does not break."""
    return mark_safe(_FOUND.sub(_wrapped, html))  # noqa: S308  # markup already; what is added is ours


def _wrapped(found: re.Match[str]) -> str:
    kind = "date" if found["date"] else "no" if found["no"] else ""
    return f'<span class="{kind}">{found[0]}</span>' if kind else found[0]
