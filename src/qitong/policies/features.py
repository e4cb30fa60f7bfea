"""Facts that follow from others: asked for less, and known the same everywhere.

A fact that is given is never overwritten. What a policy reads is the same whether it was given or derived.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qitong.policies.library import Library
from qitong.policies.logic.ages import full
from qitong.policies.logic.units import Kind
from qitong.policies.sizing import INDUSTRY

REGISTERED = "registered_on"


def derived(facts: Mapping[str, Any], on: dt.date, library: Library) -> dict[str, Any]:
    """The facts with ``on`` and what follows from them: size, months since registration.

    Without ``registered_on`` nothing is guessed; an industry outside the size table has no size.
    """
    found = {**facts, "on": on}
    registered = facts.get(REGISTERED)
    if found.get("months_since_registration") is None and isinstance(registered, dt.date):
        found["months_since_registration"] = full(Kind.MONTHS, registered, on)
    if found.get("size") is None and library.sizes is not None:
        found["size"] = library.sizes.table.size(facts.get(INDUSTRY), facts)
    return found
