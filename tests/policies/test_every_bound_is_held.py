"""Of the packaged policies no number, operator, join or code can be otherwise without an example telling.

An example tells by what it says: its outcome, and the scores and amounts that it names. ``check`` is content
with a coarser step of a share where its author's companies have too few persons to come nearer; here steps
are as small as the facts of any company can show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from qitong.policies.check import packaged
from qitong.policies.examples import facts, given
from qitong.policies.library import Entry, Sizes
from qitong.policies.logic import reading
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.size import SizeTable
from qitong.policies.logic.units import normal
from qitong.policies.schema import Example, SizeExample
from tests.policies.mutants import mutants, shares

EQUIVALENT = {
    # At most 100 employees: no share of them lies within a millionth below a tenth. How near it does: LIMITS.
    ("startup_guaranteed_loan_micro", "C2: 1/10-1/1000000"),
    # It never holds, so it does not matter who would have judged it.
    ("patent_grant_subsidy", "C1: manual"),
    # What is spent is never less than nothing, nor are points: other than 0 is more than 0.
    ("rd_super_deduction", "C3: >→!="),
    ("tech_sme", "C4: >→!="),
}
LIMITS = {
    # A tenth is asked of companies with at most 100 employees.
    "startup_guaranteed_loan_micro": {("employees", Fraction(1, 10)): 100},
    # With more costs the R&D is worth as many points as a share of sales, which are 10^14 分 at most: 25 % of
    # costs and 5 % of sales bring 40, and so on down to 10 % and 2 %.
    "tech_sme": {("cost_last", Fraction(n, 20)): 2 * 10**13 for n in (2, 3, 4, 5)},
}


def test_no_small_change_to_a_rule_goes_unnoticed() -> None:
    """Each bound moved by its smallest step, each operator, join, code and band changed."""
    unnoticed, count = set(), 0
    for code, entry in packaged().entries.items():
        told = _telling(entry)
        for name, mutant in mutants(entry.rule):
            count += 1
            if not told(mutant):
                unnoticed.add((code, name))
    assert unnoticed == EQUIVALENT
    assert count > 1250


def test_a_bound_of_a_share_cannot_be_moved_by_anything_that_a_company_could_show() -> None:
    unnoticed, count = [], 0
    for code, entry in packaged().entries.items():
        told = _telling(entry)
        for change in shares(entry.rule, LIMITS.get(code, {})):
            count += 1
            if not told(change.changed):
                unnoticed.append((code, change.name))
    assert unnoticed == []
    assert count == 56


def test_each_example_at_the_nearest_share_is_needed() -> None:
    for code, entry in packaged().entries.items():
        moved = [change.changed for change in shares(entry.rule, LIMITS.get(code, {}))]
        for name in [each.name for each in entry.policy.examples if each.name.startswith("nearest_")]:
            told = _telling(entry, without=name)
            assert not all(told(mutant) for mutant in moved), (code, name)


def test_no_bound_of_the_size_table_can_be_moved() -> None:
    sizes = packaged().sizes
    assert sizes is not None
    known = [(each.industry, _known(sizes, each), each.expect) for each in sizes.file.examples]
    unnoticed, count = [], 0
    for name, table in _moved(sizes):
        count += 1
        if all(table.size(industry, said) == expect for industry, said, expect in known):
            unnoticed.append(name)
    assert unnoticed == []
    assert count == 2 * 3 * sum(len(row.bounds) for row in sizes.table.rows)


def _telling(entry: Entry, without: str = "") -> Callable[[Rule], bool]:
    """Whether an example of a policy tells that its rule is another."""
    used = [each for each in entry.policy.examples if each.name != without]
    examples = [(each, facts(entry.rule, given(entry.policy, each))) for each in used]
    right = [_said(entry.matcher, each, known) for each, known in examples]
    # Latest first: the examples at the edges stand last and notice most.
    cases = list(zip(reversed(examples), reversed(right), strict=True))

    def told(mutant: Rule) -> bool:
        matcher = Matcher(mutant)
        return any(_said(matcher, each, known) != said for (each, known), said in cases)

    return told


def _said(matcher: Matcher, example: Example, known: dict[str, Any]) -> tuple[Any, ...]:
    """What comes of all that the example looks at."""
    found = matcher.explain(known)
    benefit = found.benefit if "benefit" in example.model_fields_set else None
    scores = [found.scores[name] for name in example.scores] if example.scores else []
    figures = [found.figures[name] for name in example.figures] if example.figures else []
    return (found.outcome, benefit, *scores, *figures)


def _known(sizes: Sizes, example: SizeExample) -> dict[str, Any]:
    return {name: reading.value(sizes.fields[name], raw) for name, raw in example.in_.items()}


def _moved(sizes: Sizes) -> Iterator[tuple[str, SizeTable]]:
    """The table with one bound a smallest amount higher or lower: one after another, by name."""
    rows = sizes.table.rows
    for index, row in enumerate(rows):
        for place, (indicator, bounds) in enumerate(row.bounds):
            for size, step in product(range(3), (1, -1)):
                moved = list(bounds)
                moved[size] += normal(Fraction(step, sizes.fields[indicator].grain))
                there = (indicator, (moved[0], moved[1], moved[2]))
                other = replace(row, bounds=(*row.bounds[:place], there, *row.bounds[place + 1 :]))
                name = f"{row.id} {indicator} {bounds[size]}{step:+}"
                yield name, SizeTable((*rows[:index], other, *rows[index + 1 :]))
