"""What a condition asks of anybody, in sentences that keep its AND, OR, NOT and IF: nested lines.

``wording.required`` says what one leaf asks; here the leaves stay joined as the rule joins them, and a
bound that depends on something is told case by case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qitong.kernel.words import Sentence, say
from qitong.policies.logic import wording
from qitong.policies.logic.gaps import INVERSE
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
    AllOf,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Has,
    Holds,
    Is,
    Leaf,
    Manual,
    Node,
    Not,
    Prefix,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and what stands below it when it only joins others."""

    says: Sentence
    below: tuple[Line, ...] = ()


def lines(  # noqa: PLR0911  one return a node
    node: Node, rule: Rule, *, wanted: bool = True
) -> tuple[Line, ...]:
    """All of these hold exactly when the node comes out as ``wanted``."""
    match node:
        case Not(part):
            return lines(part, rule, wanted=not wanted)
        case AllOf(parts) | AnyOf(parts):
            if isinstance(node, AllOf) is wanted:
                return tuple(line for part in parts for line in lines(part, rule, wanted=wanted))
            return (Line(say("以下各项符合一项即可："), _each(parts, rule, wanted)),)
        case AtLeast(count, parts):
            text = say("以下各项至少符合{n}项：") if wanted else say("以下各项符合的应少于{n}项：")
            return (Line(Sentence(text.text, {"n": count}), _each(parts, rule, True)),)
        case Choose():
            return (Line(say("按情形："), _cases(node, rule, wanted)),)
        case Compare(_, _, Choose() as bound):
            return lines(_unfolded(node, bound), rule, wanted=wanted)
    return (Line(wording.required(node, wanted, rule)),)


def _each(parts: Sequence[Node], rule: Rule, wanted: bool) -> tuple[Line, ...]:
    return tuple(joined(lines(part, rule, wanted=wanted)) for part in parts)


def joined(found: tuple[Line, ...]) -> Line:
    """Lines that all hold, as one."""
    return found[0] if len(found) == 1 else Line(say("以下各项同时符合："), found)


def _unfolded(leaf: Compare, bound: Choose) -> Node:
    """``a >= (1 if x else 2)`` as ``a >= 1 if x else a >= 2``."""
    then, other = (replace(leaf, right=part) for part in (bound.then, bound.other))
    return Choose(bound.test, then, other)


def _cases(node: Choose, rule: Rule, wanted: bool) -> tuple[Line, ...]:
    found: list[Line] = []
    rest: Node = node
    while isinstance(rest, Choose):
        asked = lines(rest.then, rule, wanted=wanted)
        found.append(_case(phrase(rest.test, rule), asked, first=not found))
        rest = rest.other
        if isinstance(rest, Compare) and isinstance(rest.right, Choose):
            rest = _unfolded(rest, rest.right)
    asked = lines(rest, rule, wanted=wanted)
    if _is_short(asked):
        return (*found, Line(say("其他情形，{asked}", asked=asked[0].says)))
    return (*found, Line(say("其他情形："), asked))


def _case(when: Sentence, asked: tuple[Line, ...], *, first: bool) -> Line:
    """What is asked in one case, in one sentence where that is all."""
    if _is_short(asked):
        told = {"when": when, "asked": asked[0].says}
        return Line(say("{when}的，{asked}", **told) if first else say("否则，{when}的，{asked}", **told))
    return Line(say("{when}的：", when=when) if first else say("否则，{when}的：", when=when), asked)


def _is_short(asked: tuple[Line, ...]) -> bool:
    return len(asked) == 1 and not asked[0].below


def phrase(node: Node, rule: Rule, *, wanted: bool = True) -> Sentence:
    """The same as part of a sentence, without a full stop: 销售收入不超过5,000万元."""
    match node:
        case Not(part):
            return phrase(part, rule, wanted=not wanted)
        case AllOf(parts) | AnyOf(parts):
            told = [_within(part, rule, wanted) for part in parts]
            return _chained(told, every=isinstance(node, AllOf) is wanted)
        case AtLeast(count, parts):
            told = [_within(part, rule, True) for part in parts]
            if wanted:
                return say("{parts}中至少符合{n}项", parts=told, n=count)
            return say("{parts}中符合的少于{n}项", parts=told, n=count)
        case Choose(test, then, other):
            first = AllOf((test, then)) if wanted else AllOf((test, Not(then)))
            second = AllOf((Not(test), other)) if wanted else AllOf((Not(test), Not(other)))
            return phrase(AnyOf((first, second)), rule)
    return _of_leaf(node, wanted, rule)


def _within(node: Node, rule: Rule, wanted: bool) -> Sentence:
    """A part of a longer phrase, in brackets when it is joined itself."""
    told, inner = phrase(node, rule, wanted=wanted), node
    while isinstance(inner, Not):
        inner = inner.part
    return say("（{inner}）", inner=told) if isinstance(inner, AllOf | AnyOf | AtLeast | Choose) else told


def _chained(told: list[Sentence], *, every: bool) -> Sentence:
    if len(told) == 1:
        return told[0]
    if every:
        return say("{first}且{rest}", first=told[0], rest=_chained(told[1:], every=True))
    return say("{first}或{rest}", first=told[0], rest=_chained(told[1:], every=False))


def _of_leaf(leaf: Leaf, wanted: bool, rule: Rule) -> Sentence:
    match leaf:
        case Compare(op, left, right, kind):
            relation = wording.RELATIONS[op if wanted else INVERSE[op]]
            told = {"what": wording.words(left, rule), "relation": relation}
            return say("{what}{relation}{bound}", bound=wording.bounded(right, kind, rule), **told)
        case Holds(name):
            return say("{what}为“{answer}”", what=rule.fields[name].label, answer=_answer(wanted))
        case Is(name, codes):
            text = say("{what}为{codes}") if wanted else say("{what}不为{codes}")
        case Has(name, code):
            codes = (code,)
            text = say("{what}包括{codes}") if wanted else say("{what}不包括{codes}")
        case Prefix(name, codes):
            text = say("{what}以{codes}开头") if wanted else say("{what}不以{codes}开头")
        case Manual():
            return say("经主管部门判断") if wanted else say("未经主管部门判断")
        case _:
            return say("任何情形") if leaf.value is wanted else say("没有这样的情形")
    told = {"what": rule.fields[name].label, "codes": wording.code_names(name, codes, rule)}
    return Sentence(text.text, told)


def _answer(wanted: bool) -> Sentence:
    return wording.YES if wanted else wording.NO
