"""Worked examples: a policy is right when each of them comes out as it says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Loc
from qitong.policies.compiling import written
from qitong.policies.crossrefs import Read
from qitong.policies.logic import reading
from qitong.policies.logic.explain import Explained, Matcher
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Since, Tree, walk
from qitong.policies.logic.units import UNITS, Kind, Number, normal, text
from qitong.policies.schema import Example, Policy


def known(policy: Policy, rule: Rule, example: Example) -> dict[str, Any]:
    """What is known in an example, in base units, with the day on which it is judged where it names one.

    Refused, with the fact in ``field``, when one does not fit, and when a day is needed and there is none.
    """
    day = next((each.on for each in _line(policy, example) if each.on), None)
    if day is None and _counts_days(rule):
        raise Refused(say("规则要算距某日的时间，例子应写明 on，即按哪一天判断。"), code="fact", field="on")
    return facts(rule, given(policy, example)) | ({"on": day} if day else {})


def given(policy: Policy, example: Example) -> dict[str, Any]:
    """The facts of an example as written, those of the one it is like included."""
    found: dict[str, Any] = {}
    for each in _line(policy, example):
        found = {**each.in_, **found}
    return found


def _line(policy: Policy, example: Example) -> list[Example]:
    """The example, the one it is like, the one that is like, and so on."""
    by_name = {each.name: each for each in policy.examples}
    found, seen = [example], {example.name}
    while (like := by_name.get(found[-1].like or "")) and like.name not in seen:
        seen.add(like.name)
        found.append(like)
    return found


def _counts_days(rule: Rule) -> bool:
    if all(spec.kind is not Kind.DATE for spec in rule.fields.values()):
        return False
    trees: list[Tree] = [rule.scope, rule.benefit.node, *(each.node for each in rule.conditions)]
    trees += [*(score.node for score in rule.scores), *(figure.node for figure in rule.figures)]
    return any(isinstance(part, Since) for tree in trees for part in walk(tree))


def facts(rule: Rule, raw: dict[str, Any]) -> dict[str, Any]:
    """Facts in base units; Refused, with the fact in ``field``, when one does not fit."""
    for name in raw:
        if name not in rule.fields:
            raise Refused(say("没有声明过{name}；请先写入 inputs。", name=name), code="fact", field=name)
    return {name: reading.value(rule.fields[name], value) for name, value in raw.items()}


def run(each: Read) -> None:
    """Run all examples of a policy and complain, at its place, about each that comes out otherwise."""
    matcher = Matcher(each.rule)
    seen: set[str] = set()
    for index, example in enumerate(each.policy.examples):
        loc: Loc = ("examples", index)
        if example.name in seen:
            each.document.complain((*loc, "name"), say("{key}重复。", key=example.name))
        if example.like is not None and example.like not in seen:
            each.document.complain((*loc, "like"), say("前面没有名为{name}的例子。", name=example.like))
            continue
        seen.add(example.name)
        _run_one(each, matcher, example, loc)


def _run_one(each: Read, matcher: Matcher, example: Example, loc: Loc) -> None:
    complain = each.document.complain
    try:
        found = matcher.explain(known(each.policy, each.rule, example))
    except Refused as refused:
        place = (*loc, "in", refused.field)
        complain(place, refused.sentence)
        return
    if found.outcome is not example.expect:
        told = {"name": example.name, "expect": example.expect.value, "outcome": found.outcome.value}
        sentence = say("例子{name}应为{expect}，按规则是{outcome}（{why}）。", **told, why=_why(found))
        complain((*loc, "expect"), sentence)
    _amounts(each, example, found, loc)


def amounts(each: Read, example: Example, found: Explained) -> dict[str, Number | None]:
    """What the rule gives for each amount that the example looks at, as the example would write it."""
    unit = UNITS.get(each.policy.benefit.unit)
    scale = unit.scale if unit else 1
    given: dict[str, Number | None] = {f"scores.{name}": found.scores.get(name) for name in example.scores}
    if "benefit" in example.model_fields_set:
        given["benefit"] = _in_unit(found.benefit, scale)
    for name in example.figures:
        given[f"figures.{name}"] = _in_unit(found.figures.get(name), scale)
    return given


def _amounts(each: Read, example: Example, found: Explained, loc: Loc) -> None:
    said: dict[str, Any] = example.model_dump(include={"scores", "benefit", "figures"})
    for name, got in amounts(each, example, found).items():
        group, _, key = name.partition(".")
        what = f"score_{key}" if group == "scores" else key or group
        _compare(each, (*loc, *name.split(".")), what, said[group][key] if key else said[group], got)


def _in_unit(amount: Number | None, scale: int) -> Number | None:
    return None if amount is None else normal(Fraction(amount) / scale)


def _compare(each: Read, loc: Loc, what: str, wanted: float | None, got: Number | None) -> None:
    if (None if wanted is None else written(wanted)) != got:
        told = {"what": what, "wanted": wanted, "got": "null" if got is None else text(got)}
        each.document.complain(loc, say("{what}应为{wanted}，按规则是{got}。", **told))


def _why(found: Explained) -> str:
    return ", ".join(f"{told.condition.id}={told.result}" for told in found.results)
