"""Examples that come out otherwise once a number is turned, and new ones at the new edges.

They are shown to the author, then written as they come.

An example that no longer holds may be a mistake in the number, or what the number is meant to bring. Only a
person can tell, so nothing follows that they have not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.yamlmarks import Document
from qitong.policies import boundaries, check, examples
from qitong.policies.compiling import unwritten, written
from qitong.policies.crossrefs import Read
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.units import Number
from qitong.policies.schema import Example

Amounts = Mapping[str, Number | None]
"""Scores by ``scores.<name>``, figures by ``figures.<name>``, and ``benefit``: as examples write them."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An example, what makes it different from the one it is ``like``, and what came and comes of it.

    ``before`` is None of one that there was not yet.
    """

    name: str
    facts: Mapping[str, Any]
    before: Outcome | None
    after: Outcome
    was: Amounts
    now: Amounts
    """Only the amounts that change."""


def moved(data: Mapping[str, Any]) -> list[Moved]:
    """The examples of a policy's data that come out otherwise than they say; none when it does not read."""
    each = check.read(Document(data=dict(data)))
    return list(_moved(each)) if each else []


def further(data: Mapping[str, Any]) -> tuple[Example, ...]:
    """The examples that a policy's data still needs at its edges (:mod:`~qitong.policies.boundaries`)."""
    each = check.read(Document(data=dict(data)))
    return boundaries.suggestions(each.policy, each.rule) if each else ()


def new(example: Example) -> Moved:
    """An example that was not there, as a move from nothing."""
    return Moved(example.name, example.in_, None, example.expect, {}, _said(example))


def _moved(each: Read) -> Iterator[Moved]:
    matcher = Matcher(each.rule)
    for example in each.policy.examples:
        try:
            found = matcher.explain(examples.known(each.policy, each.rule, example))
        except Refused:
            continue  # the check says what is wrong with it
        was, comes = _said(example), examples.amounts(each, example, found)
        changed = [name for name, amount in comes.items() if amount != was[name]]
        if found.outcome is not example.expect or changed:
            yield Moved(
                example.name,
                example.in_,
                example.expect,
                found.outcome,
                {name: was[name] for name in changed},
                {name: comes[name] for name in changed},
            )


def _said(example: Example) -> dict[str, Number | None]:
    said = {f"scores.{name}": points for name, points in example.scores.items()}
    said |= {f"figures.{name}": amount for name, amount in example.figures.items()}
    if "benefit" in example.model_fields_set:
        said["benefit"] = example.benefit
    return {name: None if amount is None else written(amount) for name, amount in said.items()}


def digest(moves: Sequence[Moved]) -> str:
    """What was seen, in 16 hexadecimal digits: other moves, and new examples of other facts, have others."""
    told = [
        (
            it.name,
            it.after.value,
            sorted((k, str(v)) for k, v in it.now.items()),
            *([sorted((k, str(v)) for k, v in it.facts.items())] if it.before is None else []),
        )
        for it in moves
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def followed(data: Mapping[str, Any], moves: Sequence[Moved]) -> dict[str, Any]:
    """``data`` with its examples as they come now; one whose digits never end is left for the check."""
    by_name = {move.name: move for move in moves}
    rewritten = [_followed(example, by_name.get(example["name"])) for example in data["examples"]]
    return {**data, "examples": rewritten}


def _followed(example: Mapping[str, Any], move: Moved | None) -> dict[str, Any]:
    whole = dict(example)
    if move is None:
        return whole
    whole["expect"] = move.after.value
    for name, amount in move.now.items():
        group, _, key = name.partition(".")
        plain = None if amount is None else unwritten(amount)
        if plain is None and amount is not None:
            continue
        if key:
            whole[group] = {**whole[group], key: plain}
        else:
            whole[group] = plain
    return whole


__all__ = ["Moved", "digest", "followed", "further", "moved", "new"]
