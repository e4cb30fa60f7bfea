"""Estimates over columns are the sums of what is said of each company alone, who is near included."""

from __future__ import annotations

from collections import Counter
from random import Random

import polars as pl

from qitong.policies.engines import columns
from qitong.policies.engines.estimate import Tally, tallies
from qitong.policies.engines.lowering import plan
from qitong.policies.engines.near import near
from qitong.policies.engines.on_polars import Spelled
from qitong.policies.engines.plan import Builder, Is
from qitong.policies.logic.explain import Explained, Matcher
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.units import Kind
from qitong.policies.sections import one_off
from tests.policies.draw import FIELDS, ON, Draw, companies

RULES, ROWS = 100, 40
_KINDS = {Kind.BOOL: Is.TRUTH, Kind.CODE: Is.CODE, Kind.DATE: Is.DAY}


def test_one_condition_off_is_the_same_in_bulk_as_for_one_company() -> None:
    random, off = Random(3), 0
    for seed in range(RULES):
        rule, make = Draw(random).rule(), Builder()
        matcher = Matcher(rule)
        rows = companies(rule, seed, ROWS)
        term, verdict = near(rule, FIELDS, make, ON), plan(rule, FIELDS, make, ON).verdict
        frame = columns.from_rows(rows, FIELDS, columns.read([term, verdict]))
        said = Spelled({"near": term, "verdict": verdict}, ON).run(frame)["near"].to_list()
        alone = [one_off(matcher.explain(facts)) for facts in rows]
        assert said == alone, seed
        off += sum(alone)
    assert off > RULES


def test_what_is_counted_is_what_each_is_told() -> None:
    random = Random(4)
    for seed in range(10):
        rules = [Draw(random).rule() for _ in range(3)]
        rows = [facts for rule in rules for facts in companies(rule, seed, ROWS)]
        told = [list(map(Matcher(rule).explain, rows)) for rule in rules]
        asked = [(rule, ON) for rule in rules]
        assert tallies(asked, _frame(rows), FIELDS, None) == [_sum(each) for each in told]


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Facts as the engines read them, sets of codes as such."""
    plain = {name: _KINDS.get(s.kind, Is.NUMBER) for name, s in FIELDS.items() if s.kind is not Kind.CODES}
    frame = columns.from_rows(rows, FIELDS, plain)
    sets = [name for name, spec in FIELDS.items() if spec.kind is Kind.CODES]
    listed = {name: [_listed(row.get(name)) for row in rows] for name in sets}
    return frame.with_columns(pl.Series(n, each, dtype=pl.List(pl.String)) for n, each in listed.items())


def _listed(codes: object) -> list[str] | None:
    return sorted(codes) if isinstance(codes, frozenset) else None


def _sum(told: list[Explained]) -> Tally:
    outcomes = Counter(one.outcome for one in told)
    return Tally(
        eligible=outcomes[Outcome.ELIGIBLE],
        manual=outcomes[Outcome.MANUAL_REVIEW],
        unknown=outcomes[Outcome.UNKNOWN],
        near=sum(one.outcome is Outcome.NOT_ELIGIBLE and one_off(one) for one in told),
        missing=dict(Counter(name for one in told for name in one.missing)),
    )
