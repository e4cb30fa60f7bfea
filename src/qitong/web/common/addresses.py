"""Addresses of pages, and what stands around the numbers in them: found once, not wherever one is named."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def site() -> tuple[str, str]:
    """What an address depends on beside its name: where the site stands, and the table in force."""
    return get_script_prefix(), str(get_urlconf() or settings.ROOT_URLCONF)


def address(view: str, *args: object) -> str:
    """As ``reverse``: where numbers, keys and words go in an address is found out once."""
    if not args:
        return _found(view, site())
    if not all(map(_is_plain, args)):
        return reverse(view, args=args)
    around = _around(view, tuple(isinstance(arg, int) for arg in args), site())
    if around is None:
        return reverse(view, args=args)
    return "".join(text + str(arg) for text, arg in zip(around, (*args, ""), strict=True))


def _is_plain(arg: object) -> bool:
    """Whether it stands in an address as it is."""
    return _PLAIN.fullmatch(arg) is not None if isinstance(arg, str) else type(arg) is int and arg >= 0


@lru_cache(maxsize=512)
def _found(view: str, _at: tuple[str, str]) -> str:
    return reverse(view)


@lru_cache(maxsize=512)
def _around(view: str, numbers: tuple[bool, ...], _at: tuple[str, str]) -> list[str] | None:
    """What stands around the places of an address; None where not every word may stand in them."""
    places = [f"77{n}0077" if number else f"X{n}HERE" for n, number in enumerate(numbers)]
    try:
        return re.split("|".join(places), reverse(view, args=places))
    except NoReverseMatch:
        return None
