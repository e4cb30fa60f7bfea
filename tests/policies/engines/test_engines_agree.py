"""Random rules and companies: every engine says what the reference says, outcome by outcome."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qitong.kernel.errors import Refused
from qitong.policies.engines.databases import ClickHouse, Postgres
from qitong.policies.engines.lowering import plan
from qitong.policies.engines.plan import Builder
from tests.policies.draw import FIELDS, ON, Draw
from tests.policies.engines import counts
from tests.policies.engines.agreement import Said, compared, computable

TOO_LARGE = 5094


def test_every_engine_says_what_the_reference_says(postgres: Postgres, clickhouse: ClickHouse) -> None:
    """And so many times: counted in the process that compared, whichever that is."""

    @settings(
        max_examples=counts.batches,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=tuple(HealthCheck),
    )
    @given(st.randoms(use_true_random=False), st.integers(0, 2**32))
    def agree(random: Random, seed: int) -> None:
        for engine, right, said in compared(random, seed, postgres, clickhouse):
            _same(engine, right, said)

    agree()
    assert sum(counts.made.values()) >= counts.asked
    assert len(set(counts.made.values())) == 1, counts.made


def _same(engine: str, right: list[list[Said]], said: list[list[Said]]) -> None:
    for place, (wanted, got) in enumerate(zip(right, said, strict=True)):
        wrong = [n for n, pair in enumerate(zip(wanted, got, strict=True)) if pair[0] != pair[1]]
        assert not wrong, (engine, place, wrong[:3], [(wanted[n], got[n]) for n in wrong[:3]])
        counts.made[engine] += len(wanted)


def test_a_rule_that_engines_refuse_is_not_one_to_compare() -> None:
    """Where drawing changes, another number is one of those whose first rule is too large."""
    with pytest.raises(Refused, match="数过大"):
        plan(Draw(Random(TOO_LARGE)).rule(), FIELDS, Builder(), ON)
    plan(computable(Random(TOO_LARGE)), FIELDS, Builder(), ON)
