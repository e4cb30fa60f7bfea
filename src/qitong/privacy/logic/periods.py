"""How long which personal data is kept: one table, overridden by ``QITONG_RETENTION``. Pure.

PIPL art. 19: no longer than the purpose needs, unless a law says otherwise. For cases it is archive rules
that do: 国家档案局令第8号, art. 6, keeps an office's files for ever, 30 years or 10 years.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum


class Kept(StrEnum):
    """What a period is set for."""

    DRAFTS = "drafts"
    """Since a draft was opened that was never handed in."""
    WITHDRAWN = "withdrawn"
    """Since a company took its case back, before anything was decided."""
    CASES = "cases"
    """Since a case ended; so long nobody may have it erased."""
    MESSAGES = "messages"
    """Since a message, and its mail and SMS, was made."""
    EXPORTS = "exports"
    """Since a table was made."""
    VISITS = "visits"
    """Since a security administrator looked as somebody else."""
    FACTS = "facts"
    """Since a company gave a fact of itself for the matching of policies."""
    PACKAGES = "packages"
    """Since a service package was answered or withdrawn."""


USUAL: Mapping[Kept, dt.timedelta] = {
    Kept.DRAFTS: dt.timedelta(days=365),
    Kept.WITHDRAWN: dt.timedelta(days=2 * 365),
    Kept.CASES: dt.timedelta(days=3653),
    Kept.MESSAGES: dt.timedelta(days=2 * 365),
    Kept.EXPORTS: dt.timedelta(days=7),
    Kept.VISITS: dt.timedelta(days=3 * 365),
    Kept.FACTS: dt.timedelta(days=4 * 365),
    Kept.PACKAGES: dt.timedelta(days=3 * 365),
}
LEAST: Mapping[Kept, dt.timedelta] = {
    Kept.CASES: dt.timedelta(days=3653),
    Kept.VISITS: dt.timedelta(days=184),
}
"""No setting falls short of it: ten years for files, half a year for a log (网络安全法, 2017, art. 21)."""
_ONE = re.compile(r"([a-z]+)=([0-9]{1,5})([dy])")


def parse(text: str) -> dict[str, dt.timedelta]:
    """The periods in use: ``drafts=180d,cases=30y`` over the usual ones; a year has 365.25 days, rounded up.

    Raises ValueError, naming what cannot be read or is shorter than it may be.
    """
    found: dict[str, dt.timedelta] = {kind.value: period for kind, period in USUAL.items()}
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _ONE.fullmatch(part)
        if match is None or match[1] not in set(Kept):
            raise ValueError(f"{part!r} is not like drafts=180d, of: {', '.join(Kept)}")
        kind, number = Kept(match[1]), int(match[2])
        days = number if match[3] == "d" else -(-number * 1461 // 4)
        found[kind] = dt.timedelta(days=days)
        least = LEAST.get(kind, dt.timedelta(days=1))
        if found[kind] < least:
            raise ValueError(f"{part!r}: at least {least.days} days")
    return found
