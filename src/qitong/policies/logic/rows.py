"""A condition as rows that people fill in, and back: fact, relation, value; all, any, or so many of them.

What is joined in another way (within each other, by if and else, with amounts reckoned) has no rows, and
stays a formula. Rows are text, as typed: a number in the unit of its fact (a share in percent), a day as
2026-01-31, codes. :func:`expression` reads them strictly, so nothing typed as a value ever becomes a rule.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.policies.logic import wording
from qitong.policies.logic.gaps import INVERSE
from qitong.policies.logic.parse import SCORE
from qitong.policies.logic.tree import (
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Compare,
    Day,
    Field,
    Has,
    Holds,
    Is,
    Node,
    Not,
    Num,
    Op,
    Prefix,
    ScoreOf,
    Since,
    Sum,
    Value,
)
from qitong.policies.logic.units import MEASURED, UNITS, Kind, decimal_text


class Join(StrEnum):
    ALL = "all"
    ANY = "any"
    SOME = "some"
    """At least so many."""


class Relation(StrEnum):
    AT_LEAST = "at_least"
    MORE = "more"
    AT_MOST = "at_most"
    LESS = "less"
    EQUAL = "equal"
    UNEQUAL = "unequal"
    YES = "yes"
    NO = "no"
    IS = "is"
    IS_NOT = "is_not"
    STARTS = "starts"
    STARTS_NOT = "starts_not"
    HAS = "has"
    HAS_NOT = "has_not"


JOINS: Mapping[Join, Sentence] = {
    Join.ALL: say("全部符合"),
    Join.ANY: say("任一符合"),
    Join.SOME: say("至少符合几项"),
}
_OPS = {
    Relation.AT_LEAST: Op.AT_LEAST,
    Relation.MORE: Op.MORE,
    Relation.AT_MOST: Op.AT_MOST,
    Relation.LESS: Op.LESS,
    Relation.EQUAL: Op.EQUAL,
    Relation.UNEQUAL: Op.UNEQUAL,
}
_BY_OP = {op: relation for relation, op in _OPS.items()}
RELATIONS: Mapping[Relation, Sentence] = {
    **{relation: wording.RELATIONS[op] for relation, op in _OPS.items()},
    Relation.YES: say("为“是”"),
    Relation.NO: say("为“否”"),
    Relation.IS: say("为以下之一"),
    Relation.IS_NOT: say("不是以下任何一个"),
    Relation.STARTS: say("以下列代码开头"),
    Relation.STARTS_NOT: say("不以下列代码开头"),
    Relation.HAS: say("包括"),
    Relation.HAS_NOT: say("不包括"),
}
_SETS = {
    Kind.BOOL: (Relation.YES, Relation.NO),
    Kind.CODE: (Relation.IS, Relation.IS_NOT, Relation.STARTS, Relation.STARTS_NOT),
    Kind.CODES: (Relation.HAS, Relation.HAS_NOT),
}
_SINCE = {"months": "months_since", "years": "years_since"}
_TERM = re.compile(r"(months|years)_since\(([a-z][a-z0-9_]*)\)")
_CODE = re.compile(r"[^'\"\s]+")


@dataclass(frozen=True, slots=True)
class Row:
    """``term``: a fact, ``score_…`` or ``months_since(…)``; ``per``: the fact by which it is divided;
    ``than``: another term, with which it is compared instead of with a value."""

    term: str
    relation: Relation
    values: tuple[str, ...] = ()
    per: str = ""
    than: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    join: Join
    rows: tuple[Row, ...]
    count: int = 0
    """Of ``SOME``: how many at least."""


Units = Mapping[str, str]
"""Facts by name, with the key of their unit."""


def kind_of(term: str, units: Units) -> Kind | None:
    """What a term is, None when there is no such fact."""
    if term.startswith(SCORE) and term not in units:
        return Kind.POINTS
    if found := _TERM.fullmatch(term):
        return Kind(found[1]) if units.get(found[2]) == "date" else None
    return UNITS[units[term]].kind if units.get(term) in UNITS else None


def unit_of(term: str, per: str, units: Units) -> str:
    """The unit in which the value of a row is typed: a key of UNITS, ``%``, or nothing."""
    kind = kind_of(term, units)
    if per or kind is Kind.RATIO:
        return "%"
    if kind in (Kind.BOOL, Kind.CODE, Kind.CODES, None):
        return ""
    return units.get(term) or str(kind)


def relations(kind: Kind | None) -> tuple[Relation, ...]:
    """What can be said of a fact of that kind; of one that is not known yet, everything."""
    return tuple(Relation) if kind is None else _SETS.get(kind, tuple(_OPS))


# ---- from the tree


def rows_of(node: Node, units: Units) -> Rows | None:
    """The condition as rows; None where it is joined otherwise."""
    join, count = Join.ALL, 0
    parts: tuple[Node, ...] = (node,)
    match node:
        case AllOf(inner):
            parts = inner
        case AnyOf(inner):
            join, parts = Join.ANY, inner
        case AtLeast(least, inner):
            join, count, parts = Join.SOME, least, inner
    found = [_row(part, units) for part in parts]
    rows = tuple(row for row in found if row is not None)
    return Rows(join, rows, count) if len(rows) == len(found) else None


def _row(node: Node, units: Units) -> Row | None:
    wanted = True
    while isinstance(node, Not):
        wanted, node = not wanted, node.part
    match node:
        case Compare():
            return _compared(node, units, wanted=wanted)
        case Holds(name):
            return Row(name, Relation.YES if wanted else Relation.NO)
        case Is(name, codes):
            return _coded(name, codes, Relation.IS if wanted else Relation.IS_NOT)
        case Has(name, code):
            return _coded(name, (code,), Relation.HAS if wanted else Relation.HAS_NOT)
        case Prefix(name, codes, lenient=False):
            return _coded(name, codes, Relation.STARTS if wanted else Relation.STARTS_NOT)
    return None


def _coded(name: str, codes: tuple[str, ...], relation: Relation) -> Row | None:
    return Row(name, relation, codes) if all(map(_CODE.fullmatch, codes)) else None


def _compared(leaf: Compare, units: Units, *, wanted: bool) -> Row | None:
    match leaf.left:
        case Arith(Sum.DIV, Field(name), Field(per)) if _alike(name, per, units):
            term = name
        case left:
            term, per = _term(left), ""
    if not term or kind_of(term, units) is None:
        return None
    relation = _BY_OP[leaf.op if wanted else INVERSE[leaf.op]]
    if than := _term(leaf.right):
        return Row(term, relation, (), per, than) if comparable(term, per, than, units) else None
    bound = _bound(leaf.right, unit_of(term, per, units))
    return None if bound is None else Row(term, relation, (bound,), per)


def _alike(name: str, per: str, units: Units) -> bool:
    kind = kind_of(name, units)
    return kind is kind_of(per, units) and kind in MEASURED - {Kind.RATIO}


def comparable(term: str, per: str, than: str, units: Units) -> bool:
    """Whether both are measured alike, so that one can be more or less than the other."""
    kind = Kind.RATIO if per else kind_of(term, units)
    return kind is not None and kind not in _SETS and kind is kind_of(than, units)


def _term(value: Value) -> str:
    match value:
        case Field(name):
            return name
        case ScoreOf(name):
            return SCORE + name
        case Since(Field(name), unit):
            return f"{_SINCE[unit]}({name})"
    return ""


def _bound(value: Value, unit: str) -> str | None:
    match value:
        case Day(day):
            return day.isoformat()
        case Num(number):
            scale = Fraction(1, 100) if unit == "%" else UNITS[unit].scale if unit in UNITS else 1
            return decimal_text(Fraction(number) / scale)
    return None


# ---- to the language


def expression(found: Rows, units: Units) -> str:
    """The condition as text. Refused at ``rows.<n>.<term|relation|than|value>``, ``count`` or ``rows``."""
    if not found.rows:
        raise Refused(say("至少写一行条件。"), code="rows", field="rows")
    parts = [text_of(row, units, index) for index, row in enumerate(found.rows)]
    if found.join is Join.SOME:
        if not 1 <= found.count <= len(parts):
            sentence = say("请填写1至{n}之间的个数。", n=len(parts))
            raise Refused(sentence, code="count", field="count")
        return f"at_least({found.count}, {', '.join(parts)})"
    return (" and " if found.join is Join.ALL else " or ").join(parts)


def text_of(row: Row, units: Units, index: int = 0) -> str:
    """One row as text; ``index`` says where it stands in the refusal."""
    kind = kind_of(row.term, units)
    if kind is None:
        raise _refused(index, "term", say("请选择一项事实。"))
    if row.relation not in relations(kind):
        raise _refused(index, "relation", say("请选择与这项事实相配的关系。"))
    if kind is Kind.BOOL:
        return row.term if row.relation is Relation.YES else f"not {row.term}"
    if kind in _SETS:
        return _choice(row, index)
    if row.per and not _alike(row.term, row.per, units):
        raise _refused(index, "per", say("相除的两项应以同一种单位计量。"))
    left = f"{row.term} / {row.per}" if row.per else row.term
    if row.than and not comparable(row.term, row.per, row.than, units):
        raise _refused(index, "than", say("相比的两项应以同一种单位计量。"))
    bound = row.than or _written(row, kind, unit_of(row.term, row.per, units), index)
    return f"{left} {_OPS[row.relation].value} {bound}"


def _choice(row: Row, index: int) -> str:
    if not row.values:
        raise _refused(index, "value", say("请选择或填写至少一个选项。"))
    if not all(map(_CODE.fullmatch, row.values)):
        raise _refused(index, "value", say("选项的代码不含空格和引号。"))
    quoted = [f"'{code}'" for code in row.values]
    listed, name = ", ".join(quoted), row.term
    match row.relation:
        case Relation.IS | Relation.IS_NOT:
            inner = "in" if row.relation is Relation.IS else "not in"
            return f"{name} {inner} [{listed}]"
        case Relation.STARTS | Relation.STARTS_NOT:
            text = f"starts({name}, {listed})"
            return text if row.relation is Relation.STARTS else f"not {text}"
    if len(quoted) > 1:
        raise _refused(index, "value", say("“包括”一行写一个选项；要几个，请写几行。"))
    text = f"has({name}, {listed})"
    return text if row.relation is Relation.HAS else f"not {text}"


def _written(row: Row, kind: Kind, unit: str, index: int) -> str:
    text = "".join(row.values).strip()
    if kind is Kind.DATE:
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            raise _refused(index, "value", say("请填写日期，如 2026-01-31。")) from None
    number = plain_number(text)
    if number is None:
        raise _refused(index, "value", say("请填写数值。"))
    return number + (unit if unit == "%" else UNITS[unit].name.zh if kind is Kind.MONEY else "")


def plain_number(text: str) -> str | None:
    """Digits as the language writes them; None for what is no number. Thousands may be grouped by commas."""
    digits = text.replace(",", "").replace("，", "").strip()
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,10})?", digits):
        return None
    return digits


def _refused(index: int, part: str, sentence: Sentence) -> Refused:
    return Refused(sentence, code="row", field=f"rows.{index}.{part}")


def terms(units: Units, scores: Iterable[str]) -> list[str]:
    """Everything that a row may speak of, in the order of the facts, scores last."""
    found: list[str] = []
    for name, unit in units.items():
        found += [name, *(f"{call}({name})" for call in _SINCE.values())] if unit == "date" else [name]
    return [*found, *(SCORE + name for name in scores)]


__all__ = [
    "JOINS",
    "RELATIONS",
    "Join",
    "Relation",
    "Row",
    "Rows",
    "comparable",
    "expression",
    "kind_of",
    "plain_number",
    "relations",
    "rows_of",
    "terms",
    "text_of",
    "unit_of",
]
