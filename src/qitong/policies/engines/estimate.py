"""How many companies policies would be for, as of a day each: counted over columns, not one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from qitong.policies.engines import companies, snapshot
from qitong.policies.engines.columns import ID, held, read
from qitong.policies.engines.features import derived
from qitong.policies.engines.lowering import Plan, plan
from qitong.policies.engines.near import near
from qitong.policies.engines.on_polars import Spelled
from qitong.policies.engines.plan import Builder, Term
from qitong.policies.library import Alike, Sizes
from qitong.policies.logic.rule import DISTRICT, FieldSpec, Rule


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one policy; ``missing``: for each fact, of how many it is one that could settle it."""

    eligible: int
    manual: int
    unknown: int
    near: int
    missing: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Some companies in the order of their keys: the last key, how many there are, and their facts.

    ``facts``: of those of which more is known than where they are, as the engines read them.
    """

    last: int
    companies: int
    facts: pl.DataFrame


def part(after: int, most: int, fields: Mapping[str, FieldSpec], on: dt.date, connection: Any) -> Part | None:
    """The next companies after a key, by what is known of them on a day; None when there are no more."""
    found = snapshot.part(after, most, fields, on, connection)
    if found is None:
        return None
    said = (
        found.filter(pl.any_horizontal(pl.exclude(ID, DISTRICT).is_not_null())) if fields else found.clear()
    )
    return Part(int(found[ID][-1]), found.height, companies.stored(said, fields))


def tallies(
    rules: Sequence[tuple[Rule, dt.date]],
    facts: pl.DataFrame,
    fields: Mapping[str, FieldSpec],
    sizes: Sizes | None,
    alike: Sequence[Alike] = (),
) -> list[Tally]:
    """For each rule and the day it is judged on."""
    found: dict[int, Tally] = {}
    for on in {day for _, day in rules}:
        make, frame = Builder(), derived(facts, sizes, on, alike)
        each = {n: rule for n, (rule, day) in enumerate(rules) if day == on}
        plans = {n: plan(rule, fields, make, on) for n, rule in each.items()}
        nears = {n: near(rule, fields, make, on) for n, rule in each.items()}
        terms = {n: _terms(plans[n], nears[n]) for n in each}
        roots = {term.number: term for of in terms.values() for term in of.values()}
        spelled = Spelled({str(number): term for number, term in roots.items()}, on)
        answers = spelled.run(held(frame, read(roots.values())))
        for n in each:
            found[n] = _tally(plans[n], answers.select(**{k: str(t.number) for k, t in terms[n].items()}))
    return [found[n] for n in range(len(rules))]


def _terms(of: Plan, one_off: Term) -> dict[str, Term]:
    needs = {f"need{place}": term for place, (_, term) in enumerate(of.needs)}
    return {"verdict": of.verdict, "near": one_off, **needs}


def _tally(of: Plan, found: pl.DataFrame) -> Tally:
    granted, unknown = int(found["verdict"].sum()), found["verdict"].is_null()
    asked = found.filter(unknown)
    missing = {name: int(asked[f"need{place}"].sum()) for place, (name, _) in enumerate(of.needs)}
    return Tally(
        eligible=0 if of.manual else granted,
        manual=granted if of.manual else 0,
        unknown=asked.height,
        near=int(found["near"].sum()),
        missing={name: count for name, count in missing.items() if count},
    )
