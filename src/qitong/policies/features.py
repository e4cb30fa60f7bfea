"""Facts that follow from others: asked for less, and known the same everywhere.

A fact that is given is never overwritten. What a policy reads is the same whether it was given or derived.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from qitong.policies.library import Library
from qitong.policies.logic.ages import full
from qitong.policies.logic.units import Kind
from qitong.policies.sizing import INDUSTRY

REGISTERED = "registered_on"


_DIVISION = re.compile(r"[1-9][0-9]{5}")


def district_of(place: str, uscc: str) -> str | None:
    """The division code of the district a company is in; ``place``: the code of its jurisdiction.

    A park is within its district (310151-P1). Where the place is a whole city or has another code, it is the
    division that registered the company, written in its credit code. None: neither names a district.
    """
    for found in (place[:6], uscc[2:8]):
        if _DIVISION.fullmatch(found) and not found.endswith("00"):
            return found
    return None


def derived(facts: Mapping[str, Any], on: dt.date, library: Library) -> dict[str, Any]:
    """The facts with ``on`` and what follows from them: the same under other names, size, months since
    registration.

    Without ``registered_on`` nothing is guessed; an industry outside the size table has no size.
    """
    found = _shared({**facts, "on": on}, library)
    registered = facts.get(REGISTERED)
    if found.get("months_since_registration") is None and isinstance(registered, dt.date):
        found["months_since_registration"] = full(Kind.MONTHS, registered, on)
    if found.get("size") is None and library.sizes is not None:
        found["size"] = library.sizes.table.size(found.get(INDUSTRY), found)
    return found


def _shared(found: dict[str, Any], library: Library) -> dict[str, Any]:
    """The facts with those that are others under another name, wherever one of them is known."""
    for name, main, opposite in library.alike:
        if found.get(main) is None and found.get(name) is not None:
            found[main] = not found[name] if opposite else found[name]
    for name, main, opposite in library.alike:
        if found.get(name) is None and found.get(main) is not None:
            found[name] = not found[main] if opposite else found[main]
    return found
