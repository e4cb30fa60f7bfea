"""A condition of the catalogue in words: when an item applies, for people who never saw the formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qitong.catalogue.logic.conditions import Check, Comparison, Many, Node, Not, Value, parse
from qitong.catalogue.logic.types import FactSpec, FactType
from qitong.kernel.words import NOTHING, Sentence, say

_NUMBER: dict[Comparison, str] = {
    Comparison.EQUAL: say("{name}等于{value}{unit}").text,
    Comparison.NOT_EQUAL: say("{name}不等于{value}{unit}").text,
    Comparison.LESS: say("{name}低于{value}{unit}").text,
    Comparison.AT_MOST: say("{name}不超过{value}{unit}").text,
    Comparison.MORE: say("{name}超过{value}{unit}").text,
    Comparison.AT_LEAST: say("{name}达到{value}{unit}").text,
    Comparison.IN: say("{name}等于{value}{unit}").text,
    Comparison.NOT_IN: say("{name}不等于{value}{unit}").text,
}
_NEGATIVE = (Comparison.NOT_EQUAL, Comparison.NOT_IN)


def in_words(condition: str, facts: Iterable[FactSpec]) -> Sentence:
    """``has_construction_project`` → 有建设项目; the empty condition is the empty sentence."""
    if not condition:
        return NOTHING
    return _node(parse(condition).tree, {fact.code: fact for fact in facts})


def _node(node: Node, facts: Mapping[str, FactSpec]) -> Sentence:
    match node:
        case Not(part):
            return say("并非：{part}", part=_node(part, facts))
        case Many(deciding, parts):
            return _joined([_part(part, facts) for part in parts], either=deciding)
        case Check():
            return check_in_words(node, facts)


def _part(node: Node, facts: Mapping[str, FactSpec]) -> Sentence:
    words = _node(node, facts)
    return say("（{part}）", part=words) if isinstance(node, Many) else words


def _joined(parts: Sequence[Sentence], *, either: bool) -> Sentence:
    first, *rest = parts
    for part in rest:
        first = say("{a}，或者{b}", a=first, b=part) if either else say("{a}，并且{b}", a=first, b=part)
    return first


def check_in_words(check: Check, facts: Mapping[str, FactSpec]) -> Sentence:
    """One test; a fact that the catalogue no longer knows is shown by its code."""
    spec = facts.get(check.fact)
    if spec is None:
        return say("{fact}", fact=check.fact)
    if spec.type is FactType.BOOL:
        wanted = (check.wanted[0] is True) != (check.comparison in _NEGATIVE)
        return say("{name}", name=spec.name) if wanted else say("不属于“{name}”", name=spec.name)
    if spec.type is FactType.CHOICE:
        values = tuple(_choice(spec, value) for value in check.wanted)
        if check.comparison in _NEGATIVE:
            return say("{name}不是{values}", name=spec.name, values=values)
        return say("{name}是{values}", name=spec.name, values=values)
    unit: object = spec.unit or ""
    values = tuple(f"{value:f}" if not isinstance(value, str | bool) else value for value in check.wanted)
    return say(_NUMBER[check.comparison], name=spec.name, value=values, unit=unit)


def _choice(spec: FactSpec, value: Value) -> object:
    return dict(spec.choices).get(str(value), str(value))
