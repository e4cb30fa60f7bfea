"""The components every page is built of. ``{% load qitong %}``; arguments in docs/recipes/add-a-page.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, CheckboxInput
from django.forms.boundfield import BoundField
from django.utils.crypto import get_random_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from qitong.casework.logic.light import COLOUR_WORDS, Colour, Light
from qitong.kernel.words import Named
from qitong.web.common import context as frame
from qitong.web.common import qr as codes
from qitong.web.common import written
from qitong.web.common.dates import day_of, shown
from qitong.web.common.paging import Page
from qitong.web.common.parts import SHAPES, Crumb, Event, Row, Tab, Task, Text
from qitong.web.common.prose import kept
from qitong.web.common.written import markup

register = template.Library()
PARTS = "common/parts"


# ---- filters ----


@register.filter
def weekday_date(value: dt.date | None) -> str:
    """2026年10月12日（周一） / Monday 12 October 2026; the Shanghai day of a moment."""
    return "" if value is None else shown(day_of(value))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """The day with its weekday, and the time: … 14:05."""
    return "" if value is None else shown(value)


@register.filter
def sentence(value: object) -> str:
    """A Sentence, Named or lazy text in the active language; nothing for None."""
    return "" if value is None else str(value)


@register.filter
def translated(value: str) -> str:
    """A kept Chinese text in the language of the moment."""
    return gettext(value) if value else ""


@register.filter
def named(value: object) -> str:
    """A Named, or a row whose ``label`` is one (department, park), by language."""
    if value is None:
        return ""
    label = getattr(value, "label", value)
    return str(label if isinstance(label, Named) else value)


@register.filter
def kept_together(html: str) -> SafeString:
    """Around the whole page (base.html): dates and case numbers in the text do not break across lines."""
    return kept(html)


@register.filter
def money(value: Decimal | int | None) -> str:
    """Yuan with its unit: 1,200元 / CNY 1,200; two decimals only where there are cents."""
    if value is None:
        return ""
    amount = Decimal(value)
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return gettext("%(amount)s元") % {"amount": text}


@register.filter
def filesize(value: int | None) -> str:
    """Bytes as people say it: 820 KB, 2.4 MB (decimal units, as phones show them)."""
    size = Decimal(value or 0)
    power = next((power for power in range(3) if size < 1000 ** (power + 1)), 3)
    return f"{number_format(size / 1000**power, 0 if power < 2 else 1)} {['B', 'KB', 'MB', 'GB'][power]}"


# ---- the frame ----


@register.simple_tag(takes_context=True)
def shell(context: template.Context) -> frame.Shell:
    """``{% shell as frame %}``: who is signed in and their ways; works without a request too."""
    return frame.shell(context.get("request"))


@register.simple_tag
def way(link: frame.Link) -> SafeString:
    """One of the ways in the head of the page."""
    return written.way(link)


@register.inclusion_tag(f"{PARTS}/crumbs.html")
def crumbs(*items: Crumb | Text) -> dict[str, Any]:
    """``{% crumbs crumb crumb %}``: the way back; the last one is the present page (no href)."""
    return {"items": [item if isinstance(item, Crumb) else Crumb(item) for item in items]}


# ---- deeds ----


@register.simple_tag
def button(
    label: Text,
    *,
    kind: str = "",
    href: str = "",
    name: str = "",
    value: str = "",
    confirm: Text = "",
    form: str = "",
) -> SafeString:
    """A link (with ``href``) or a submit button; ``kind``: primary, quiet, danger or empty."""
    if href:
        return markup('<a class="button {}" href="{}">{}</a>', kind, href, str(label))
    extra = SafeString("")
    if name:
        extra += markup(' name="{}" value="{}"', name, value)
    if form:
        extra += markup(' form="{}"', form)
    if confirm:
        extra += markup(' data-confirm="{}"', str(confirm))
    return markup('<button class="button {}" type="submit"{}>{}</button>', kind, extra, str(label))


@register.inclusion_tag(f"{PARTS}/deed.html")
def deed(
    label: Text,
    *,
    why_not: Text | None = "",
    kind: str = "",
    href: str = "",
    name: str = "",
    value: str = "",
    confirm: Text = "",
    form: str = "",
) -> dict[str, Any]:
    """A button that, while ``why_not`` is not empty, cannot act and says why beside itself."""
    return {
        "button": button(label, kind=kind, href=href, name=name, value=value, confirm=confirm, form=form),
        "label": label,
        "kind": kind,
        "why_not": why_not,
        "id": f"why-{get_random_string(6)}",
    }


# ---- fields ----


@register.simple_tag
def field(bound: BoundField, *, width: str = "") -> SafeString:
    """Label, hint, error and input of one form field; ``width``: code, short, medium or full."""
    if bound.is_hidden:
        return SafeString(bound)
    kind = f"field w-{width}" if width else "field "
    if bound.use_fieldset:
        return _choices(bound, kind)
    hint = _hint(bound)
    if isinstance(bound.field.widget, CheckboxInput):
        tick = '<div class="field{}">{}<label class="choice" for="{}">{}<span>{}</span></label>{}</div>'
        label = (bound.id_for_label, SafeString(bound), bound.label)
        return markup(tick, _wrong(bound), _error(bound), *label, hint)
    parts = (kind, _wrong(bound), bound.id_for_label, bound.label, _optional(bound), hint, _error(bound))
    html = '<div class="{}{}"><label for="{}">{}{}</label>{}{}{}</div>'
    return markup(html, *parts, SafeString(bound))


def _choices(bound: BoundField, kind: str) -> SafeString:
    said = bound.aria_describedby
    said = markup(' aria-describedby="{}"', said) if said else ""
    html = '<fieldset class="{}{}"{}><legend>{}{}</legend>{}{}<div class="choices">{}</div></fieldset>'
    head = (kind, _wrong(bound), said, bound.label, _optional(bound))
    return markup(html, *head, _hint(bound), _error(bound), SafeString(bound))


def _wrong(bound: BoundField) -> str:
    return " wrong" if bound.errors else ""


def _optional(bound: BoundField) -> SafeString | str:
    if bound.field.required:
        return ""
    return markup('<span class="optional">{}</span>', gettext("（选填）"))


def _hint(bound: BoundField) -> SafeString | str:
    if not bound.help_text:
        return ""
    return markup('<p class="hint" id="{}_helptext">{}</p>', bound.auto_id, bound.help_text)


def _error(bound: BoundField) -> SafeString | str:
    if not bound.errors:
        return ""
    html = '<p class="error" id="{}_error"><span class="hidden-text">{}</span>{}</p>'
    return markup(html, bound.auto_id, gettext("错误："), bound.errors[0])


@register.inclusion_tag(f"{PARTS}/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """On top of the page: every error of these forms, each leading to its field. Nothing when none."""
    return {"errors": [found for form in forms for found in _errors(form)]}


def _errors(form: BaseForm) -> Iterator[dict[str, str]]:
    for name, messages in form.errors.items():
        target = ""
        if name in form.fields and not form[name].is_hidden:
            bound = form[name]
            target = f"{bound.auto_id}_0" if bound.use_fieldset else str(bound.auto_id)
        for message in messages:
            yield {"message": str(message), "target": target}


# ---- what things look like ----


@register.simple_tag
def light(value: Light | str, *, note: Text = "") -> SafeString:
    """Sign and word of a ``casework`` Light or of its colour; ``note`` adds "第6天，共18天"."""
    colour = value.colour if isinstance(value, Light) else Colour(str(value))
    more = markup(' <span class="note">{}</span>', str(note)) if note else ""
    return markup(
        '<span class="light {}"><svg class="sign" viewBox="0 0 12 12" aria-hidden="true"><path d="{}"/></svg>'
        "<span>{}{}</span></span>",
        colour.value,
        SHAPES[colour],
        str(COLOUR_WORDS[colour]),
        more,
    )


@register.simple_tag
def chip(word: Text, tone: str = "") -> SafeString:
    """A small tag: ``{% chip "容缺受理" "reed" %}``; tones: green, amber, red, tide, reed or none."""
    return markup('<span class="chip {}">{}</span>', str(tone), str(word))


@register.simple_block_tag
def notice(content: str, tone: str = "", title: Text = "") -> SafeString:
    """``{% notice tone="amber" title=… %}<p>…</p>{% endnotice %}``"""
    heading = markup("<strong>{}</strong>", str(title)) if title else ""
    return markup('<div class="notice {}">{}{}</div>', tone, heading, content)


@register.simple_block_tag
def disclosure(content: str, summary: Text) -> SafeString:
    """``{% disclosure "法律依据" %}<p>…</p>{% enddisclosure %}``"""
    return markup(
        '<details><summary>{}</summary><div class="inside">{}</div></details>', str(summary), content
    )


@register.inclusion_tag(f"{PARTS}/empty.html")
def empty_state(title: Text, text: Text = "", href: str = "", label: Text = "") -> dict[str, Any]:
    """What will appear here and how."""
    return {"title": title, "text": text, "href": href, "label": label}


@register.inclusion_tag(f"{PARTS}/stepper.html")
def stepper(number: int, of: int, title: Text = "") -> dict[str, Any]:
    """第 3 步，共 5 步：title."""
    return {"number": number, "of": of, "title": title, "bars": [n <= number for n in range(1, of + 1)]}


@register.inclusion_tag(f"{PARTS}/task_list.html")
def task_list(tasks: Sequence[Task]) -> dict[str, Any]:
    return {"tasks": tasks}


@register.simple_tag
def timeline(events: Sequence[Event]) -> SafeString:
    """Newest first, as the view gives them."""
    return written.timeline(events)


@register.simple_tag
def summary_list(rows: Sequence[Row]) -> SafeString:
    return written.summary_list(rows)


@register.inclusion_tag(f"{PARTS}/tabs.html")
def tabs(items: Sequence[Tab], label: Text) -> dict[str, Any]:
    """Links that look like tabs; ``label`` names the group to screen readers."""
    return {"items": items, "label": label}


@register.inclusion_tag(f"{PARTS}/pagination.html")
def pagination(page: Page[Any]) -> dict[str, Any]:
    return {"page": page}


@register.simple_tag
def qr(url: str, title: Text) -> SafeString:
    return codes.svg(url, title=str(title))


@register.simple_tag
def other_language() -> dict[str, str]:
    """``{% other_language as other %}``: the language one can switch to."""
    if (get_language() or "").startswith("en"):
        return {"code": "zh-hans", "name": "中文", "lang": "zh"}
    return {"code": "en", "name": "English", "lang": "en"}
