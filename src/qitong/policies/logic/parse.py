"""Read the text of a rule into its typed tree.

    tech_staff / employees >= 10%
    rd_3y / sales_3y >= (5% if sales_last <= 5000万元 else 3%)
    entity in ['enterprise', 'social_org'] and not dishonest
    at_least(2, a, b == True, starts(industry_code, 'C', 'D'))

Python's words and precedence; numbers may carry a unit. Nothing is ever executed, and every name
must be a declared fact (or ``score_…``). Errors are :class:`Mistake` with line and column.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from qitong.kernel.words import say
from qitong.policies.logic import calls, joining
from qitong.policies.logic.calls import Declared
from qitong.policies.logic.joining import Part
from qitong.policies.logic.tokens import Mistake, Token, tokens
from qitong.policies.logic.tree import (
    AllOf,
    AnyOf,
    Choose,
    Day,
    Field,
    Holds,
    Is,
    Manual,
    Node,
    Not,
    Num,
    Op,
    Place,
    ScoreOf,
    Sum,
    Tree,
    Truth,
    Value,
    children,
)
from qitong.policies.logic.units import SUFFIXES, UNITS, Kind, exact, normal

DEEPEST = 40
"""Brackets, ``not`` and minus signs within each other: the reader calls itself for each."""
HIGHEST = 50
"""Levels of a tree; a long sum has as many as it has terms. All that walks trees calls itself for each level,
with the scores' own levels on top."""
SCORE = "score_"
_OPS = frozenset(op.value for op in Op)
_WORDS = frozenset({"and", "or", "not", "in", "if", "else", "True", "False", "manual"})


@dataclass(frozen=True, slots=True)
class Names:
    """What a rule may speak of."""

    facts: Mapping[str, Declared]
    scores: frozenset[str] = frozenset()
    """Without ``score_``; ``total`` is among them when there are any."""


def condition(text: str, names: Names) -> Node:
    """Read a condition; its leaves have no ids yet (see ``number_leaves``)."""
    reader = _Reader(text, names)
    return joining.truth(reader.whole())


def amount(text: str, names: Names, kind: Kind) -> Value:
    """Read a number of the given kind (a benefit in money, a score in points)."""
    reader = _Reader(text, names)
    part = reader.whole()
    value = joining.number(part)
    joining.common([Part(part.at, kind), part])
    return value


def measure(text: str, names: Names) -> tuple[Value, Kind]:
    """Read a number of any kind, and say which it is."""
    part = _Reader(text, names).whole()
    return joining.number(part), part.kind or Kind.RATIO


