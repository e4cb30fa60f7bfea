"""What only the officers' pages are built of. ``{% load desk %}``"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.forms import Textarea
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from qitong.casework.logic.starters import Use
from qitong.kernel.masking import Veil
from qitong.kernel.words import Named
from qitong.policies.schema import Policy
from qitong.web.common.addresses import site
from qitong.web.common.written import said
from qitong.web.templatetags.qitong import money

register = template.Library()
_HERE = "HERE"


@register.filter
def veiled(text: str, veil: Veil) -> str:
    """What somebody wrote, as this officer sees it now."""
    return veil.text(text)


@register.filter
def policy_name(policy: Policy) -> str:
    """A policy's name in the language of the moment."""
    return str(Named(policy.name.zh, policy.name.en))


@register.filter
def fen(value: int | None) -> str:
    """分 as yuan; "not known" where a fact is missing."""
    return gettext("缺少资料") if value is None else money(value // 100)


@register.filter
def veiled_name(name: str, veil: Veil) -> str:
    """A person of the company, as this officer sees them now."""
    return veil.name(name)


@register.inclusion_tag("workbench/personal.html", takes_context=True)
def personal_data(context: Context, here: str = "") -> dict[str, Any]:
    """The button that shows masked personal data, or until when it is shown; ``asking`` is the view's."""
    return {"asking": context["asking"], "here": here, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def phrases(bound: BoundField, number: str) -> SafeString:
    """The way to the phrases below a text that is written often; nothing for other fields.

    A link to a page to copy from; the script makes it a list that puts them in at the cursor.
    """
    if not isinstance(bound.field.widget, Textarea) or bound.name not in set(Use):
        return SafeString("")
    here = (said(number), said(bound.name), said(bound.id_for_label))
    parts = zip(_phrases(get_language(), site()), (*here, ""), strict=True)
    return mark_safe("".join(part + value for part, value in parts))  # noqa: S308  escaped by said()


@lru_cache(maxsize=16)
def _phrases(*_told_apart_by: object) -> list[str]:
    """What stands around the number, the use and the field: the same below every text."""
    html = render_to_string("workbench/phrases_at.html", {"number": _HERE, "use": _HERE, "target": _HERE})
    return html.split(_HERE)
