"""From which network address a request comes.

An address is only as true as the proxies in front: ``QITONG_PROXIES`` says how many of them there are,
and each appends the address it was asked from (``X-Forwarded-For``). What a client wrote itself stands
further left and is not believed.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks; empty where none is known (a socket, a test)."""
    proxies: int = settings.PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    told = hops[-proxies] if 0 < proxies <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return ""
