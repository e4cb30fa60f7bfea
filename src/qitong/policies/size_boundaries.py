"""Which bounds and industries of the size table no worked example holds, and the examples that would.

As :mod:`boundaries` does of policies: each bound is moved by the smallest amount, each code left out; where
every example still comes out the same, its place is told with an example for its author to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import yaml

from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Document, Loc
from qitong.policies.library import Sizes
from qitong.policies.logic import reading
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.size import Row, SizeTable
from qitong.policies.logic.units import Number, normal
from qitong.policies.schema import SizeExample

Facts = dict[str, Number]


@dataclass(frozen=True, slots=True)
class Case:
    """A company: its industry and its indicators in base units."""

    industry: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Change:
    """A table that is a little otherwise: where, what stands there, and companies that might notice."""

    loc: Loc
    literal: str
    table: SizeTable
    tries: tuple[Case, ...]

    def noticed(self, case: Case, before: SizeTable) -> bool:
        return self.table.size(case.industry, case.facts) != before.size(case.industry, case.facts)


def complain(document: Document, sizes: Sizes) -> None:
    """Complain about each place at which the table could be otherwise and no example would tell."""
    table = sizes.table
    cases = [_case(example, sizes.fields) for example in sizes.file.examples]
    told: dict[tuple[Loc, str], list[Case]] = {}
    for change in _changes(sizes, cases):
        if any(change.noticed(case, table) for case in cases):
            continue
        holds = next((case for case in change.tries if change.noticed(case, table)), None)
        if holds is None:
            document.complain(
                change.loc, say("“{literal}”不起作用：没有它，结果都一样。", literal=change.literal)
            )
        else:
            told.setdefault((change.loc, change.literal), []).append(holds)
    for (loc, literal), more in told.items():
        lines = dict.fromkeys(line(case, sizes) for case in more)
        sentence = say(
            "没有例子守住“{literal}”：它稍有改动，现有例子的结果都不变。请核对后加上例子：{examples}",
            literal=literal,
            examples=", ".join(lines),
        )
        document.complain(loc, sentence)


def line(case: Case, sizes: Sizes) -> str:
    """The company as a line of the table's examples, with the size that it has."""
    given = {name: _written(sizes.fields[name], value) for name, value in case.facts.items()}
    expect = sizes.table.size(case.industry, case.facts)
    said = {"industry": case.industry, "in": given, "expect": expect}
    return str(yaml.safe_dump(said, default_flow_style=True, sort_keys=False, width=1_000)).strip()


def _case(example: SizeExample, fields: Mapping[str, FieldSpec]) -> Case:
    read = {name: reading.value(fields[name], raw) for name, raw in example.in_.items()}
    return Case(example.industry, {name: value for name, value in read.items() if value is not None})


def _written(spec: FieldSpec, value: Number) -> int | float:
    found = reading.written(spec, value)
    return int(found) if Fraction(found).denominator == 1 else float(found)


def _changes(sizes: Sizes, cases: Sequence[Case]) -> Iterator[Change]:
    for index, row in enumerate(sizes.table.rows):
        known = [case.industry for case in cases if sizes.table.row(case.industry) is row]
        for place in range(len(row.bounds)):
            yield from _of_bound(sizes, index, place, known[0] if known else row.codes[0])
        for key in ("industries", "except"):
            yield from _of_codes(sizes, index, key)


def _of_bound(sizes: Sizes, index: int, place: int, industry: str) -> Iterator[Change]:
    """Each bound of an indicator a smallest amount higher and lower."""
    row = sizes.table.rows[index]
    name, bounds = row.bounds[place]
    step = Fraction(1, sizes.fields[name].grain)
    for size, bound in enumerate(bounds):
        level = {other: each[size] for other, each in row.bounds}
        for moved, met in ((bound + step, bound), (bound - step, bound - step)):
            changed = [*bounds[:size], normal(moved), *bounds[size + 1 :]]
            there = (name, (changed[0], changed[1], changed[2]))
            other = replace(row, bounds=(*row.bounds[:place], there, *row.bounds[place + 1 :]))
            literal = str(_written(sizes.fields[name], bound))
            tries = (Case(industry, {**level, name: normal(met)}),)
            yield Change(("rows", index, "bounds", name, size), literal, _with(sizes, index, other), tries)


def _of_codes(sizes: Sizes, index: int, key: str) -> Iterator[Change]:
    """Each industry left out of a row, each exception let in."""
    row = sizes.table.rows[index]
    level = {name: bounds[0] for name, bounds in row.bounds}
    codes = row.codes if key == "industries" else row.except_
    for place, code in enumerate(codes):
        rest = (*codes[:place], *codes[place + 1 :])
        other = replace(row, codes=rest) if key == "industries" else replace(row, except_=rest)
        tries = tuple(Case(each, level) for each in (code, code[:2]))
        yield Change(("rows", index, key, place), code, _with(sizes, index, other), tries)


def _with(sizes: Sizes, index: int, row: Row) -> SizeTable:
    rows = sizes.table.rows
    return SizeTable((*rows[:index], row, *rows[index + 1 :]))
