"""Every address pattern has a number, the same in every process of one version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from qitong.server.watch.counts import ROUTES

NONE, STATIC, INSIDE = "(none)", "(static)", "(inside)"
"""No such address; style sheets and scripts; health and metrics."""


@cache
def names() -> tuple[str, ...]:
    """The patterns as ``request.resolver_match.route`` spells them; what does not fit counts as the first."""
    found = dict.fromkeys(_below(get_resolver().url_patterns, ""))
    return (NONE, STATIC, INSIDE, *found)[:ROUTES]


@cache
def _numbers() -> dict[str, int]:
    return {name: number for number, name in enumerate(names())}


def number(route: str) -> int:
    return _numbers().get(route, 0)


def _below(patterns: list[URLPattern | URLResolver], above: str) -> Iterator[str]:
    for pattern in patterns:
        own = str(pattern.pattern)
        route = above + own.removeprefix("^") if above else own
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, route)
        else:
            yield route
