"""Packages by sector and size, as dated files that are checked before they are used.

A bundle names policies and items with the reason for each. For one sector and size there is one on any day:
that of the sector, or the general one. Files in, bundles or problems with file, line and column out; needs
no database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from qitong.catalogue.check import PACKAGED as CATALOGUE
from qitong.catalogue.check import check_path
from qitong.kernel.shapes import in_order, read_file, shaped
from qitong.kernel.words import Named, say
from qitong.kernel.yamlmarks import Document, Problem
from qitong.policies.check import packaged as packaged_policies
from qitong.policies.logic.package import Candidate, Thing, Why
from qitong.policies.logic.size import DIVISIONS, covers
from qitong.policies.schema import Bilingual, Key, Strict, Valid

PACKAGED = Path(__file__).with_name("bundles")
"""The bundles that come with the program."""
UNKNOWN = "unknown"
Industry = Annotated[str, StringConstraints(pattern=r"^([A-T]|[0-9]{2,4})$")]


class BundleLine(Strict):
    """A policy or an item by its code, and why this sector and size should look at it."""

    code: Key
    why: Bilingual


class Bundle(Strict):
    """``industries``: letters or digits of GB/T 4754 that a code begins with; none: the general bundle.

    ``sizes`` are those of the size table, and ``unknown`` for companies of which it is not known.
    """

    schema_: Literal[1] = Field(alias="schema")
    id: Key
    name: Bilingual
    valid: Valid
    industries: list[Industry]
    except_: list[Industry] = Field(default=[], alias="except")
    sizes: Annotated[list[Literal["large", "medium", "small", "micro", "unknown"]], Field(min_length=1)]
    policies: Annotated[list[BundleLine], Field(max_length=20)]
    items: Annotated[list[BundleLine], Field(max_length=20)]

    @property
    def label(self) -> Named:
        return Named(self.name.zh, self.name.en)

    def holds(self, on: dt.date) -> bool:
        return self.valid.from_ <= on and (self.valid.to is None or on <= self.valid.to)

    def is_for(self, industry: str, size: str) -> bool:
        """``industry`` and ``size`` may be empty: not known."""
        sector = not self.industries or covers(industry, tuple(self.industries), tuple(self.except_))
        return sector and (size or UNKNOWN) in self.sizes

    def candidates(self) -> Iterator[Candidate]:
        for thing, lines in ((Thing.POLICY, self.policies), (Thing.ITEM, self.items)):
            for line in lines:
                yield Candidate(thing, line.code, Why.SECTOR, detail={"zh": line.why.zh, "en": line.why.en})


def for_company(bundles: Iterable[Bundle], industry: str, size: str, on: dt.date) -> Bundle | None:
    """The bundle of the day: of the sector before the general one; None where neither covers the size."""
    found = [one for one in bundles if one.holds(on) and one.is_for(industry, size)]
    return min(found, key=lambda one: (not one.industries, one.id), default=None)


@dataclass(frozen=True, slots=True)
class Known:
    """The codes a bundle may name."""

    policies: Collection[str]
    items: Collection[str]


def check_folder(folder: Path, known: Known) -> tuple[list[Bundle], list[Problem]]:
    """All bundles of a folder; none of them when anything is wrong."""
    documents = [read_file(file) for file in sorted(folder.glob("*.yaml"))]
    read = [(bundle, document) for document in documents if (bundle := shaped(document, Bundle))]
    for place, (bundle, document) in enumerate(read):
        _codes(bundle, document, known)
        _apart(bundle, document, [other for other, _ in read[:place]])
    problems = in_order(problem for document in documents for problem in document.problems)
    return ([] if problems else [bundle for bundle, _ in read]), problems


def _codes(bundle: Bundle, document: Document, known: Known) -> None:
    """Each code exists and is named once."""
    sections: tuple[tuple[str, Sequence[BundleLine], Collection[str]], ...] = (
        ("policies", bundle.policies, known.policies),
        ("items", bundle.items, known.items),
    )
    for section, lines, codes in sections:
        seen: set[str] = set()
        for index, line in enumerate(lines):
            if line.code not in codes:
                document.complain((section, index, "code"), say("没有代码为{id}的政策或事项。", id=line.code))
            elif line.code in seen:
                document.complain((section, index, "code"), say("{key}重复。", key=line.code))
            seen.add(line.code)


def _apart(bundle: Bundle, document: Document, others: Iterable[Bundle]) -> None:
    """On no day are there two bundles for one sector and size."""
    for other in others:
        if bundle.id == other.id:
            document.complain(("id",), say("{key}重复。", key=bundle.id))
        elif (
            _days_meet(bundle, other)
            and set(bundle.sizes) & set(other.sizes)
            and _sectors_meet(bundle, other)
        ):
            document.complain(("industries",), say("与服务包{id}的行业、规模和有效期重叠。", id=other.id))


def _days_meet(one: Bundle, other: Bundle) -> bool:
    late = dt.date.max
    return one.valid.from_ <= (other.valid.to or late) and other.valid.from_ <= (one.valid.to or late)


def _sectors_meet(one: Bundle, other: Bundle) -> bool:
    if not one.industries or not other.industries:
        return not one.industries and not other.industries
    codes = [*DIVISIONS, *one.industries, *other.industries]
    codes += [code + digit for code in codes if code.isdigit() for digit in "0123456789"]  # beside exceptions
    return any(
        all(covers(code, tuple(each.industries), tuple(each.except_)) for each in (one, other))
        for code in codes
    )


@cache
def packaged() -> tuple[Bundle, ...]:
    """The bundles that come with the program; the tests check them, so they have no problems."""
    catalogue, _ = check_path(CATALOGUE)
    items = {item.code for item in catalogue.items} if catalogue else set()
    bundles, problems = check_folder(PACKAGED, Known(packaged_policies().entries.keys(), items))
    if problems:
        raise ValueError("\n".join(str(problem) for problem in problems))
    return tuple(bundles)
