"""What only the officers' pages are built of. ``{% load desk %}``"""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import Textarea
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.translation import gettext

from qitong.casework.logic.starters import Use
from qitong.kernel.masking import Veil
from qitong.kernel.words import Named
from qitong.policies.schema import Policy
from qitong.web.templatetags.qitong import money

register = template.Library()


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


@register.inclusion_tag("workbench/phrases_at.html")
def phrases(bound: BoundField, number: str) -> dict[str, Any]:
    """The way to the phrases below a text that is written often; nothing for other fields.

    A link to a page to copy from; the script makes it a list that puts them in at the cursor.
    """
    fits = isinstance(bound.field.widget, Textarea) and bound.name in set(Use)
    return {"use": bound.name if fits else "", "target": bound.id_for_label, "number": number}
