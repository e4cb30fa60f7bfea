"""Conditions on the facts of a project, in a small closed language with three truth values.

    has_construction_project
    annual_energy_tce >= 1000 or annual_power_mwh >= 5000
    discharge_category in ["key", "simplified"] and not food_business

A bare name is a yes/no fact; otherwise a name stands left of ``== != < <= > >=``, ``in`` or
``not in`` and constants stand right. Nothing is ever executed: the text is parsed into a tree of
three frozen types. A fact that is missing (absent or ``None``) makes a test *unknown*, which is
not yes, and not no; ``and``, ``or``, ``not`` follow Kleene's strong logic.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

Value: TypeAlias = bool | str | Decimal
Facts: TypeAlias = Mapping[str, object]

LONGEST = 500
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Comparison(StrEnum):
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    IN = "in"
    NOT_IN = "not in"


_APPLY: dict[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.EQUAL: lambda fact, wanted: fact == wanted[0],
    Comparison.NOT_EQUAL: lambda fact, wanted: fact != wanted[0],
    Comparison.LESS: lambda fact, wanted: fact < wanted[0],
    Comparison.AT_MOST: lambda fact, wanted: fact <= wanted[0],
    Comparison.MORE: lambda fact, wanted: fact > wanted[0],
    Comparison.AT_LEAST: lambda fact, wanted: fact >= wanted[0],
    Comparison.IN: lambda fact, wanted: fact in wanted,
    Comparison.NOT_IN: lambda fact, wanted: fact not in wanted,
}

_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: Comparison.EQUAL,
    ast.NotEq: Comparison.NOT_EQUAL,
    ast.Lt: Comparison.LESS,
    ast.LtE: Comparison.AT_MOST,
    ast.Gt: Comparison.MORE,
    ast.GtE: Comparison.AT_LEAST,
    ast.In: Comparison.IN,
    ast.NotIn: Comparison.NOT_IN,
}
_ORDERED = frozenset({Comparison.LESS, Comparison.AT_MOST, Comparison.MORE, Comparison.AT_LEAST})
_LISTED = frozenset({Comparison.IN, Comparison.NOT_IN})


@dataclass(frozen=True, slots=True)
class Check:
    """One fact against constants of one type; a bare name is ``== True``."""

    fact: str
    comparison: Comparison
    wanted: tuple[Value, ...]

    def evaluate(self, facts: Facts) -> bool | None:
        """Refuses (``code="fact_type"``, ``field`` the fact) a value of another type than the constants."""
        raw = facts.get(self.fact)
        if raw is None:
            return None
        value = _value(raw)
        if type(value) is not type(self.wanted[0]):
            raise Refused(
                say("事实“{fact}”的值“{value}”类型不符。", fact=self.fact, value=raw),
                code="fact_type",
                field=self.fact,
            )
        return _APPLY[self.comparison](value, self.wanted)


@dataclass(frozen=True, slots=True)
class Not:
    part: Node

    def evaluate(self, facts: Facts) -> bool | None:
        result = self.part.evaluate(facts)
        return None if result is None else not result


@dataclass(frozen=True, slots=True)
class Many:
    """``and`` (``deciding`` False) or ``or`` (``deciding`` True): one deciding part settles it."""

    deciding: bool
    parts: tuple[Node, ...]

    def evaluate(self, facts: Facts) -> bool | None:
        # Every part is looked at, so a fact of the wrong type is refused whatever the order.
        results = [part.evaluate(facts) for part in self.parts]
        if self.deciding in results:
            return self.deciding
        return None if None in results else not self.deciding


Node: TypeAlias = Check | Not | Many


@dataclass(frozen=True, slots=True)
class Finding:
    """How one test came out: ``value`` is the fact as given (None: missing), ``result`` None: unknown."""

    check: Check
    value: object
    result: bool | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition; ``text`` is what was written."""

    text: str
    tree: Node

    def evaluate(self, facts: Facts) -> bool | None:
        """Yes, no, or None when the facts at hand do not settle it."""
        return self.tree.evaluate(facts)

    @property
    def names(self) -> frozenset[str]:
        """The facts that the condition speaks of."""
        return frozenset(check.fact for check in _checks(self.tree))

    def explain(self, facts: Facts) -> tuple[Finding, ...]:
        """The result of each test, in the order written."""
        return tuple(Finding(t, facts.get(t.fact), t.evaluate(facts)) for t in _checks(self.tree))

    def unsettled(self, facts: Facts) -> tuple[str, ...]:
        """The missing facts to ask for; empty when the facts at hand settle the condition."""
        if self.evaluate(facts) is not None:
            return ()
        return tuple(dict.fromkeys(f.check.fact for f in self.explain(facts) if f.result is None))


