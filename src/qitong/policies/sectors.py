"""The sector of a company, by its industry code, and its size, by the table of sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qitong.kernel.words import Named, Sentence, say
from qitong.policies.library import Library
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.size import digits_of
from qitong.policies.sizing import INDUSTRY

SIZE_WORDS: Mapping[str, Sentence] = {
    "large": say("大型"),
    "medium": say("中型"),
    "small": say("小型"),
    "micro": say("微型"),
    "": say("还不清楚"),
}


@dataclass(frozen=True, slots=True)
class Sector:
    """``industry`` and ``size`` are empty when they are not known; ``lacks`` are the facts that would tell.

    ``name`` is what the size table calls the industry; None: no code, or outside the table.
    """

    industry: str
    name: Named | None
    size: str
    lacks: tuple[FieldSpec, ...]

    @property
    def division(self) -> str:
        return division_of(self.industry)

    @property
    def size_words(self) -> Sentence:
        return SIZE_WORDS[self.size]

    @property
    def why_unknown(self) -> Sentence:
        """Why the size is not known; empty when it is."""
        if self.size:
            return say("")
        if not self.industry:
            return say("企业没有填写行业代码。")
        if self.name is None:
            return say("这个行业不在中小企业划型标准内。")
        return say("还缺：{facts}。", facts=[spec.label for spec in self.lacks])


def division_of(industry: str) -> str:
    """The two digits of GB/T 4754; empty for none."""
    return digits_of(industry)[:2]


def sector_of(facts: Mapping[str, Any], library: Library) -> Sector:
    """From facts with what follows from them (``features.derived``)."""
    industry, size = facts.get(INDUSTRY) or "", facts.get("size") or ""
    sizes = library.sizes
    row = sizes.table.row(industry) if sizes and industry else None
    missing = [name for name, _ in row.bounds if facts.get(name) is None] if row and not size else []
    fields = sizes.fields if sizes else {}
    return Sector(industry, row.name if row else None, size, tuple(fields[name] for name in missing))
