"""What a fact is measured in, and exact numbers: money is whole 分, everything else an integer or a fraction.

A *kind* is what may be compared and added (money with money). A *unit* is how a fact of that kind is
written down: 1 万元 is 1,000,000 分. No binary float ever enters: numbers come as text or ``Decimal``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from qitong.kernel.words import Named, Sentence, say

Number: TypeAlias = int | Fraction


class Kind(StrEnum):
    MONEY = "money"
    RATIO = "ratio"
    MONTHS = "months"
    YEARS = "years"
    PERSONS = "persons"
    COUNT = "count"
    POINTS = "points"
    AREA = "area"
    BOOL = "bool"
    CODE = "code"
    CODES = "codes"
    DATE = "date"


KIND_NAMES: dict[Kind, Sentence] = {
    Kind.MONEY: say("金额"),
    Kind.RATIO: say("比率"),
    Kind.MONTHS: say("月数"),
    Kind.YEARS: say("年数"),
    Kind.PERSONS: say("人数"),
    Kind.COUNT: say("个数"),
    Kind.POINTS: say("分值"),
    Kind.AREA: say("面积"),
    Kind.BOOL: say("是或否"),
    Kind.CODE: say("选项"),
    Kind.CODES: say("一组选项"),
    Kind.DATE: say("日期"),
}

COUNTED = frozenset({Kind.MONTHS, Kind.YEARS, Kind.PERSONS, Kind.COUNT, Kind.POINTS, Kind.AREA})
"""Kinds whose bare number needs no unit beside it, and that may multiply a rate (元, points) a piece."""
MEASURED = COUNTED | {Kind.MONEY, Kind.RATIO}


@dataclass(frozen=True, slots=True)
class Unit:
    """``scale`` base units make one; a store keeps ``places`` decimals of it, from ``least`` to ``most``.

    ``strict``: a value finer than that is refused, since it cannot exist (half a person, a tenth of a 分).
    ``least`` and ``most`` are what a fact may be unless its policy says otherwise; a compiler to 64-bit
    integers proves from them that nothing overflows.
    """

    kind: Kind
    name: Named
    scale: int = 1
    places: int = 0
    least: int = 0
    most: int = 0
    strict: bool = False


_MOST_YUAN = 10**12  # more than any company's yearly revenue in China

UNITS: dict[str, Unit] = {
    "yuan": Unit(Kind.MONEY, Named("元", "yuan"), 100, 2, 0, _MOST_YUAN, True),
    "wan": Unit(Kind.MONEY, Named("万元", "10,000 yuan"), 10**6, 6, 0, _MOST_YUAN // 10**4, True),
    "yi": Unit(Kind.MONEY, Named("亿元", "100 million yuan"), 10**10, 10, 0, _MOST_YUAN // 10**8, True),
    "ratio": Unit(Kind.RATIO, Named("比率", "ratio"), 1, 6, -1000, 1000),
    "months": Unit(Kind.MONTHS, Named("个月", "months"), 1, 0, 0, 12_000, True),
    "years": Unit(Kind.YEARS, Named("年", "years"), 1, 2, 0, 1_000),
    "persons": Unit(Kind.PERSONS, Named("人", "persons"), 1, 0, 0, 10_000_000, True),
    "count": Unit(Kind.COUNT, Named("项", ""), 1, 0, 0, 1_000_000_000, True),
    "points": Unit(Kind.POINTS, Named("分", "points"), 1, 2, 0, 10_000),
    "mu": Unit(Kind.AREA, Named("亩", "mu"), 1, 2, 0, 100_000_000),
    "bool": Unit(Kind.BOOL, Named("是/否", "yes or no")),
    "code": Unit(Kind.CODE, Named("选项", "choice")),
    "codes": Unit(Kind.CODES, Named("选项（可多选）", "choices")),
    "date": Unit(Kind.DATE, Named("日期", "date")),
}

SUFFIXES: dict[str, str] = {
    "元": "yuan",
    "yuan": "yuan",
    "万元": "wan",
    "wan": "wan",
    "亿元": "yi",
    "yi": "yi",
    "个月": "months",
    "months": "months",
    "年": "years",
    "years": "years",
    "人": "persons",
    "persons": "persons",
    "项": "count",
    "分": "points",
    "points": "points",
    "亩": "mu",
    "mu": "mu",
}
"""What may stand behind a number in a rule, in either language; ``%`` is a hundredth."""


def exact(written: Decimal | int | str) -> Number:
    """The number as written, an int where it is whole; ValueError when it is no finite number."""
    number = Fraction(written)
    return number.numerator if number.denominator == 1 else number


def normal(number: Number) -> Number:
    """The same number, an int where it is whole."""
    return number if isinstance(number, int) or number.denominator != 1 else number.numerator


def decimal_text(number: Number) -> str | None:
    """Every digit of it, or None when the digits never end."""
    left, twos, fives = number.denominator, 0, 0
    while left % 2 == 0:
        left, twos = left // 2, twos + 1
    while left % 5 == 0:
        left, fives = left // 5, fives + 1
    if left != 1:
        return None
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def text(number: Number) -> str:
    """All of it: a decimal where one ends, else ``p/q``."""
    return decimal_text(number) or f"{number.numerator}/{number.denominator}"
