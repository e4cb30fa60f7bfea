"""Every address pattern has a number, the same in every process of one version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from qitong.server.watch.counts import ROUTES

NONE, STATIC, INSIDE = "(none)", "(static)", "(inside)"
"""No such address; style sheets and scripts; health and metrics."""


def names() -> tuple[str, ...]:
    """The patterns as ``request.resolver_match.route`` spells them; what does not fit counts as the first."""
    return tuple(_numbers(settings.ROOT_URLCONF))


def number(route: str) -> int:
    return _numbers(settings.ROOT_URLCONF).get(route, 0)


@cache
def _numbers(addresses: str) -> dict[str, int]:
    found = dict.fromkeys(_below(get_resolver(addresses).url_patterns, ""))
    return {name: number for number, name in enumerate((NONE, STATIC, INSIDE, *found)[:ROUTES])}


def _below(patterns: list[URLPattern | URLResolver], above: str) -> Iterator[str]:
    for pattern in patterns:
        own = str(pattern.pattern)
        route = above + own.removeprefix("^") if above else own
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, route)
        else:
            yield route