def parse(expr: str) -> Condition:
    """Read a condition; refuse (``code="condition"``) anything outside the language, naming the place."""
    text = " ".join(expr.split())
    if len(text) > LONGEST:
        raise _refused(say("条件过长，最多{n}个字符。", n=LONGEST), text, LONGEST)
    try:
        body = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        # The parser reports place 0 when the text ends too early.
        offset = error.offset - 1 if error.offset else len(text)
        raise _refused(say("写法不完整或有误。"), text, offset) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise _refused(say("写法不完整或有误。"), text, 0) from error
    return Condition(text, _node(body, text))


def _checks(node: Node) -> Iterator[Check]:
    match node:
        case Check():
            yield node
        case Not(part):
            yield from _checks(part)
        case Many(_, parts):
            for part in parts:
                yield from _checks(part)


def _node(node: ast.expr, text: str) -> Node:
    match node:
        case ast.Name():
            return Check(_name(node, text), Comparison.EQUAL, (True,))
        case ast.UnaryOp(ast.Not(), operand):
            return Not(_node(operand, text))
        case ast.BoolOp(op, values):
            return Many(isinstance(op, ast.Or), tuple(_node(value, text) for value in values))
        case ast.Compare(ast.Name() as name, [op], [right]) if type(op) in _COMPARISONS:
            return _check(name, _COMPARISONS[type(op)], right, text)
    raise _at(node, text, say("此处只能写事实名、比较、and、or、not。"))


def _check(name: ast.Name, comparison: Comparison, right: ast.expr, text: str) -> Check:
    if comparison in _LISTED:
        if not isinstance(right, ast.List | ast.Tuple) or not right.elts:
            raise _at(right, text, say("in 之后应为不空的列表。"))
        wanted = tuple(_constant(element, text) for element in right.elts)
    else:
        wanted = (_constant(right, text),)
    if len({type(value) for value in wanted}) > 1:
        raise _at(right, text, say("列表中的值应为同一类型。"))
    if comparison in _ORDERED and not isinstance(wanted[0], Decimal):
        raise _at(right, text, say("大小比较只用于数字。"))
    return Check(_name(name, text), comparison, wanted)


def _name(node: ast.Name, text: str) -> str:
    if not _NAME.fullmatch(node.id):
        raise _at(node, text, say("事实名只用小写字母、数字和下划线。"))
    return node.id


def _constant(node: ast.expr, text: str) -> Value:
    match node:
        case ast.Constant(bool() | str() | int() | float() as value):
            found = _finite(value)
            if found is not None:
                return found
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as value)) if not isinstance(value, bool):
            found = _finite(operator.neg(value))
            if found is not None:
                return found
    raise _at(node, text, say("此处应为数字、带引号的文字、True 或 False。"))


def _value(raw: object) -> Value | None:
    """A fact in the form constants have, or None when it is of no type the language knows."""
    if isinstance(raw, bool | int | float | Decimal | str):
        return _finite(raw)
    return None


def _finite(value: bool | float | Decimal | str) -> Value | None:
    """Numbers become decimals as written (0.1 is 0.1); not-a-number and infinity are no values."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool | str):
        return value
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _at(node: ast.expr, text: str, reason: Sentence) -> Refused:
    # The parser counts bytes of UTF-8; people count characters.
    return _refused(reason, text, len(text.encode()[: node.col_offset].decode(errors="ignore")))


def _refused(reason: Sentence, text: str, offset: int) -> Refused:
    sentence = say(
        "条件“{text}”第{position}个字符处有误：{reason}", text=text, position=offset + 1, reason=reason
    )
    return Refused(sentence, code="condition")
