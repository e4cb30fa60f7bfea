"""Between the examples that a policy's author writes and the cases that are tried on its rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from qitong.kernel.errors import Refused
from qitong.policies import examples
from qitong.policies.compiling import unwritten, written
from qitong.policies.logic import reading
from qitong.policies.logic.noticing import BENEFIT, Case, Part, Reading, parts
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.tree import Num
from qitong.policies.logic.units import UNITS, Number, normal
from qitong.policies.schema import Example, Plain, Policy

DAY = "on"
"""What the day of the evaluation is called among the facts."""


class Suggesting:
    """Reads the examples of a policy and writes further ones."""

    def __init__(self, policy: Policy, rule: Rule) -> None:
        self._policy = policy
        self._rule = rule
        self._reading = Reading(rule)
        unit = UNITS.get(policy.benefit.unit)
        self._scale = unit.scale if unit else 1
        titled = policy.benefit.unit == "none" or rule.benefit.node == Num(0)
        self._parts = tuple(part for part in parts(rule) if not (titled and part == BENEFIT))

    def cases(self) -> list[Case] | None:
        """The policy's examples; None when one of them does not come out as it says."""
        found = [self._case(example) for example in self._policy.examples]
        right = [case for case in found if case is not None]
        return right if len(right) == len(found) else None

    def _case(self, example: Example) -> Case | None:
        try:
            facts = examples.known(self._policy, self._rule, example)
        except Refused:
            return None
        looks: dict[Part, float | None] = {("scores", name): it for name, it in example.scores.items()}
        looks |= {("figures", name): it for name, it in example.figures.items()}
        looks |= {BENEFIT: example.benefit} if "benefit" in example.model_fields_set else {}
        case = Case(self._reading, facts, frozenset(looks) & self._known())
        if len(case.looks) < len(looks) or case.outcome is not example.expect:
            return None
        said = {part: None if it is None else written(it) for part, it in looks.items()}
        return case if all(self._amount(part, case) == it for part, it in said.items()) else None

    def made(self, facts: Mapping[str, Any]) -> Case | None:
        """A case of these facts that looks at all that an example of them could say; None when none can."""
        known = {name: value for name, value in facts.items() if value is not None}
        fields = self._rule.fields
        if any(name != DAY and raw(fields[name], value) is None for name, value in known.items()):
            return None
        case = Case(self._reading, known, frozenset())
        looks = [part for part in self._parts if self._plain(part, case) is not False]
        return Case(self._reading, known, frozenset(looks))

    def named(self, cases: Sequence[Case]) -> list[Example]:
        """The cases as examples, each like the one of the policy from which it differs least."""
        taken = {example.name for example in self._policy.examples}
        known = [(it.name, self._facts_of(it)) for it in self._policy.examples]
        self._days = {name: facts.get(DAY) for name, facts in known}
        found = []
        for case in cases:
            name, apart = min(
                ((it, self._apart(facts, case)) for it, facts in known), key=lambda it: len(it[1])
            )
            own = _name(next(iter(apart), name), taken)
            taken.add(own)
            found.append(self._example(own, name, apart, case))
        return found

    def _facts_of(self, example: Example) -> dict[str, Any]:
        found = examples.known(self._policy, self._rule, example)
        return {name: value for name, value in found.items() if value is not None}

    def _apart(self, facts: Mapping[str, Any], case: Case) -> dict[str, Plain]:
        """What a case says otherwise than these facts, as written."""
        fields = self._rule.fields
        names = [name for name in fields if facts.get(name) != case.facts.get(name)]
        return {name: raw(fields[name], case.facts.get(name)) for name in names}

    def _example(self, name: str, like: str, apart: Mapping[str, Plain], case: Case) -> Example:
        said: dict[str, Any] = {"name": name, "like": like, "in": dict(apart), "expect": case.outcome}
        if (day := case.facts.get(DAY)) != self._days[like]:
            said["on"] = day
        for part in self._parts:
            if part in case.looks:
                amount = self._plain(part, case)
                if part == BENEFIT:
                    said["benefit"] = amount
                else:
                    said.setdefault(part[0], {})[part[1]] = amount
        return Example.model_validate(said)

    def _known(self) -> frozenset[Part]:
        return frozenset([*self._parts, BENEFIT])

    def _amount(self, part: Part, case: Case) -> Number | None:
        """What comes of it, in the unit in which it is written."""
        found = case.came(part)
        scale = 1 if part[0] == "scores" else self._scale
        return None if found is None else normal(Fraction(found) / scale)

    def _plain(self, part: Part, case: Case) -> float | int | bool | None:
        """As YAML writes it; False where its digits never end."""
        amount = self._amount(part, case)
        if amount is None:
            return None
        plain = unwritten(amount)
        return False if plain is None else plain


def raw(spec: FieldSpec, value: Any) -> Plain:
    """A fact as an example writes it; None where it cannot be written, or is missing."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | str):
        return value
    plain: Plain = unwritten(reading.written(spec, value))
    try:
        return plain if reading.value(spec, plain) == value else None
    except Refused:
        return None


def _name(about: str, taken: set[str]) -> str:
    """The first ``about_1``, ``about_2`` … that no example has."""
    stem, n = about[:50], 1
    while f"{stem}_{n}" in taken:
        n += 1
    return f"{stem}_{n}"


__all__ = ["Suggesting", "raw"]
