"""What only the officers' pages are built of. ``{% load desk %}``"""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import Textarea
from django.forms.boundfield import BoundField

from qitong.casework.logic.starters import Use

register = template.Library()


@register.inclusion_tag("workbench/phrases_at.html")
def phrases(bound: BoundField, number: str) -> dict[str, Any]:
    """The way to the phrases below a text that is written often; nothing for other fields.

    A link to a page to copy from; the script makes it a list that puts them in at the cursor.
    """
    fits = isinstance(bound.field.widget, Textarea) and bound.name in set(Use)
    return {"use": bound.name if fits else "", "target": bound.id_for_label, "number": number}
