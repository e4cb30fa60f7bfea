"""Rules as plain columns: whole numbers, yes-or-no, codes and days, each of which may be missing.

Every engine that works in bulk runs the same small language, so that what a share, a band or a missing fact
means is decided once, in :mod:`qitong.policies.engines.lowering`, and an engine only spells it. Terms are
made by a :class:`Builder`, which makes equal ones once: what a hundred policies share is computed once. Each
number carries the range it is proven to keep to; one that 64 bits cannot hold is ``wide``, one that 128
cannot is refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from qitong.kernel.errors import Refused
from qitong.kernel.words import say

INT64 = 2**63 - 1
WIDEST = 10**37
"""What the widest exact numbers of every engine hold: 128 bits here, 38 digits in SQL."""


class Is(StrEnum):
    """What kind of column a term is."""

    NUMBER = "number"
    TRUTH = "truth"
    DAY = "day"
    CODE = "code"


class Do(StrEnum):
    """What a term does with its parts. Missing in any part makes it missing, except where said."""

    COLUMN = "column"
    CONST = "const"  # None: missing always
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    POSITIVE = "positive"  # missing unless more than 0
    CASE = (
        "case"  # test, value, test, value, …, otherwise; missing when no test holds and the last is missing
    )
    MONTHS = "months"  # full months from a day to the day of the plan; missing when that is before it
    REST = "rest"  # of a division by 12
    COMPARE = "compare"
    ONE_OF = "one_of"
    BEGINS = "begins"
    ALL = "all"  # three-valued: one False is enough
    ANY = "any"  # three-valued: one True is enough
    NOT = "not"
    UNKNOWN = "unknown"  # never missing: whether its part is


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """Made once by its builder, so that equal terms are the same object. ``low`` and ``high``: of numbers."""

    number: int
    do: Do
    parts: tuple[Term, ...]
    data: Any
    kind: Is
    low: int = 0
    high: int = 0

    @property
    def wide(self) -> bool:
        return max(-self.low, self.high) > INT64

    @property
    def known(self) -> bool:
        """A constant that is not missing."""
        return self.do is Do.CONST and self.data is not None

    @property
    def missing(self) -> bool:
        return self.do is Do.CONST and self.data is None


Const: TypeAlias = int | bool | dt.date | None


class Builder:
    """Makes terms, folds constants, and proves ranges. One builder serves all policies of a run."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Term] = {}
        self.yes = self.const(True, Is.TRUTH)
        self.no = self.const(False, Is.TRUTH)

    def const(self, value: Const, kind: Is) -> Term:
        low = value if kind is Is.NUMBER and isinstance(value, int) else 0
        return self._term(Do.CONST, (), value, kind, low, low)

    def number(self, value: int) -> Term:
        return self.const(value, Is.NUMBER)

    def column(self, name: str, kind: Is, low: int = 0, high: int = 0) -> Term:
        return self._term(Do.COLUMN, (), name, kind, low, high)

    def _term(  # noqa: PLR0917  the columns of a term
        self, do: Do, parts: tuple[Term, ...], data: Any, kind: Is, low: int = 0, high: int = 0
    ) -> Term:
        key = (do, *(part.number for part in parts), type(data), data, kind)
        found = self._made.get(key)
        if found is None:
            if max(-low, high) > WIDEST:
                sentence = say("规则中的数过大，无法精确计算；请改小，或缩小事实的取值范围（range）。")
                raise Refused(sentence, code="range")
            found = self._made[key] = Term(len(self._made), do, parts, data, kind, low, high)
        return found

    # ---- numbers

    def add(self, a: Term, b: Term, *, minus: bool = False) -> Term:
        if a.missing or b.missing:
            return self.const(None, Is.NUMBER)
        low, high = (a.low - b.high, a.high - b.low) if minus else (a.low + b.low, a.high + b.high)
        if a.known and b.known:
            return self.number(low)
        if b.known and b.data == 0:
            return a
        if a.known and a.data == 0 and not minus:
            return b
        return self._term(Do.SUB if minus else Do.ADD, (a, b), None, Is.NUMBER, low, high)

    def mul(self, a: Term, b: Term) -> Term:
        """A constant stands last, and constants are multiplied once; 0 times missing stays missing."""
        for one, other in ((a, b), (b, a)):
            if one.known and one.kind is Is.NUMBER and one.data == 1:
                return other
        if a.missing or b.missing:
            return self.const(None, Is.NUMBER)
        if a.known:
            a, b = b, a
        if a.known:
            return self.number(a.data * b.data)
        if b.known and a.do is Do.MUL and a.parts[1].known:
            return self.mul(a.parts[0], self.number(a.parts[1].data * b.data))
        ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        return self._term(Do.MUL, (a, b), None, Is.NUMBER, min(ends), max(ends))

    def times(self, a: Term, factor: int) -> Term:
        return self.mul(a, self.number(factor))

    def positive(self, a: Term) -> Term:
        if a.low > 0 or a.missing:
            return a
        if a.high <= 0:
            return self.const(None, Is.NUMBER)
        return self._term(Do.POSITIVE, (a,), None, Is.NUMBER, 1, a.high)

    def months(self, day: Term) -> Term:
        if day.missing:
            return self.const(None, Is.NUMBER)
        return self._term(Do.MONTHS, (day,), None, Is.NUMBER, 0, 12 * 10_000)

    def rest(self, months: Term) -> Term:
        if months.known:
            return self.number(months.data % 12)
        return self._term(Do.REST, (months,), None, Is.NUMBER, 0, 11)

    # ---- choices, of numbers, days or truths

    def choose(self, test: Term, then: Term, other: Term) -> Term:
        return self.case([(test, then)], other)

    def case(self, steps: list[tuple[Term, Term]], otherwise: Term) -> Term:
        """The value beside the first test that holds.

        Where the last test is missing and none before it holds, so is the whole.
        """
        steps, otherwise = _settled(steps, otherwise)
        if not steps:
            return otherwise
        if any(test.missing for test, _ in steps):
            return self.const(None, otherwise.kind)
        values = [value for _, value in steps] + [otherwise]
        if len(steps) == 1 and values == [self.yes, self.no]:
            return steps[0][0]
        parts = (*(term for step in steps for term in step), otherwise)
        numbers = [value for value in values if not value.missing]
        if not numbers:
            return self.const(None, otherwise.kind)
        low = min((value.low for value in numbers), default=0)
        return self._term(
            Do.CASE, parts, None, otherwise.kind, low, max((v.high for v in numbers), default=0)
        )

    # ---- truths

    def compare(self, sign: str, a: Term, b: Term) -> Term:
        if a.missing or b.missing:
            return self.const(None, Is.TRUTH)
        if a.known and b.known:
            return self.yes if _SIGNS[sign](a.data, b.data) else self.no
        return self._term(Do.COMPARE, (a, b), sign, Is.TRUTH)

    def one_of(self, column: Term, codes: tuple[str, ...]) -> Term:
        return self._term(Do.ONE_OF, (column,), codes, Is.TRUTH)

    def begins(self, column: Term, prefixes: tuple[str, ...]) -> Term:
        return self._term(Do.BEGINS, (column,), prefixes, Is.TRUTH)

    def every(self, parts: list[Term]) -> Term:
        return self._join(Do.ALL, parts, self.yes, self.no)

    def some(self, parts: list[Term]) -> Term:
        return self._join(Do.ANY, parts, self.no, self.yes)

    def _join(self, do: Do, parts: list[Term], empty: Term, settled: Term) -> Term:
        flat = [p for part in parts for p in (part.parts if part.do is do else (part,))]
        if settled in flat:
            return settled
        rest = sorted({part.number: part for part in flat if part is not empty}.values(), key=_number)
        if len(rest) < 2:
            return rest[0] if rest else empty
        return self._term(do, tuple(rest), None, Is.TRUTH)

    def no_longer(self, part: Term) -> Term:
        """NOT: swaps yes and no and keeps what is missing."""
        if part.missing:
            return part
        if part.known:
            return self.no if part.data else self.yes
        return part.parts[0] if part.do is Do.NOT else self._term(Do.NOT, (part,), None, Is.TRUTH)

    def at_least(self, count: int, parts: list[Term]) -> Term:
        """At least so many hold, as nested ALL and ANY; each "so many of the rest" is made once."""
        of_rest = [self.yes, *[self.no] * count]  # at least 0, 1, … of the parts seen so far
        for part in parts:
            of_rest = [self.yes] + [
                self.some([self.every([part, of_rest[k - 1]]), of_rest[k]]) for k in range(1, count + 1)
            ]
        return of_rest[max(0, count)]

    def unknown(self, part: Term) -> Term:
        if part.do is Do.NOT:  # the same, and as SQL "NOT x IS NULL" would be read as NOT (x IS NULL)
            return self.unknown(part.parts[0])
        if part.do is Do.CONST:
            return self.yes if part.data is None else self.no
        return self.no if part.do is Do.UNKNOWN else self._term(Do.UNKNOWN, (part,), None, Is.TRUTH)


def _settled(steps: list[tuple[Term, Term]], otherwise: Term) -> tuple[list[tuple[Term, Term]], Term]:
    """Without tests that never hold, and with none after one that always does."""
    open_: list[tuple[Term, Term]] = []
    for test, value in steps:
        if test.known and test.data:
            return open_, value
        if not test.known:
            open_.append((test, value))
    return open_, otherwise


def _number(term: Term) -> int:
    return term.number


_SIGNS: dict[str, Any] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


def walk(roots: list[Term]) -> list[Term]:
    """Every term below the roots, each once, parts before what they are part of."""
    found: dict[int, Term] = {}
    waiting = list(roots)
    while waiting:
        term = waiting.pop()
        if term.number not in found:
            found[term.number] = term
            waiting += term.parts
    return [found[number] for number in sorted(found)]
