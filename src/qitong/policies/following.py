"""Examples that come out otherwise once a number is turned: shown to the author, then written as they come.

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
from qitong.policies import check, examples
from qitong.policies.compiling import written
from qitong.policies.crossrefs import Read
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.units import Number, decimal_text
from qitong.policies.schema import Example

Amounts = Mapping[str, Number | None]
"""Scores by ``scores.<name>``, figures by ``figures.<name>``, and ``benefit``: as examples write them."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An example, what makes it different from the one it is ``like``, and what came and comes of it."""

    name: str
    facts: Mapping[str, Any]
    before: Outcome
    after: Outcome
    was: Amounts
    now: Amounts
    """Only the amounts that change."""


def moved(data: Mapping[str, Any]) -> list[Moved]:
    """The examples of a policy's data that come out otherwise than they say; none when it does not read."""
    each = check.read(Document(data=dict(data)))
    return list(_moved(each)) if each else []


def _moved(each: Read) -> Iterator[Moved]:
    matcher = Matcher(each.rule)
    for example in each.policy.examples:
        try:
            found = matcher.explain(examples.facts(each.rule, examples.given(each.policy, example)))
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
    """What was seen, in 16 hexadecimal digits: other moves have others."""
    told = [(it.name, it.after.value, sorted((k, str(v)) for k, v in it.now.items())) for it in moves]
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
        plain = _plain(amount)
        if plain is None and amount is not None:
            continue
        if key:
            whole[group] = {**whole[group], key: plain}
        else:
            whole[group] = plain
    return whole


def _plain(amount: Number | None) -> float | int | None:
    """As YAML writes it, None where that would be another number."""
    if amount is None or isinstance(amount, int):
        return amount
    text = decimal_text(amount)
    return float(text) if text is not None and written(float(text)) == amount else None


__all__ = ["Moved", "digest", "followed", "moved"]