class _Reader:
    """Precedence from the loosest (if/else) to the tightest (a number, a name, brackets)."""

    def __init__(self, text: str, names: Names) -> None:
        self._tokens = tokens(text)
        self._next = 0
        self._names = names
        self._depth = 0
        self._heights: dict[int, tuple[Tree, int]] = {}

    def whole(self) -> Part:
        part = self._choice()
        if self._here.kind != "end":
            raise self._unexpected()
        return part

    # ---- moving along

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _take(self, *texts: str) -> Token | None:
        token = self._here
        if token.kind in ("sign", "name") and token.text in texts:
            self._next += 1
            return token
        return None

    def _need(self, text: str) -> Token:
        token = self._take(text)
        if token is None:
            raise Mistake(say("此处缺少“{sign}”。", sign=text), self._here.at)
        return token

    def _unexpected(self) -> Mistake:
        token = self._here
        if token.kind == "end":
            return Mistake(say("规则没有写完。"), token.at)
        if token.text in _OPS:
            return Mistake(say("比较不能连写；请用 and 连接两个比较。"), token.at)
        if token.kind == "unit":
            return Mistake(say("单位应紧跟在数字之后。"), token.at)
        return Mistake(say("不应出现“{sign}”。", sign=token.text), token.at)

    # ---- from loose to tight

    def _deeper(self, read: Callable[[], Part]) -> Part:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Mistake(say("层级过深，最多{n}层。", n=DEEPEST), self._here.at)
        part = read()
        self._depth -= 1
        return part

    def _fits(self, part: Part, at: Place) -> Part:
        """The part, unless its tree is too high; ``at`` is what made it so."""
        tree = part.value or part.truth
        if tree is not None and self._height(tree) > HIGHEST:
            raise Mistake(say("层级过深，最多{n}层。", n=HIGHEST), at)
        return part

    def _height(self, tree: Tree) -> int:
        """Kept with its tree, so that no other comes to have the same number while it is known."""
        if id(tree) not in self._heights:
            below = max(map(self._height, children(tree)), default=0)
            self._heights[id(tree)] = (tree, below + 1)
        return self._heights[id(tree)][1]

    def _choice(self) -> Part:
        return self._deeper(self._chosen)

    def _chosen(self) -> Part:
        then = self._many("or")
        if token := self._take("if"):
            test = self._many("or")
            self._need("else")
            then = self._fits(joining.choose(test, then, self._choice(), token.at), token.at)
        return then

    def _many(self, word: str) -> Part:
        """Parts joined by ``or``, each of them parts joined by ``and``."""
        parts = [self._inside(word)]
        while self._take(word):
            parts.append(self._inside(word))
        if len(parts) == 1:
            return parts[0]
        joined = tuple(joining.truth(part) for part in parts)
        at = parts[0].at
        return self._fits(Part(at, Kind.BOOL, truth=AnyOf(joined) if word == "or" else AllOf(joined)), at)

    def _inside(self, word: str) -> Part:
        return self._many("and") if word == "or" else self._negation()

    def _negation(self) -> Part:
        if token := self._take("not"):
            inner = joining.truth(self._deeper(self._negation))
            return self._fits(Part(token.at, Kind.BOOL, truth=Not(inner)), token.at)
        return self._comparison()

    def _comparison(self) -> Part:
        left = self._sum()
        token = self._here
        if token.kind == "sign" and token.text in _OPS:
            self._next += 1
            return self._compared(left, Op(token.text), self._sum(), token.at)
        negated = self._take("not")
        if self._take("in"):
            found = calls.member(left, self._codes(), self._names.facts)
            return self._negated(found) if negated else found
        if negated:
            raise Mistake(say("not 之后此处应为 in。"), self._here.at)
        return left

    def _compared(self, left: Part, op: Op, right: Part, at: Place) -> Part:
        if left.text and not right.text:
            left, right = right, left  # 'x' == code reads the same as code == 'x'
        if Kind.CODE in (left.kind, right.kind) or right.text:
            if op not in (Op.EQUAL, Op.UNEQUAL) or not right.text:
                raise Mistake(say("选项只能与带引号的选项比较是否相等（==、!=、in）。"), at)
            found = calls.member(left, [(right.text, right.at)], self._names.facts)
            return found if op is Op.EQUAL else self._negated(found)
        if left.truth is None and right.truth is None:
            return joining.compare(left, op, right)
        wanted = right.truth
        if op not in (Op.EQUAL, Op.UNEQUAL) or not isinstance(wanted, Truth):
            raise Mistake(say("是或否只能与 True 或 False 比较。"), at)
        part = Part(left.at, Kind.BOOL, truth=joining.truth(left))
        return part if wanted.value is (op is Op.EQUAL) else self._negated(part)

    def _negated(self, part: Part) -> Part:
        return replace(part, truth=Not(joining.truth(part)))

    def _codes(self) -> list[tuple[str, Place]]:
        self._need("[")
        found = [self._quoted()]
        while self._take(","):
            found.append(self._quoted())
        self._need("]")
        return found

    def _quoted(self) -> tuple[str, Place]:
        token = self._here
        if token.kind != "text" or len(token.text) < 3:
            raise Mistake(say("此处应为带引号的选项。"), token.at)
        self._next += 1
        return token.text[1:-1], token.at

    def _sum(self) -> Part:
        part = self._term()
        while token := self._take("+", "-"):
            part = self._fits(joining.arith(part, Sum(token.text), self._term(), part.at), token.at)
        return part

    def _term(self) -> Part:
        part = self._factor()
        while token := self._take("*", "/"):
            part = self._fits(joining.arith(part, Sum(token.text), self._factor(), part.at), token.at)
        return part

    def _factor(self) -> Part:
        if token := self._take("-"):
            part = self._deeper(self._factor)
            value = joining.number(part)
            if not isinstance(value, Num):
                raise Mistake(say("负号只用于数字。"), token.at)
            return replace(part, at=token.at, value=Num(-value.value, token.at))
        return self._primary()

    def _primary(self) -> Part:
        token = self._here
        if token.kind == "number":
            return self._number()
        if self._take("("):
            part = self._choice()
            self._need(")")
            return part
        if token.kind == "text":
            text, at = self._quoted()
            return Part(at, None, text=text)
        if token.kind == "date":
            return self._date()
        if self._take("{"):
            return self._table(token)
        if token.kind == "name" and token.text not in (_WORDS - {"True", "False", "manual"}):
            self._next += 1
            return self._name(token)
        raise self._unexpected()

    # ---- the tight ones

    def _number(self) -> Part:
        token = self._here
        self._next += 1
        value, unit = Fraction(Decimal(token.text)), self._here
        if unit.kind == "unit" and unit.text == "%":
            self._next += 1
            return Part(token.at, Kind.RATIO, value=Num(normal(value / 100), token.at))
        if unit.kind in ("unit", "name") and unit.text in SUFFIXES and unit.text not in self._names.facts:
            self._next += 1
            known = UNITS[SUFFIXES[unit.text]]
            return Part(token.at, known.kind, value=Num(normal(value * known.scale), token.at))
        if unit.kind == "name" and unit.text not in _WORDS:
            raise Mistake(say("数字写成 5000万元、5%、12个月 或 0.05。"), unit.at)
        return Part(token.at, None, value=Num(exact(token.text), token.at))

    def _date(self) -> Part:
        token = self._here
        self._next += 1
        try:
            return Part(token.at, Kind.DATE, value=Day(dt.date.fromisoformat(token.text), token.at))
        except ValueError:
            raise Mistake(say("没有{date}这一天。", date=token.text), token.at) from None

    def _name(self, token: Token) -> Part:
        name, at = token.text, token.at
        if name in ("True", "False"):
            return Part(at, Kind.BOOL, truth=Truth(name == "True", at=at))
        if name == "manual":
            return Part(at, Kind.BOOL, truth=Manual(at=at))
        if self._take("("):
            return self._call(name, at)
        if name.startswith(SCORE) and name.removeprefix(SCORE) in self._names.scores:
            return Part(at, Kind.POINTS, value=ScoreOf(name.removeprefix(SCORE)))
        fact = self._names.facts.get(name)
        if fact is None:
            raise self._undeclared(name, at)
        if fact.kind is Kind.BOOL:
            return Part(at, Kind.BOOL, truth=Holds(name, at=at))
        return Part(at, fact.kind, value=Field(name))

    def _undeclared(self, name: str, at: Place) -> Mistake:
        known = [*self._names.facts, *(SCORE + score for score in self._names.scores)]
        close = difflib.get_close_matches(name, known, n=1)
        if close:
            return Mistake(say("没有声明过{name}，是否应为{close}？", name=name, close=close[0]), at)
        return Mistake(say("没有声明过{name}；请先写入 inputs。", name=name), at)

    def _call(self, name: str, at: Place) -> Part:
        arguments = [self._choice()]
        while self._take(","):
            arguments.append(self._choice())
        self._need(")")
        return self._fits(calls.call(name, arguments, self._names.facts, at), at)

    def _table(self, opening: Token) -> Part:
        """``{'a': 1, 'b': 2}[code]``: every code has its value, so it becomes a chain of choices."""
        rows: dict[str, Part] = {}
        while not rows or self._take(","):
            code, at = self._quoted()
            if code in rows:
                raise Mistake(say("选项“{code}”写了两次。", code=code), at)
            self._need(":")
            rows[code] = self._choice()
        self._need("}")
        self._need("[")
        fact = calls.code_fact(self._primary())
        self._need("]")
        known = self._names.facts[fact].codes
        if set(rows) != known:
            sentence = say("{fact}的每个选项应各写一次：{known}。", fact=fact, known=", ".join(sorted(known)))
            raise Mistake(sentence, opening.at)
        kind = joining.common(list(rows.values()))
        *rest, last = [(code, joining.number(part)) for code, part in rows.items()]
        value: Value = last[1]
        for code, then in reversed(rest):
            value = Choose(Is(fact, (code,), at=opening.at), then, value)
            self._fits(Part(opening.at, kind, value=value), opening.at)
        return Part(opening.at, kind, value=value)
