"""What the rule of a sheet gives for its examples, for the author to check; nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from pydantic import ValidationError

from qitong.kernel.errors import Refused
from qitong.kernel.yamlmarks import Document
from qitong.policies import examples, following
from qitong.policies.compiling import compiled
from qitong.policies.crossrefs import Read
from qitong.policies.following import Amounts, Moved
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import TOTAL
from qitong.policies.logic.units import decimal_text
from qitong.policies.schema import Policy
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_facts import figure_labels, score_labels
from qitong.web.workbench.policy_sheet_read import UNKNOWN, example_row
from qitong.web.workbench.policy_sheet_typed import FOLDED
from qitong.web.workbench.policy_sheet_write import Whole
from qitong.web.workbench.policy_trial import OUTCOME_WORDS

Typed = dict[str, Any]
_NAME = {"zh": "–", "en": "–"}
_BESIDE: dict[str, Any] = {
    "name": _NAME,
    "theme": "recognition",
    "level": ["district"],
    "department": "x",
    "documents": [{"number": "1"}],
    "basis": _NAME,
    "valid": {"from": "2000-01-01", "to": None},
    "status": "active",
    "superseded_by": None,
    "windows": [],
    "confidence": "low",
    "reach": "some",
    "materials": [],
    "notes": None,
    "exclusive_outside": [],
}
"""In the place of what has no say in what a rule gives, and may be missing yet."""


def worked(typed: Typed, index: int) -> Text:
    """Fill in what the rule gives for an example; why not, where it gives nothing. Changes ``typed``."""
    row = typed["examples"][index]
    total = [TOTAL] if typed["scores"] else []
    wanted = {
        "scores": dict.fromkeys([*(name for name, _ in score_labels(typed)), *total], "0"),
        "figures": {key: "0" for key, _ in figure_labels(typed)},
        "benefit": "" if typed["benefit"]["unit"] == "none" else "0",
    }
    asked = {**typed, "examples": [*typed["examples"][:index], {**row, "expect": "unknown", **wanted}]}
    try:
        found = _found(asked, index)
    except Refused as refused:
        return refused.sentence
    if found is None:
        return gettext("规则还没有写完，算不出结果。请先改正条件、评分和金额。")
    outcome, amounts = found
    row["expect"] = outcome.value
    for name, amount in amounts.items():
        group, _, key = name.partition(".")
        text = gettext(UNKNOWN) if amount is None else decimal_text(amount) or ""
        if key:
            row[group][key] = text
        else:
            row[group] = text
    return ""


def _found(typed: Typed, index: int) -> tuple[Outcome, Amounts] | None:
    read = _read(typed)
    if read is None:
        return None
    example = read.policy.examples[index]
    given = examples.known(read.policy, read.rule, example)
    found = Matcher(read.rule).explain(given)
    return found.outcome, examples.amounts(read, example, found)


def _data(typed: Typed) -> dict[str, Any] | None:
    """What has a say in what the rule gives, and something in the place of the rest."""
    whole = Whole(typed, "sheet")
    data = {**whole.data, **_BESIDE}
    data["region"] = data["region"] or "000000"
    data["benefit"] = {**data["benefit"], "type": "subsidy", "note": None}
    for key, given in data["inputs"].items():
        given |= {"name": {"zh": key, "en": key}, "question": {"zh": key, "en": key}}
    for example in data["examples"]:
        example["expect"] = example["expect"] or "unknown"
    if any(
        name.startswith(("conditions.", "scores.", "inputs.")) for name in whole.wrong if "name" not in name
    ):
        return None
    return data


def _read(typed: Typed) -> Read | None:
    """The rule as far as it is one, whatever else is missing."""
    data = _data(typed)
    if data is None:
        return None
    document = Document(data=data)
    try:
        policy = Policy.model_validate_json(json.dumps(data, ensure_ascii=False))
    except ValidationError:
        return None
    rule = compiled(policy, document)
    return Read(policy, rule, document) if rule else None


def edged(typed: Typed) -> tuple[Text, dict[str, Text]]:
    """Add the examples that would hold what none does; what there is to say of all, and of each.

    Changes ``typed``.
    """
    data = _data(typed)
    if data is None or _read(typed) is None:
        return gettext("规则还没有写完，找不出缺的例子。请先改正条件、评分和金额。"), {}
    if following.moved(data):
        return gettext("有例子的结果与规则不同。请先逐个“算出结果”或改正，再找缺的例子。"), {}
    found = following.further(data)
    told: dict[str, Text] = {}
    for example in found:
        typed["examples"].append(example_row(example.model_dump(mode="json")))
        told[f"examples.{len(typed['examples']) - 1}"] = gettext("新加的，结果按规则算出，请核对。")
    if not found:
        return gettext("每个数值、比较和选项都有例子守住。"), {}
    return gettext("加了%(n)s个例子，请逐一核对。") % {"n": len(found)}, told


def notes(typed: Typed, data: Typed, moves: Iterable[Moved]) -> dict[str, Text]:
    """Beside each example of ``data`` that comes out otherwise: what came out instead. Unfolds them."""
    rows = {example["name"]: index for index, example in enumerate(data["examples"])}
    found: dict[str, Text] = {}
    for move in moves:
        index = rows[move.name]
        typed["examples"][index].pop(FOLDED, None)
        told = [str(OUTCOME_WORDS[move.after])]
        for name, amount in move.now.items():
            told.append(f"{_label(name, typed)} {_shown(amount)}")
        found[f"examples.{index}"] = gettext("按规则是：%(what)s。") % {"what": gettext("；").join(told)}
    return found


def _label(name: str, typed: Typed) -> Text:
    group, _, key = name.partition(".")
    labels = dict(score_labels(typed) if group == "scores" else figure_labels(typed))
    return labels.get(key) or (gettext("总分") if group == "scores" else gettext("应得的金额"))


def _shown(amount: Any) -> str:
    return gettext(UNKNOWN) if amount is None else decimal_text(amount) or str(amount)


__all__ = ["edged", "notes", "worked"]
