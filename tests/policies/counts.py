"""How many random checks each comparison makes: a few seconds' worth, or as many as are asked for.

``QITONG_RULE_CHECKS=1000000`` spreads that many over the table; an engine that is added adds its row.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

ROWS = 40
"""Companies tried on each random rule."""
_CHECKS = {"closures": 6_000, "explained": 2_400, "laws": 3_200}
"""Checks in the suite, by what is compared with the reference."""


def checks(what: str, *, share: int = 1) -> settings:
    """How many random rules to draw for one of ``share`` tests on ``what``.

    They are not shrunk: it takes minutes and a smaller random rule reads no better.
    """
    wanted = int(os.environ.get("QITONG_RULE_CHECKS", "0"))
    count = _CHECKS[what] * max(1, wanted // sum(_CHECKS.values())) // share
    return settings(
        max_examples=max(1, count // ROWS),
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
    )
