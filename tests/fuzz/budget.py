"""How many inputs each test of this folder generates, in one table, and the count of those it really did.

``QITONG_FUZZ=10`` (``make fuzz``) multiplies them and draws new ones each time; without it the same are drawn
every time, so that a build fails for what was changed and not by chance.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import NamedTuple

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("QITONG_FUZZ", "1"))


class Row(NamedTuple):
    """``each``: generated inputs a case of the test; ``cases``: how many it has (or more)."""

    each: int
    cases: int = 1


BUDGET: dict[str, Row] = {
    # function by function
    "test_a_reader_reads_or_refuses": Row(600, 30),
    "test_a_spoilt_catalogue_is_refused_line_by_line": Row(250),
    # through the whole program
    "test_an_operation_answers_as_its_description_says": Row(24, 54),
    "test_a_form_answers_whatever_is_typed": Row(6, 150),
    "test_a_command_does_it_or_says_why_not": Row(30, 14),
    "test_a_page_answers_whatever_its_address_asks": Row(3, 110),
}
LEAST = 20_000


@dataclass(slots=True)
class Tried:
    """Counts what a test was given; asked again when it ends."""

    test: str
    count: int = 0

    def one(self) -> None:
        self.count += 1


def drawn(test: str) -> settings:
    """The settings under which a test of the table runs."""
    return settings(
        max_examples=BUDGET[test].each * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
