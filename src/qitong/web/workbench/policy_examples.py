"""Worked examples that come out otherwise or are wanting: as tables for the author, and for who publishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import boundaries, following
from qitong.policies.compiling import written
from qitong.policies.consequences import entry_of
from qitong.policies.following import Amounts, Moved
from qitong.policies.library import Entry
from qitong.policies.logic import reading, wording
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.units import UNITS, text
from qitong.policies.models import PolicyVersion
from qitong.web.workbench.policy_trial import OUTCOME_WORDS

MOST = 60
"""Lines shown; a policy has a few dozen examples."""


@dataclass(frozen=True, slots=True)
class Amount:
    what: Named
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class MovedLine:
    """``facts``: what the example says, each as a sentence; outcomes are None where it came or went."""

    name: str
    facts: list[Sentence]
    before: Sentence | None
    after: Sentence | None
    amounts: list[Amount]


@dataclass(frozen=True, slots=True)
class Wanting:
    """What no example holds, in words, and the examples that would; ``digest`` says that they were seen."""

    gaps: list[Sentence]
    lines: list[MovedLine]
    digest: str


def wanting(entry: Entry) -> Wanting:
    """What a draft still needs before it can be published."""
    found = boundaries.look(entry.policy, entry.rule)
    says = [say("{where}中的“{literal}”", where=gap.where, literal=_signs(gap.literal)) for gap in found.gaps]
    moves = [following.new(example) for example in found.suggestions]
    return Wanting(says, _lines(moves, entry), following.digest(moves))


def _signs(literal: str) -> str:
    """Operators as people write them."""
    return literal.replace(">=", "≥").replace("<=", "≤").replace("==", "=").replace("!=", "≠")


def lines_of(moves: Iterable[Moved], draft: PolicyVersion) -> list[MovedLine]:
    """Examples that new numbers move, and those that they need."""
    return _lines(moves, entry_of(draft))


def _lines(moves: Iterable[Moved], entry: Entry) -> list[MovedLine]:
    return [
        MovedLine(
            move.name,
            _facts(move.facts, entry.rule),
            OUTCOME_WORDS[move.before] if move.before else None,
            OUTCOME_WORDS[move.after],
            _amounts(move.was, move.now, entry),
        )
        for move in moves
    ]


def against_base(draft: PolicyVersion) -> list[MovedLine]:
    """The draft's examples that the version it follows does not have like this, by name."""
    if draft.base is None or draft.base.data["examples"] == draft.data["examples"]:
        return []
    entry = entry_of(draft)
    was, now = ({each["name"]: each for each in data["examples"]} for data in (draft.base.data, draft.data))
    names = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return [_against(name, was.get(name), now.get(name), entry) for name in names[:MOST]]


def _against(
    name: str, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, entry: Entry
) -> MovedLine:
    said, says = _said(was), _said(now)
    changed = [key for key in said.keys() | says.keys() if said.get(key) != says.get(key)]
    return MovedLine(
        name,
        _facts((now or was or {})["in"], entry.rule),
        OUTCOME_WORDS[Outcome(was["expect"])] if was else None,
        OUTCOME_WORDS[Outcome(now["expect"])] if now else None,
        _amounts({key: said.get(key) for key in changed}, {key: says.get(key) for key in changed}, entry),
    )


def _said(example: Mapping[str, Any] | None) -> Amounts:
    if example is None:
        return {}
    found = {
        f"{group}.{name}": value
        for group in ("scores", "figures")
        for name, value in example.get(group, {}).items()
    }
    found |= {"benefit": example["benefit"]} if "benefit" in example else {}
    return {key: None if value is None else written(value) for key, value in found.items()}


def _facts(given: Mapping[str, Any], rule: Rule) -> list[Sentence]:
    return [
        say("{what}：{value}", what=_label(name, rule), value=_value(name, raw, rule))
        for name, raw in given.items()
    ]


def _label(name: str, rule: Rule) -> Named:
    return rule.fields[name].label if name in rule.fields else Named(name, name)


def _value(name: str, raw: Any, rule: Rule) -> object:
    """As a company would read it; what does not fit its fact as it was written."""
    if raw is None:
        return say("不详")
    try:
        value = reading.value(rule.fields[name], raw)
    except (KeyError, Refused):
        return str(raw)
    spec = rule.fields[name]
    known = dict(spec.codes)
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, frozenset):
        return [known.get(code, code) for code in sorted(value)]
    return wording.shown(value, spec.kind)


def _amounts(was: Amounts, now: Amounts, entry: Entry) -> list[Amount]:
    return [Amount(_amount_label(key, entry), _number(was.get(key)), _number(now[key])) for key in now]


def _number(amount: Any) -> str:
    return "–" if amount is None else text(amount)


def _amount_label(key: str, entry: Entry) -> Named:
    group, _, name = key.partition(".")
    if group == "scores":
        return next((it.label for it in entry.rule.scores if it.name == name), Named("总分", "Total score"))
    if group == "figures":
        return next((it.label for it in entry.rule.figures if it.name == name), Named(name, name))
    unit = UNITS[entry.policy.benefit.unit].name if entry.policy.benefit.unit in UNITS else Named("", "")
    return Named(f"享受的金额（{unit.zh}）", f"Benefit ({unit.en})")
