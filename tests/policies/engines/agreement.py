"""What the reference says of many policies and companies, and what each engine says, in the same form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import polars as pl

from qitong.kernel.errors import Refused
from qitong.policies.engines import answers, columns
from qitong.policies.engines.databases import Database
from qitong.policies.engines.index import Index
from qitong.policies.engines.lowering import plan
from qitong.policies.engines.next_question import needed
from qitong.policies.engines.plan import Builder
from qitong.policies.logic import reference
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.missing import missing
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import FieldSpec, Rule
from tests.policies.draw import FIELDS, ON, Draw, companies
from tests.policies.engines import counts

Said = tuple[Outcome, frozenset[str]]
"""An outcome, and the facts that could settle it."""
Rows = Sequence[Mapping[str, Any]]


def by_reference(rules: Sequence[Rule], rows: Rows) -> list[list[Said]]:
    """For each rule, what is said of each row."""
    return [[_said(rule, facts, reference.outcome(rule, facts)) for facts in rows] for rule in rules]


def by_closures(rules: Sequence[Rule], rows: Rows) -> list[list[Said]]:
    return [
        [(found.outcome, frozenset(found.missing)) for found in map(Matcher(rule).explain, rows)]
        for rule in rules
    ]


def by_index(rules: Sequence[Rule], rows: Rows) -> list[list[Said]]:
    index = Index(replace(rule, id=str(place)) for place, rule in enumerate(rules))
    said: list[list[Said]] = [[] for _ in rules]
    for answer in map(index.ask, rows):
        needs = needed(answer)
        for place, column in enumerate(said):
            facts = frozenset(fact for fact, places in needs.items() if places >> place & 1)
            column.append((answer.outcome(place), facts))
    return said


def _said(rule: Rule, facts: Mapping[str, Any], outcome: Outcome) -> Said:
    if outcome is not Outcome.UNKNOWN:
        return outcome, frozenset()
    trees = [rule.applies, *(c.node for c in rule.conditions if not c.manual)]
    return outcome, frozenset(missing(trees, rule, facts))


@dataclass(frozen=True, slots=True)
class Batch:
    """Rules and companies as plans and columns, made once for all engines."""

    rules: Sequence[Rule]
    rows: Rows
    fields: Mapping[str, FieldSpec]
    on: dt.date

    def by_polars(self) -> list[list[Said]]:
        plans, frame, _ = self._columns()
        return [self._filled(found) for found in answers.by_polars(plans, frame, self.on)]

    def by_database(self, database: Database) -> list[list[Said]]:
        plans, frame, make = self._columns()
        return [self._filled(found) for found in answers.by_database(plans, frame, self.on, make, database)]

    def _columns(self) -> tuple[list[Any], pl.DataFrame, Builder]:
        make = Builder()
        plans = [plan(rule, self.fields, make, self.on) for rule in self.rules]
        wanted = columns.read(answers.all_of(plans))
        return plans, columns.from_rows(self.rows, self.fields, wanted), make

    def _filled(self, found: pl.DataFrame) -> list[Said]:
        """Who is not in an answer is not eligible."""
        said: list[Said] = [(Outcome.NOT_ELIGIBLE, frozenset())] * len(self.rows)
        for row, _, outcome, lacking in found.iter_rows():
            assert said[row] == (Outcome.NOT_ELIGIBLE, frozenset()), "a pair came twice"
            said[row] = (Outcome(outcome), frozenset(filter(None, lacking.split(","))))
        return said


def computable(random: Random) -> Rule:
    """The next rule whose numbers engines can hold: of about two thousand they refuse one, and say so."""
    while True:
        rule = Draw(random).rule()
        try:
            plan(rule, FIELDS, Builder(), ON)
        except Refused as refused:
            if refused.code != "range":
                raise
        else:
            return rule


def compared(
    random: Random, seed: int, postgres: Database, clickhouse: Database
) -> Iterator[tuple[str, list[list[Said]], list[list[Said]]]]:
    """A few random rules and many companies: of each engine, what the reference says and what it says."""
    drawn = [computable(random) for _ in range(counts.RULES)]
    each = counts.ROWS // counts.RULES
    rows = [facts for n, rule in enumerate(drawn) for facts in companies(rule, seed + n, each)]
    batch, right = Batch(drawn, rows, FIELDS, ON), by_reference(drawn, rows)
    yield "closures", right, by_closures(drawn, rows)
    yield "index", right, by_index(drawn, rows)
    yield "polars", right, batch.by_polars()
    yield "postgres", right, batch.by_database(postgres)
    yield "clickhouse", right, batch.by_database(clickhouse)
