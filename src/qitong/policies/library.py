"""A set of policies, checked as a whole: what matching reads. Nothing here knows a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qitong.kernel.shapes import read_file
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.size import SizeTable
from qitong.policies.logic.standing import Standing, Validity, standing
from qitong.policies.schema import Policy, SizeFile

PACKAGED = Path(__file__).with_name("data")
"""The policies that come with the program."""


@cache
def packaged_facts() -> frozenset[str]:
    """The names of all facts that the packaged files ask for, whether their rules read or not."""
    documents = (read_file(file) for file in PACKAGED.glob("*.yaml"))
    return frozenset(name for document in documents for name in document.data.get("inputs", ()))


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy in all its forms: as checked, as a rule, compiled, and when it holds."""

    policy: Policy
    rule: Rule
    matcher: Matcher
    validity: Validity

    def standing(self, on: dt.date) -> Standing:
        return standing(self.validity, on)


@dataclass(frozen=True, slots=True)
class Sizes:
    file: SizeFile
    table: SizeTable
    fields: Mapping[str, FieldSpec]


class Alike(NamedTuple):
    """``name`` is the fact ``main``, or its opposite (of yes-or-no facts)."""

    name: str
    main: str
    opposite: bool


@dataclass(frozen=True, slots=True)
class Library:
    entries: Mapping[str, Entry]
    sizes: Sizes | None
    as_given: bool = False
    """Each fact is taken under the name it has, as in a file; else what is the same fact is shared."""
    alike: tuple[Alike, ...] = field(init=False)
    """Facts that are others under another name."""

    def __post_init__(self) -> None:
        fields = {} if self.as_given else self.fields
        pairs = ((n, s.same_as, s.opposite) for n, s in fields.items() if s.same_as in fields)
        object.__setattr__(self, "alike", tuple(Alike(*pair) for pair in sorted(pairs)))

    def main(self, name: str) -> str:
        """The name under which a fact is asked for: its own, or that of the fact that it is."""
        return next((each.main for each in self.alike if each.name == name), name)

    def alike_to(self, name: str) -> list[str]:
        """The fact and all that it is under other names, the main one first."""
        main = self.main(name)
        return [main, *(each.name for each in self.alike if each.main == main)]

    @property
    def fields(self) -> dict[str, FieldSpec]:
        """Every fact that some policy or the size table asks for; the same name is the same fact."""
        found = dict(self.sizes.fields) if self.sizes else {}
        for entry in self.entries.values():
            found.update(entry.rule.fields)
        return found

    @property
    def conflicts(self) -> frozenset[tuple[str, str]]:
        """Pairs of policies that cannot both be had, each once and in order."""
        pairs = ((one, other) for one, entry in self.entries.items() for other in entry.policy.exclusive_with)
        return frozenset((min(pair), max(pair)) for pair in pairs if pair[1] in self.entries)

    def in_force(self, on: dt.date) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.standing(on).in_force]
