"""Rules in words: amounts, expressions and what came of a leaf, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from qitong.kernel.words import Named, Sentence, say
from qitong.policies.logic.gaps import INVERSE, Gap
from qitong.policies.logic.rule import TOTAL, Rule
from qitong.policies.logic.tree import (
    Arith,
    Bands,
    Choose,
    Compare,
    Day,
    Field,
    Has,
    Holds,
    Is,
    Leaf,
    Least,
    Manual,
    Most,
    Num,
    Op,
    Prefix,
    ScoreOf,
    Since,
    Value,
)
from qitong.policies.logic.units import Kind, Number, decimal_text

RELATIONS: dict[Op, Sentence] = {
    Op.LESS: say("低于"),
    Op.AT_MOST: say("不超过"),
    Op.EQUAL: say("等于"),
    Op.UNEQUAL: say("不等于"),
    Op.AT_LEAST: say("不低于"),
    Op.MORE: say("高于"),
}
YES, NO = say("是"), say("否")
_UNIT: dict[Kind, Named] = {
    Kind.MONTHS: Named("个月", " months"),
    Kind.YEARS: Named("年", " years"),
    Kind.PERSONS: Named("人", " persons"),
    Kind.COUNT: Named("项", ""),
    Kind.POINTS: Named("分", " points"),
    Kind.AREA: Named("亩", " mu"),
}


FINE = 4
"""Places of a number that never ends, where two would not tell it from what it is compared with."""
ROUGH = 2


def shown(value: Any, kind: Kind, beside: Any = None) -> object:
    """A value as a parameter of a sentence. Digits that never end are cut, never rounded up to a bound.

    ``beside``: what it is compared with; what is close to that is told more finely.
    """
    if isinstance(value, bool):
        return YES if value else NO
    if not isinstance(value, int | Fraction):
        return sorted(value) if isinstance(value, frozenset) else value
    return amount(value, kind, beside if isinstance(beside, int | Fraction) else None)


def amount(value: Number, kind: Kind | None, beside: Number | None = None) -> Named:
    """A number with its unit; of no kind: its digits."""
    if kind is Kind.MONEY:
        return _money(value)
    scale = 100 if kind is Kind.RATIO else 1
    places = FINE if kind is None or _is_close(value, beside, scale) else ROUGH
    number = _digits(Fraction(value) * scale, places)
    if kind is Kind.RATIO:
        return Named(f"{number}%", f"{number} %")
    unit = _UNIT.get(kind, Named("", "")) if kind else Named("", "")
    return Named(f"{number}{unit.zh}", f"{number}{unit.en}")


def _is_close(value: Number, beside: Number | None, scale: int) -> bool:
    return beside is not None and abs(Fraction(value) - beside) * scale < Fraction(1, 10**ROUGH)


def _money(fen: Number) -> Named:
    yuan = Fraction(fen) / 100
    exact = _digits(yuan, ROUGH)
    zh = f"{_digits(yuan / 10_000)}万元" if abs(yuan) >= 10_000 else f"{exact}元"
    return Named(zh, f"{exact} yuan")


def _digits(number: Number, places: int = FINE) -> str:
    whole = decimal_text(number)
    if whole is not None and len(whole.partition(".")[2]) <= 6:
        return _grouped(Decimal(whole))
    cut = Decimal(number.numerator) / Decimal(number.denominator)
    return "≈" + _grouped(cut.quantize(Decimal(1).scaleb(-places), ROUND_DOWN))


def _grouped(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---- expressions


def words(node: Value, rule: Rule) -> Named:  # noqa: C901, PLR0911  one return a node
    """An expression by the names of its facts: 研发费用 ÷ 销售收入."""
    match node:
        case Field(name):
            return rule.fields[name].label
        case ScoreOf(name):
            return _score(name, rule)
        case Num(value):
            digits = _digits(value)
            return Named(digits, digits)
        case Day(value):
            return Named(value.isoformat(), value.isoformat())
        case Arith(op, left, right):
            sign = {"*": " × ", "/": " ÷ "}.get(op, f" {op} ")
            return _join([words(left, rule), words(right, rule)], sign, sign)
        case Least(parts):
            inner = _join([words(part, rule) for part in parts], "、", ", ")
            return Named(f"较小者（{inner.zh}）", f"the least of ({inner.en})")
        case Most(parts):
            inner = _join([words(part, rule) for part in parts], "、", ", ")
            return Named(f"较大者（{inner.zh}）", f"the greatest of ({inner.en})")
        case Bands(measure):
            inner = words(measure, rule)
            return Named(f"{inner.zh}的得分", f"the points for {inner.en}")
        case Since(start):
            inner = words(start, rule)
            return Named(f"自{inner.zh}起的时间", f"time since {inner.en}")
        case Choose(_, then, other):
            return _join([words(then, rule), words(other, rule)], "或", " or ")


def _score(name: str, rule: Rule) -> Named:
    if name == TOTAL:
        return Named("总分", "Total score")
    return next(score.label for score in rule.scores if score.name == name)


def _join(parts: Iterable[Named], zh: str, en: str) -> Named:
    parts = list(parts)
    return Named(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def labels(names: Iterable[str], rule: Rule) -> list[Named]:
    return [rule.fields[name].label for name in names]


# ---- leaves


def required(leaf: Leaf, wanted: bool, rule: Rule) -> Sentence:  # noqa: PLR0911  one return a leaf
    """What a leaf asks, without looking at any company: 研发费用 ÷ 销售收入 应不低于 5%。"""
    match leaf:
        case Compare(op, left, right, kind):
            relation = RELATIONS[op if wanted else INVERSE[op]]
            bound = bounded(right, kind, rule)
            return say("{what}应{relation}{bound}。", what=words(left, rule), relation=relation, bound=bound)
        case Holds(name):
            return say("{what}应为“{answer}”。", what=rule.fields[name].label, answer=YES if wanted else NO)
        case Is(name, codes):
            text = say("{what}应为以下之一：{codes}。") if wanted else say("{what}不应为：{codes}。")
            return Sentence(
                text.text, {"what": rule.fields[name].label, "codes": code_names(name, codes, rule)}
            )
        case Has(name, code):
            text = say("{what}应包括{codes}。") if wanted else say("{what}不应包括{codes}。")
            return Sentence(
                text.text, {"what": rule.fields[name].label, "codes": code_names(name, (code,), rule)}
            )
        case Prefix(name, prefixes):
            text = (
                say("{what}应以下列代码开头：{codes}。")
                if wanted
                else say("{what}不应以下列代码开头：{codes}。")
            )
            return Sentence(text.text, {"what": rule.fields[name].label, "codes": list(prefixes)})
        case Manual():
            return say("由主管部门人工判断。")
    return say("任何企业均符合。") if leaf.value is wanted else say("本政策已不再给予。")


def bounded(node: Value, kind: Kind, rule: Rule) -> object:
    """A bound with its unit; of one that depends on something else each value it may have."""
    if isinstance(node, Choose):
        parts = [bounded(part, kind, rule) for part in (node.then, node.other)]
        return _join(
            [part if isinstance(part, Named) else Named(str(part), str(part)) for part in parts], "或", " or "
        )
    return shown(node.value, kind) if isinstance(node, Num | Day) else words(node, rule)


def code_names(name: str, codes: Iterable[str], rule: Rule) -> list[Named | str]:
    """What the codes of a fact are called; those without a name as they are."""
    known = dict(rule.fields[name].codes)
    return [known.get(code, code) for code in codes]


def actual(leaf: Leaf, value: Any, bound: Any, *, wanted: bool, gap: Gap | None, rule: Rule) -> Sentence:
    """What is asked and what is there, with what is lacking: for a leaf whose value is known."""
    if isinstance(leaf, Compare):
        return _compared(leaf, value, bound, wanted=wanted, gap=gap, rule=rule)
    if isinstance(leaf, Manual) or value is None or not hasattr(leaf, "name"):
        return required(leaf, wanted, rule)
    found = value if isinstance(value, bool) else sorted(value) if isinstance(value, frozenset) else [value]
    told = shown(found, Kind.BOOL) if isinstance(found, bool) else code_names(leaf.name, found, rule)
    return say("{asked}现为：{value}。", asked=required(leaf, wanted, rule), value=told)


def _compared(
    leaf: Compare, value: Any, bound: Any, *, wanted: bool, gap: Gap | None, rule: Rule
) -> Sentence:
    told: dict[str, object] = {
        "what": words(leaf.left, rule),
        "value": shown(value, leaf.kind, bound),
        "relation": RELATIONS[leaf.op if wanted else INVERSE[leaf.op]],
        "bound": shown(bound, leaf.kind),
    }
    if gap is None:
        return say("{what}为{value}，应{relation}{bound}。", **told)
    told |= {"gap": shown(gap.amount, gap.kind), "of": words(gap.of, rule)}
    if gap.more:
        return say("{what}为{value}，应{relation}{bound}；{of}还差{gap}。", **told)
    return say("{what}为{value}，应{relation}{bound}；{of}多出{gap}。", **told)


def unknown(leaf: Leaf, missing: Iterable[str], wanted: bool, rule: Rule) -> Sentence:
    """Why a leaf cannot be told yet."""
    names = labels(missing, rule)
    if names:
        return say("{asked}尚缺：{facts}。", asked=required(leaf, wanted, rule), facts=names)
    if isinstance(leaf, Manual):
        return required(leaf, wanted, rule)
    return say("{asked}除数不大于零或日期未到，无法计算。", asked=required(leaf, wanted, rule))


__all__ = [
    "NO",
    "RELATIONS",
    "YES",
    "actual",
    "amount",
    "bounded",
    "code_names",
    "labels",
    "required",
    "shown",
    "unknown",
    "words",
]
