"""A match as JSON data, nothing lost: a number where a number says it exactly, else text.

Values and bounds stand in the unit they were written in: money in 万元 or 元 as its input says, ratios as
decimals. A number whose digits never end is ``"p/q"``; one with more digits than a double keeps is text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qitong.policies.logic.explain import Explained, Finding, Told
from qitong.policies.logic.gaps import Gap
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Compare, Holds, Tree, names
from qitong.policies.logic.units import UNITS, Kind, Number, decimal_text
from qitong.policies.matching import Match


def plain(value: Any) -> Any:
    """Any value as JSON: see the module."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, Fraction):
        return _fraction(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return [plain(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]


def _fraction(value: Fraction) -> Any:
    digits = decimal_text(value)
    if digits is None:
        return f"{value.numerator}/{value.denominator}"
    if value.denominator == 1:
        return plain(value.numerator)
    return float(digits) if Decimal(repr(float(digits))) == Decimal(digits) else digits


def matched(match: Match) -> dict[str, Any]:
    """One policy for one company. ``benefit`` is in ``benefit_unit``: what it brings if granted."""
    entry, found, standing = match.entry, match.found, match.standing
    unit = entry.policy.benefit.unit
    window = standing.window
    return {
        "id": entry.policy.id,
        "outcome": found.outcome.value,
        "status": standing.force.value if not standing.in_force else entry.policy.status.value,
        "conditions": [_condition(found, told) for told in found.results],
        "scores": {name: plain(value) for name, value in found.scores.items()},
        "benefit": money(found.benefit, unit),
        "benefit_unit": unit,
        "benefit_period": entry.policy.benefit.period.value,
        "figures": {name: money(value, unit) for name, value in found.figures.items()},
        "missing": list(found.missing),
        "undefined": _facts_of(found.undefined),
        "in_force": standing.in_force,
        "to_be_verified": standing.to_be_verified,
        "superseded_by": entry.policy.superseded_by,
        "window": {
            "state": standing.window_state.value,
            "opens": window.opens.isoformat() if window else None,
            "closes": window.last.isoformat() if window else None,
        },
        "name": {"zh": entry.policy.name.zh, "en": entry.policy.name.en},
        "content_hash": entry.policy.content_hash,
    }


def money(fen: Number | None, unit: str) -> Any:
    """An amount in 分 as JSON, in ``unit`` (wan, yuan or none)."""
    scale = UNITS[unit].scale if unit in UNITS else 1
    return None if fen is None else plain(Fraction(fen) / scale)


def _condition(found: Explained, told: Told) -> dict[str, Any]:
    """``value`` and ``bound`` are those of the leaf that decides; ``parts`` has all leaves."""
    lead = told.leading
    return {
        "id": told.condition.id,
        "result": told.result,
        **_amounts(found.rule, lead),
        "missing": list(told.missing),
        "kind": "manual" if told.condition.manual else "hard",
        "undefined": bool(told.undefined),
        "undefined_facts": _facts_of(told.undefined),
        "parts": [_finding(found.rule, finding) for finding in told.findings],
    }


def _facts_of(trees: Iterable[Tree]) -> list[str]:
    """The facts of bases that are zero or less, and of days still to come: no answer makes these a number."""
    return list(dict.fromkeys(name for tree in trees for name in names(tree)))


def _amounts(rule: Rule, finding: Finding) -> dict[str, Any]:
    holds = isinstance(finding.leaf, Holds)
    bound = finding.wanted if holds else _in_unit(rule, finding, finding.bound)
    return {"value": _in_unit(rule, finding, finding.value), "bound": bound}


def _finding(rule: Rule, finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.leaf.id,
        "result": finding.result,
        "wanted": finding.wanted,
        "role": finding.role.value,
        "op": finding.leaf.op.value if isinstance(finding.leaf, Compare) else None,
        **_amounts(rule, finding),
        "missing": list(finding.missing),
        "gap": _gap(rule, finding.gap),
    }


def _gap(rule: Rule, gap: Gap | None) -> dict[str, Any] | None:
    if gap is None:
        return None
    unit = _money_unit(rule, names(gap.of)) if gap.kind is Kind.MONEY else ""
    amount = money(gap.amount, unit) if unit else plain(gap.amount)
    return {
        "of": list(names(gap.of)),
        "amount": amount,
        "unit": unit or gap.kind.value,
        "more": gap.more,
        "beyond": gap.beyond,
    }


def _in_unit(rule: Rule, finding: Finding, value: Any) -> Any:
    leaf = finding.leaf
    if isinstance(leaf, Compare) and leaf.kind is Kind.MONEY:
        return money(value, _money_unit(rule, names(leaf)))
    return plain(value)


def _money_unit(rule: Rule, facts: tuple[str, ...]) -> str:
    """The unit of the first money fact spoken of."""
    return next((rule.fields[name].unit for name in facts if rule.fields[name].kind is Kind.MONEY), "yuan")
