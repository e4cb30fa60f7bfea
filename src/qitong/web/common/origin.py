"""From where a request comes: the network address, and the device in words.

An address is only as true as the proxies in front: ``QITONG_PROXIES`` says how many of them there are,
and each appends the address it was asked from (``X-Forwarded-For``). What a client wrote itself stands
further left and is not believed.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
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


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks; empty where none is known (a socket, a test)."""
    proxies: int = settings.PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    told = hops[-proxies] if 0 < proxies <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return ""


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself, cut to what is kept."""
    return request.headers.get("User-Agent", "")[:200]


def device_in_words(agent: str) -> str:
    """``Chrome · Windows``, as far as the browser tells."""
    names = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    words = {"微信": gettext("微信"), "钉钉": gettext("钉钉")}
    return " · ".join(words.get(name, name) for name in names if name) or gettext("未知设备")
