"""Addresses of pages that have no number in them: found once, not for each page that names them."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def site() -> tuple[str, str]:
    """What an address depends on beside its name: where the site stands, and the table in force."""
    return get_script_prefix(), str(get_urlconf() or settings.ROOT_URLCONF)


def address(view: str) -> str:
    """As ``reverse``, for a name without arguments."""
    return _found(view, site())


@lru_cache(maxsize=512)
def _found(view: str, _at: tuple[str, str]) -> str:
    return reverse(view)
