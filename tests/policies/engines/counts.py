"""How many comparisons of an engine with the reference are made, and that they were made.

A comparison is one engine's outcome, with the facts it calls missing, for one company and one policy.
``make check-rules`` makes a million of them: :mod:`tests.policies.engines.many`.
"""

from __future__ import annotations

LEAST = 20_000
"""In every run of the suite."""
ENGINES = ("closures", "index", "polars", "postgres", "clickhouse")
RULES, ROWS = 5, 400
"""Random rules and companies at a time: every rule of a batch is asked of every company of it."""

asked = LEAST
batches = -(-asked // (RULES * ROWS * len(ENGINES))) + 5
made = dict.fromkeys(ENGINES, 0)
