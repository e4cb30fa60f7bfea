"""Why a company can get a policy that it could not: the one condition that made the difference.

What is kept of it names the condition, not the company's figure, so that nothing personal stands in a ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from qitong.kernel.words import Sentence, say
from qitong.policies import editions
from qitong.policies.gathering import Facts
from qitong.policies.library import Entry
from qitong.policies.logic import wording
from qitong.policies.logic.explain import Matcher, Told
from qitong.policies.logic.standing import WindowState
from qitong.policies.logic.tree import leaves, names
from qitong.policies.logic.turns import CAUSE_WORDS, Cause


def difference(
    entry: Entry, before: Matcher | None, facts: Facts, changed_facts: Collection[str]
) -> dict[str, Any]:
    """The leaf that was not met under ``before``, or that alone reads ``changed_facts``; else empty."""
    results, touched = entry.matcher.explain(facts).results, frozenset(changed_facts)
    if before is not None and before.rule.digest != entry.rule.digest:
        met = {told.condition.id for told in before.explain(facts).results if told.result is True}
        changed = [told for told in results if told.condition.id not in met]
    else:
        changed = [told for told in results if touched.intersection(names(told.condition.node))]
        changed = changed if len(changed) == 1 else []
    return _leaf(changed[0], touched) if changed else {}


def _leaf(told: Told, touched: frozenset[str]) -> dict[str, Any]:
    reading = [found for found in told.findings if touched.intersection(names(found.leaf))]
    found = reading[0] if reading else told.leading
    return {"leaf": found.leaf.id, "wanted": found.wanted}


def because(body: Mapping[str, Any]) -> Sentence:
    """What is asked and now met, from the body of a ``policy.gained`` entry, to follow "the conditions".

    Ends with a full stop; only that when no single condition made the difference.
    """
    rule = editions.of_version(int(body["version_id"]))[1]
    known = {leaf.id: leaf for condition in rule.conditions for leaf in leaves(condition.node)}
    leaf = known.get(str(body.get("leaf", "")))
    if leaf is None:
        return say("。")
    return say("：{asked}", asked=wording.required(leaf, bool(body["wanted"]), rule))


def cause(body: Mapping[str, Any]) -> Sentence:
    """What set it off."""
    return CAUSE_WORDS[Cause(str(body["cause"]))]


def way_on(body: Mapping[str, Any], dates: Mapping[str, object]) -> Sentence:
    """When it can be applied for; ``dates``: ``opens_on`` and ``closes_on`` as dates."""
    match WindowState(str(body["window"])):
        case WindowState.OPEN:
            return say("申报截至{closes_on}", **dates)
        case WindowState.COMING:
            return say("{opens_on}起受理申报", **dates)
        case WindowState.CLOSED:
            return say("本轮申报已结束，下一轮时间另行公布")
    return say("可随时办理")
