"""From what device a request comes, in words."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext

_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
# In this order: a browser names those it descends from, too.
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself, cut to what is kept."""
    return request.headers.get("User-Agent", "")[:200]


def device_in_words(agent: str) -> str:
    """``Chrome · Windows``, as far as the browser tells."""
    names = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    words = {"微信": gettext("微信"), "钉钉": gettext("钉钉")}
    return " · ".join(words.get(name, name) for name in names if name) or gettext("未知设备")
