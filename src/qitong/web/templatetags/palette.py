"""``{% load palette %}``: what comes with every page of an officer's."""

from __future__ import annotations

from typing import Any

from django import template

from qitong.web.common.context import Shell
from qitong.web.common.keys import KEYS

register = template.Library()


@register.inclusion_tag("common/palette.html")
def palette(frame: Shell, reader: object) -> dict[str, Any]:
    """The command palette and the list of keys, closed; ``reader`` tells one person's recent cases apart."""
    return {"pages": frame.nav, "keys": KEYS, "reader": reader}
