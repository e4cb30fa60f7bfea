"""How many random checks each comparison makes: a few seconds' worth, or as many as are asked for.

``QITONG_RULE_CHECKS=1000000`` spreads that many over the table; an engine that is added adds its row.
"""

from __future__ import annotations

import os

ROWS = 40
"""Companies tried on each random rule."""
_CHECKS = {"closures": 6_000, "explained": 2_400, "laws": 3_200}
"""Checks in the suite, by what is compared with the reference."""


def examples(what: str) -> int:
    """How many random rules to draw for ``what``."""
    wanted = int(os.environ.get("QITONG_RULE_CHECKS", "0"))
    checks = _CHECKS[what] * max(1, wanted // sum(_CHECKS.values()))
    return max(1, checks // ROWS)
