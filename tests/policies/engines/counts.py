"""How many comparisons of an engine with the reference are made, and that they were made.

A comparison is one engine's outcome, with the facts it calls missing, for one company and one policy.
``QITONG_RULE_CHECKS=1000000`` asks for at least that many in all (``make check-rules``).
"""

from __future__ import annotations

import os

LEAST = 20_000
"""In every run of the suite."""
ENGINES = ("closures", "index", "polars", "postgres", "clickhouse")
RULES, ROWS = 5, 400
"""Random rules and companies at a time: every rule of a batch is asked of every company of it."""

asked = max(LEAST, int(os.environ.get("QITONG_RULE_CHECKS", "0")))
batches = -(-asked // (RULES * ROWS * len(ENGINES))) + 5
made = dict.fromkeys(ENGINES, 0)
