"""The worked examples of all policies come out as they say on every engine."""

from __future__ import annotations

from typing import Any

import pytest

from qitong.policies.check import packaged
from qitong.policies.examples import facts, given
from qitong.policies.logic.outcomes import Outcome
from tests.policies.draw import ON
from tests.policies.engines.agreement import Batch, Said, by_closures, by_index
from tests.policies.engines.conftest import Ask

Expected = list[tuple[int, int, Outcome]]


@pytest.fixture(scope="module")
def worked() -> tuple[Batch, Expected, list[list[Said]]]:
    """All policies and the facts of all examples; for each its own policy, row and outcome."""
    library = packaged()
    rows: list[dict[str, Any]] = []
    expected: Expected = []
    for place, entry in enumerate(library.entries.values()):
        for example in entry.policy.examples:
            expected.append((place, len(rows), example.expect))
            rows.append({**facts(entry.rule, given(entry.policy, example)), "on": ON})
    rules = [entry.rule for entry in library.entries.values()]
    assert len(rules) == 39
    return Batch(rules, rows, library.fields, ON), expected, by_closures(rules, rows)


def test_examples(
    worked: tuple[Batch, Expected, list[list[Said]]],
    ask: Ask,
) -> None:
    batch, expected, right = worked
    said = ask(batch)
    for place, row, outcome in expected:
        assert said[place][row][0] is outcome, (batch.rules[place].id, row)
    assert len(expected) > 900
    assert said == right


def test_examples_asked_of_the_whole_library_at_once(
    worked: tuple[Batch, Expected, list[list[Said]]],
) -> None:
    batch, _, right = worked
    assert by_index(batch.rules, batch.rows) == right
