"""From the checked shape of a policy to its typed rule; every text that does not read is complained about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from qitong.kernel.words import Named, say
from qitong.kernel.yamlmarks import Document, Loc
from qitong.policies import stakes
from qitong.policies.logic import parse
from qitong.policies.logic.calls import Declared
from qitong.policies.logic.parse import Names
from qitong.policies.logic.ranges import bounds
from qitong.policies.logic.rule import (
    DISTRICT,
    EVERYWHERE,
    NEVER,
    TOTAL,
    Benefit,
    Condition,
    FieldSpec,
    Figure,
    Rule,
    Score,
    number_leaves,
    number_tests,
)
from qitong.policies.logic.standing import Validity, Window
from qitong.policies.logic.tokens import Mistake
from qitong.policies.logic.tree import Bands, Least, Node, Num, Value
from qitong.policies.logic.units import UNITS, Kind, Number, decimal_text, exact, normal
from qitong.policies.schema import BenefitSpec, Bilingual, Input, Measured, Policy, ScoreSpec

_ALWAYS: Node = EVERYWHERE
_NOTHING: Value = Num(0)
Read = TypeVar("Read")
_DAY = dt.timedelta(days=1)


def named(text: Bilingual) -> Named:
    return Named(text.zh, text.en)


def written(number: float | int | str) -> Number:
    """A number of a YAML file as it was written: 0.05 is 1/20."""
    return exact(Decimal(repr(number)) if isinstance(number, float) else number)


def unwritten(number: Number) -> int | float | None:
    """As YAML writes it; None where that would be another number."""
    text = decimal_text(normal(number))
    if text is None or "." not in text:
        return int(text) if text is not None else None
    return float(text) if written(float(text)) == number else None


def validity(policy: Policy, successor: Policy | None) -> Validity:
    """When it holds; the last days of files become the first days after."""
    return Validity(
        status=policy.status,
        since=policy.valid.from_,
        until=policy.valid.to + _DAY if policy.valid.to else None,
        successor_since=successor.valid.from_ if successor else None,
        windows=tuple(Window(window.open, window.close + _DAY) for window in policy.windows),
    )


def field_spec(name: str, given: Input) -> FieldSpec:
    unit = UNITS[given.unit]
    least, most = given.range or (unit.least, unit.most)
    return FieldSpec(
        name=name,
        unit=given.unit,
        label=named(given.name),
        question=named(given.question),
        codes=tuple((code, named(text)) for code, text in given.choices.items()),
        least=normal(written(least) * Fraction(unit.scale)),
        most=normal(written(most) * Fraction(unit.scale)),
        places=unit.places if given.places is None else given.places,
        period=given.period,
        same_as=given.same_as or given.opposite_of or "",
        opposite=given.opposite_of is not None,
    )


WHERE = FieldSpec(
    DISTRICT,
    "code",
    Named("所在区（行政区划代码）", "District (division code)"),
    Named(
        "企业注册所在区的行政区划代码是什么？",
        "What is the division code of the district where the company is registered?",
    ),
)
"""Asked of companies whose place this system does not know, by policies that hold in a region."""


def prefix_of(region: str) -> str:
    """How codes of districts in a region begin: 310000 is all of 31, 000000 everywhere."""
    return region[:2].rstrip("0") if region.endswith("0000") else region[:4] if region[4:] == "00" else region


def compiled(policy: Policy, document: Document) -> Rule | None:
    """The rule of a policy; None after complaints."""
    return _Compiling(policy, document).rule()


class _Compiling:
    def __init__(self, policy: Policy, document: Document) -> None:
        self._policy = policy
        self._document = document
        self._fields = {name: field_spec(name, given) for name, given in policy.inputs.items()}
        self._region = prefix_of(policy.region)
        if self._region:
            self._fields.setdefault(DISTRICT, WHERE)
        self._facts: Mapping[str, Declared] = {
            name: Declared(spec.kind, frozenset(code for code, _ in spec.codes))
            for name, spec in self._fields.items()
        }

    def rule(self) -> Rule | None:
        before = len(self._document.problems)
        names = Names(self._facts, self._score_names())
        rule = Rule(
            id=self._policy.id,
            fields=self._fields,
            conditions=tuple(self._condition(index, names) for index in range(len(self._policy.conditions))),
            scores=tuple(self._score(index, spec) for index, spec in enumerate(self._policy.scores)),
            benefit=self._benefit(self._policy.benefit),
            figures=self._figures(),
            applies=self._scope("applies_when", self._policy.applies_when, EVERYWHERE, "applies"),
            region=self._region,
            unlikely=self._scope("unlikely_when", self._policy.unlikely_when, NEVER, "unlikely"),
        )
        if len(self._document.problems) == before:
            self._ranges(rule)
        return rule if len(self._document.problems) == before else None

    def _score_names(self) -> frozenset[str]:
        names = [score.name for score in self._policy.scores]
        return frozenset([*names, TOTAL] if names else [])

    def _text(self, loc: Loc, text: str, read: Callable[[str], Read], otherwise: Read) -> Read:
        try:
            return read(text)
        except Mistake as mistake:
            lines = text.split("\n")
            offset = sum(len(line) + 1 for line in lines[: mistake.at.line - 1]) + mistake.at.column - 1
            self._document.complain_inside(loc, offset, mistake.sentence)
            return otherwise

    def _condition(self, index: int, names: Names) -> Condition:
        spec = self._policy.conditions[index]
        loc: Loc = ("conditions", index, "rule")
        node = self._text(loc, spec.rule, lambda text: parse.condition(text, names), _ALWAYS)
        return Condition(spec.id, number_leaves(node, spec.id), spec.kind == "manual", spec.rule, spec.clause)

    def _scope(self, key: str, text: str | None, otherwise: Node, prefix: str) -> Node:
        if text is None:
            return otherwise
        names = Names(self._facts)
        node = self._text((key,), text, lambda text: parse.condition(text, names), otherwise)
        return number_leaves(node, prefix)

    def _score(self, index: int, spec: ScoreSpec) -> Score:
        form = "best_of" if spec.best_of else "sum_of"
        parts = [
            number_tests(self._part(("scores", index, form, place), part), f"{spec.name}.{place + 1}")
            for place, part in enumerate(spec.parts)
        ]
        return Score(spec.name, named(spec.label), spec.max, tuple(parts), best=bool(spec.best_of))

    def _part(self, loc: Loc, part: Measured) -> Value:
        names = Names(self._facts)
        if part.expr is not None:
            return self._text(
                (*loc, "expr"), part.expr, lambda text: parse.amount(text, names, Kind.POINTS), _NOTHING
            )
        found = self._text(
            (*loc, "measure"),
            str(part.measure),
            lambda text: parse.measure(text, names),
            (_NOTHING, Kind.RATIO),
        )
        return self._bands(loc, part, found[0], found[1])

    def _bands(self, loc: Loc, part: Measured, measure: Value, kind: Kind) -> Value:
        steps: list[tuple[Number, Number]] = []
        for index, (bound, points) in enumerate(part.bands):
            place = (*loc, "bands", index, 0)
            text = str(Decimal(repr(bound))) if isinstance(bound, float) else str(bound)
            read = self._text(place, text, lambda t: parse.amount(t, Names({}), kind), _NOTHING)
            value = read.value if isinstance(read, Num) else 0
            if steps and value >= steps[-1][0]:
                self._document.complain(place, say("各档下限应由高到低。"))
            if isinstance(points, str):
                self._document.complain((*loc, "bands", index, 1), say("分值应为数。"))
            else:
                steps.append((value, written(points)))
        return Bands(measure, tuple(steps), written(part.below), kind)

    def _benefit(self, spec: BenefitSpec) -> Benefit:
        node, ceiling = self._money(("benefit", "amount"), spec.amount), None
        if spec.ceiling is not None:
            most = self._money(("benefit", "ceiling"), spec.ceiling, fixed=True)
            if isinstance(most, Num):
                node, ceiling = Least((node, most)), most.value
        typical, weight = stakes.typical(self._policy, ceiling), stakes.weight(self._policy)
        return Benefit(number_tests(node, "benefit"), spec.unit, spec.period, ceiling, typical, weight)

    def _money(self, loc: Loc, text: str, *, fixed: bool = False) -> Value:
        names = Names({} if fixed else self._facts)
        return self._text(loc, text, lambda t: parse.amount(t, names, Kind.MONEY), _NOTHING)

    def _figures(self) -> tuple[Figure, ...]:
        return tuple(
            Figure(
                name,
                named(spec.label),
                number_tests(self._money(("figures", name, "amount"), spec.amount), name),
            )
            for name, spec in self._policy.figures.items()
        )

    def _ranges(self, rule: Rule) -> None:
        """No score may exceed its maximum."""
        for index, score in enumerate(rule.scores):
            low, high = bounds(score.node, rule)
            if low < 0 or high > score.maximum:
                sentence = say(
                    "{name}可得{low}至{high}分，应在0至{max}之间。",
                    name=score.name,
                    low=low,
                    high=high,
                    max=score.maximum,
                )
                self._document.complain(("scores", index, "max"), sentence)


__all__ = ["compiled", "field_spec", "named", "unwritten", "validity", "written"]
