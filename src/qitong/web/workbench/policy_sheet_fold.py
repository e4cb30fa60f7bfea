"""A folded row as one line: what a fact is, what an example says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from qitong.kernel.words import Named
from qitong.policies.logic.units import UNITS
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_offers import WHEN, Offers
from qitong.web.workbench.policy_trial import OUTCOME_WORDS

Typed = dict[str, Any]


def summary(name: str, row: Typed, offers: Offers) -> Text:
    return _fact(row) if name == "inputs" else _example(row, offers)


def _fact(row: Typed) -> str:
    label = Named(row["name"]["zh"], row["name"]["en"])
    unit = UNITS[row["unit"]].name if row["unit"] in UNITS else ""
    told = [str(unit), str(WHEN.get(row["period"], "")), row["key"]]
    return f"{label}{gettext('：')}{gettext('，').join(filter(None, told))}"


def _example(row: Typed, offers: Offers) -> str:
    facts = [
        f"{offers.specs[it['fact']].label if it['fact'] in offers.specs else it['fact']} {_value(it, offers)}"
        for it in row["facts"]
        if it["fact"]
    ]
    like = [gettext("同%(name)s，但") % {"name": row["like"]}] if row["like"] else []
    told = {"facts": "".join(like) + gettext("；").join(facts), "outcome": _outcome(row["expect"])}
    return gettext("%(facts)s → %(outcome)s") % told


def _outcome(expect: str) -> str:
    return next((str(word) for outcome, word in OUTCOME_WORDS.items() if outcome.value == expect), expect)


def _value(row: Typed, offers: Offers) -> str:
    spec, values = offers.specs.get(row["fact"]), row["value"]
    if not values:
        return gettext("不知道")
    words = {"yes": gettext("是"), "no": gettext("否")}
    if spec is not None and spec.codes:
        words = {code: str(name) for code, name in spec.codes}
    told = gettext("、").join(words.get(value, value) for value in values)
    unit = spec.of.name if spec is not None and spec.of.most else ""
    return f"{told} {unit}".strip() if str(unit).isascii() else f"{told}{unit}"
