"""Parts that stand on a page many times, written by hand: a template takes five times as long for each.

Everything that comes from elsewhere goes through :func:`said`.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext

from qitong.web.common.context import Link
from qitong.web.common.dates import shown
from qitong.web.common.parts import Event, Row


def said(value: object) -> str:
    """A text as it may stand on a page: escaped, unless it says of itself that it is markup."""
    text = value if isinstance(value, str) else str(value)
    if type(text) is str:
        return text if type(value) is int else escape(text)
    return str(text.__html__()) if hasattr(text, "__html__") else escape(text)


def markup(text: str, *values: object) -> SafeString:
    """As Django's ``format_html``, which asks of each value a second time whether it will be a text."""
    return SafeString(text.format(*map(said, values)))


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Markup one after another."""
    return SafeString("".join(parts))


def timeline(events: Iterable[Event]) -> SafeString:
    return SafeString(f'<ol class="timeline">{"".join(map(_event, events))}\n</ol>')


def _event(event: Event) -> str:
    at = localtime(event.at).isoformat()
    by = f" · {said(event.by)}" if event.by else ""
    text = f"<p>{said(event.text)}</p>" if event.text else ""
    link = f'<p><a href="{said(event.href)}">{said(event.link)}</a></p>' if event.href else ""
    return (
        f'\n  <li><p class="what">{said(event.what)}</p>'
        f'\n  <p class="when"><time datetime="{at}">{said(shown(event.at))}</time>{by}</p>'
        f"\n  {text}{link}</li>"
    )


def summary_list(rows: Iterable[Row]) -> SafeString:
    return SafeString(f'<dl class="summary">{"".join(map(_row, rows))}\n</dl>')


def _row(row: Row) -> str:
    label, change = said(row.label), ""
    if row.href:
        hidden = f'<span class="hidden-text"> {label}</span>'
        change = f'<dd><a href="{said(row.href)}">{said(row.change)}{hidden}</a></dd>'
    return f"\n  <div><dt>{label}</dt><dd>{said(row.value)}</dd>{change}</div>"


def way(link: Link) -> SafeString:
    """One way in the head of the page, with how much waits behind it."""
    here = ' aria-current="page"' if link.current else ""
    waiting = _waiting(link.waiting()) if link.waiting else ""
    return SafeString(f'<a href="{said(link.href)}"{here}>{said(link.label)}{waiting}</a>')


def _waiting(n: int | str) -> str:
    if not n:
        return ""
    unread = said(gettext("（%(n)s条未读）") % {"n": n})
    return (
        f' <span class="waiting" aria-hidden="true">{said(n)}</span><span class="hidden-text">{unread}</span>'
    )
