"""Which numbers, operators and codes of a policy no worked example holds, and the examples that would.

``gaps(policy, rule)``: the places, in the order of the text. ``suggestions(policy, rule)``: the fewest
examples that close all of them, ready to be written behind the policy's own once their author agrees with
what comes out. Both are kept by content. A policy whose examples do not all come out right has neither yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlmarks import Loc
from qitong.policies import locating
from qitong.policies.crossrefs import Read
from qitong.policies.logic.boundaries import Open, fewest, unheld
from qitong.policies.logic.noticing import Case
from qitong.policies.logic.rule import Rule
from qitong.policies.schema import Example, Policy
from qitong.policies.suggesting import Suggesting


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that no example holds: ``literal`` stands ``offset`` characters into the text at ``loc``.

    ``offset`` is -1 where the value at ``loc`` is meant as a whole. ``names``: the suggestions that hold it.
    """

    loc: Loc
    offset: int
    literal: str
    where: Sentence
    """The condition, score or amount, in words."""
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    gaps: tuple[Gap, ...]
    suggestions: tuple[Example, ...]


def gaps(policy: Policy, rule: Rule) -> tuple[Gap, ...]:
    return look(policy, rule).gaps


def suggestions(policy: Policy, rule: Rule) -> tuple[Example, ...]:
    return look(policy, rule).suggestions


def look(policy: Policy, rule: Rule) -> Found:
    """Gaps and suggestions together; looked for once for a content."""
    return _looked(_Whole(policy.content_hash, policy, rule))


def complain(each: Read) -> None:
    """Complain about each gap at its place, with the examples that would close it."""
    found = look(each.policy, each.rule)
    by_name = {example.name: example for example in found.suggestions}
    for gap in found.gaps:
        told = [line(by_name[name]) for name in gap.names]
        sentence = say(
            "没有例子守住“{literal}”：它稍有改动，现有例子的结果都不变。请核对后加上例子：{examples}",
            literal=gap.literal,
            examples=", ".join(told),
        )
        if gap.offset < 0:
            each.document.complain(gap.loc, sentence)
        else:
            each.document.complain_inside(gap.loc, gap.offset, sentence)


def demand(policy: Policy, rule: Rule) -> None:
    """Refused (``boundaries``) while a gap is open."""
    found = gaps(policy, rule)
    if found:
        told = {"n": len(found), "where": found[0].where, "literal": found[0].literal}
        sentence = say(
            "{id}有{n}处没有例子守住，第一处是{where}中的“{literal}”。加上建议的例子后才能发布。",
            id=policy.id,
            **told,
        )
        raise Refused(sentence, code="boundaries")


def added(data: Mapping[str, Any], more: Sequence[Example]) -> dict[str, Any]:
    """A policy's data with further examples behind its own."""
    return {**data, "examples": [*data["examples"], *(each.model_dump(mode="json") for each in more)]}


def line(example: Example) -> str:
    """The example as a line of YAML."""
    said = example.model_dump(mode="json", exclude_defaults=True)
    if "benefit" in example.model_fields_set:
        said["benefit"] = example.benefit
    text = yaml.safe_dump(said, default_flow_style=True, sort_keys=False, allow_unicode=True, width=math.inf)
    return str(text).strip()


@dataclass(frozen=True, slots=True)
class _Whole:
    """A policy by its content."""

    content_hash: str
    policy: Policy = field(compare=False)
    rule: Rule = field(compare=False)


@lru_cache(maxsize=64)
def _looked(whole: _Whole) -> Found:
    policy, rule = whole.policy, whole.rule
    suggesting = Suggesting(policy, rule)
    cases = suggesting.cases()
    if cases is None:
        return Found((), ())
    own = [case for case, example in zip(cases, policy.examples, strict=True) if example.like is None]
    open_ = unheld(rule, cases, own, suggesting.made)
    chosen = fewest(open_)
    named = suggesting.named(chosen)
    return Found(tuple(_gaps(policy, open_, list(zip(chosen, named, strict=True)))), tuple(named))


def _gaps(policy: Policy, open_: Sequence[Open], named: Sequence[tuple[Case, Example]]) -> Iterator[Gap]:
    """One for each place, whatever could change there."""
    places: dict[tuple[Loc, int], list[Open]] = {}
    for each in open_:
        loc, offset = locating.place(policy, each.change.spot)
        places.setdefault((loc, offset), []).append(each)
    for (loc, offset), here in places.items():
        spots = [each.change.spot for each in here]
        literal = max((locating.literal(policy, spot) for spot in spots), key=len)
        names = [example.name for case, example in named if any(it.changed.noticed(case) for it in here)]
        yield Gap(loc, offset, literal, locating.where(policy, spots[0]), tuple(names))


__all__ = ["Found", "Gap", "added", "complain", "demand", "gaps", "line", "look", "suggestions"]
