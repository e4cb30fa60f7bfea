"""How large a company is (中小企业划型标准规定): a row of bounds an industry, each bound included.

All indicators must reach a bound; one that falls short moves the company one size down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qitong.kernel.words import Named
from qitong.policies.logic.units import Number

SIZES = ("large", "medium", "small", "micro")
SMALLEST = SIZES[-1]
_SECTIONS = "A05 B12 C43 D46 E50 F52 G60 H62 I65 J69 K70 L72 M75 N79 O82 P83 Q85 R90 S96 T97"
"""The letters of GB/T 4754-2017, each with the last of its two-digit divisions."""
DIVISIONS = [f"{number:02}" for number in range(1, 98)]
_CODE = re.compile(r"[A-T]|[A-T]?\d{2,4}", re.ASCII)
"""How an industry is written: a letter, or two to four digits with or without theirs."""


def section(digits: str) -> str:
    """The letter that a code of digits belongs to; empty when there is none."""
    division = digits[:2]
    return next((entry[0] for entry in _SECTIONS.split() if "01" <= division <= entry[1:]), "")


def digits_of(industry: str) -> str:
    """The digits of a code such as ``C3562``."""
    return industry.lstrip("ABCDEFGHIJKLMNOPQRST")


def covers(industry: str, codes: tuple[str, ...], except_: tuple[str, ...] = ()) -> bool:
    """Whether a code such as ``C3562`` or ``3562`` is among ``codes`` (letters, or digits it begins with).

    What is no code of an industry, such as ``C 3562``, is among none; nor is one that is wider than an
    exception, as nobody knows on which side of it the company is.
    """
    if not _CODE.fullmatch(industry):
        return False
    digits = digits_of(industry)
    listed = digits.startswith(codes) or (industry[:1] if digits == "" else section(digits)) in codes
    apart = (digits.startswith(each) or each.startswith(digits) for each in except_)
    return listed and not (digits and any(apart))


@dataclass(frozen=True, slots=True)
class Row:
    """``codes``: GB/T 4754 letters or digits that its industries begin with, ``except_`` left out.

    ``bounds``: for each indicator (a fact's name) its large, medium and small bound in base units.
    """

    id: str
    name: Named
    codes: tuple[str, ...]
    except_: tuple[str, ...]
    bounds: tuple[tuple[str, tuple[Number, Number, Number]], ...]

    def covers(self, industry: str) -> bool:
        """Whether a code such as ``C3562`` or ``3562`` belongs here."""
        return covers(industry, self.codes, self.except_)

    def touches(self, division: str) -> bool:
        """Whether some industry of the division belongs here."""
        return self.covers(division) or any(code.startswith(division) for code in self.codes)

    @property
    def pattern(self) -> str:
        """The same as a regular expression that PostgreSQL and Python read alike."""
        begins = [code for code in self.codes if code.isdigit()]
        letters = "".join(code for code in self.codes if code.isalpha())
        begins += [division for division in DIVISIONS if section(division) in letters]
        wider = {each[:length] for each in self.except_ for length in range(2, len(each))}
        but = "".join(f"(?!{each})" for each in (*self.except_, *(f"{each}$" for each in sorted(wider))))
        but += "(?=[0-9]{2,4}$)"
        alone = f"|^[{letters}]$" if letters else ""
        return f"^[A-T]?{but}({'|'.join(begins)}){alone}"

    def size(self, facts: Mapping[str, Number | None]) -> str | None:
        """The size, or None when a missing indicator could change it."""
        known = [(facts.get(name), bounds) for name, bounds in self.bounds]
        for place, size in enumerate(SIZES[:-1]):
            reached = [None if value is None else value >= bounds[place] for value, bounds in known]
            if False in reached:
                continue
            return None if None in reached else size
        return SMALLEST


@dataclass(frozen=True, slots=True)
class SizeTable:
    rows: tuple[Row, ...]

    def row(self, industry: str) -> Row | None:
        """The row of an industry; None: the table does not cover it (finance, education, hospitals)."""
        return next((row for row in self.rows if row.covers(industry)), None)

    def size(self, industry: str | None, facts: Mapping[str, Number | None]) -> str | None:
        row = self.row(industry) if industry else None
        return row.size(facts) if row else None
