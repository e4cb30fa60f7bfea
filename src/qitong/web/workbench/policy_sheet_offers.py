"""What the lists of a sheet offer, in words: fixed lists, the library of the day, what the sheet has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from qitong.kernel.words import Named
from qitong.policies import editions
from qitong.policies.compendium.themes import BENEFITS, LEVELS, PERIODS, REGIONS, THEMES, region
from qitong.policies.crossrefs import catalogue
from qitong.policies.library import Library
from qitong.policies.logic.parse import SCORE
from qitong.policies.logic.rows import JOINS, RELATIONS, kind_of, relations, terms
from qitong.policies.logic.rule import TOTAL
from qitong.policies.logic.units import COUNTED, UNITS, Kind
from qitong.policies.schema import Input
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_facts import score_labels, specs_of, units_of
from qitong.web.workbench.policy_trial import OUTCOME_WORDS

Typed = dict[str, Any]
Choices = Sequence[tuple[str, Text]]
REACH: Mapping[str, Text] = {"common": _("多数企业"), "some": _("一部分企业"), "rare": _("很少企业")}
SURE: Mapping[str, Text] = {"high": _("高"), "medium": _("中"), "low": _("低")}
STATUS: Mapping[str, Text] = {
    "active": _("有效"),
    "verify": _("有效，规则待核实"),
    "superseded": _("已被取代"),
    "expired": _("已失效"),
    "abolished": _("已废止"),
}
WHEN: Mapping[str, Text] = {
    "now": _("目前"),
    "last_year": _("上年度"),
    "this_year": _("本年度"),
    "last_two_years": _("近两年"),
    "last_three_years": _("近三年"),
    "last_12_months": _("近12个月"),
    "filing_period": _("本申报期"),
}
_MONEY: Mapping[str, Text] = {"wan": UNITS["wan"].name, "yuan": UNITS["yuan"].name, "none": _("没有金额")}
_FIXED: Mapping[str, Mapping[Any, Text]] = {
    "theme": THEMES,
    "level": LEVELS,
    "reach": REACH,
    "confidence": SURE,
    "status": STATUS,
    "period": WHEN,
    "unit": {
        key: unit.name if unit.name.en else Named(unit.name.zh, "pieces") for key, unit in UNITS.items()
    },
    "how": {"best_of": _("取最高的一部分"), "sum_of": _("各部分相加")},
    "kind": {"hard": _("按规则判断"), "manual": _("规则之外还由主管部门判断")},
    "join": {**JOINS, "formula": _("写成算式"), "manual": _("由主管部门人工判断")},
    "benefit": BENEFITS,
    "money": _MONEY,
    "often": PERIODS,
    "outcome": OUTCOME_WORDS,
    "relation": RELATIONS,
}


class Offers:
    """Of one sheet on a day. ``known``: the facts that policies in use ask for."""

    def __init__(self, typed: Typed, on: dt.date, code: str) -> None:
        self._typed, self._library = typed, editions.on_day(on).library
        self._code = code
        self.specs, self.units = specs_of(typed), units_of(typed)
        self.known = facts_in_use(self._library)
        self._made: dict[str, list[tuple[str, Text]]] = {}

    def of(self, source: str) -> list[tuple[str, Text]]:
        if source not in self._made:
            if source in _FIXED:
                self._made[source] = [(str(key), word) for key, word in _FIXED[source].items()]
            else:
                self._made[source] = list(getattr(self, f"_{source}")())
        return self._made[source]

    def relations(self, term: str) -> list[tuple[str, Text]]:
        """What can be said of this fact."""
        return [(it.value, RELATIONS[it]) for it in relations(kind_of(term, self.units))]

    def _region(self) -> Choices:
        found = [(code, name) for code, name in REGIONS.items()]
        own = self._typed["region"]
        return found if not own or own in REGIONS else [*found, (own, region(own, {}))]

    def _department(self) -> Choices:
        found = catalogue()
        return [(key, Named(it.zh, it.en)) for key, it in found.departments.items()] if found else []

    def _item(self) -> Choices:
        found = catalogue()
        return [(it.code, Named(it.name.zh, it.name.en)) for it in found.items] if found else []

    def _material(self) -> Choices:
        found = catalogue()
        items = [it for it in found.items if it.code == self._typed["item"]] if found else []
        return [(it.id, Named(it.zh, it.en)) for item in items for it in item.materials]

    def _policy(self) -> Choices:
        entries = self._library.entries.items()
        return [
            (code, Named(e.policy.name.zh, e.policy.name.en)) for code, e in entries if code != self._code
        ]

    def _fact(self) -> Choices:
        return [(name, spec.label) for name, spec in self.specs.items()]

    def _known(self) -> Choices:
        own = set(self.specs)
        more = [(k, Named(it.name.zh, it.name.en)) for k, it in self.known.items() if k not in own]
        return [*self._fact(), *more]

    def more_facts(self) -> Choices:
        """Facts of other policies that this one does not ask yet."""
        return [(key, name) for key, name in self._known() if key not in self.specs]

    def _per(self) -> Choices:
        kinds = (COUNTED | {Kind.MONEY}) - {Kind.POINTS}
        return [(name, spec.label) for name, spec in self.specs.items() if spec.kind in kinds]

    def _than(self) -> Choices:
        """What can be more or less than something else."""
        plain = (None, Kind.BOOL, Kind.CODE, Kind.CODES)
        return [(term, word) for term, word in self.of("term") if kind_of(term, self.units) not in plain]

    def _term(self) -> Choices:
        scores = dict(score_labels(self._typed))
        found = terms(self.units, [*scores, TOTAL] if scores else [])
        return [(term, self.term_words(term, scores)) for term in found]

    def scores(self) -> Choices:
        """What the formula of a condition may speak of besides facts."""
        return [(term, word) for term, word in self.of("term") if term.startswith(SCORE)]

    def term_words(self, term: str, scores: Mapping[str, Named]) -> Text:
        if term in self.specs:
            return self.specs[term].label
        if term.startswith(SCORE):
            return scores.get(term.removeprefix(SCORE), Named("总分", "Total score"))
        label = self.specs[term.partition("(")[2].rstrip(")")].label
        if term.startswith("months"):
            return Named(f"自{label.zh}起满的月数", f"Full months since {label.en}")
        return Named(f"自{label.zh}起满的年数", f"Full years since {label.en}")

    def _like(self) -> Choices:
        return [(row["name"], row["name"]) for row in self._typed["examples"] if row["name"]]


def facts_in_use(library: Library) -> dict[str, Input]:
    found: dict[str, Input] = {}
    for entry in library.entries.values():
        for key, given in entry.policy.inputs.items():
            found.setdefault(key, given)
    return dict(sorted(found.items(), key=lambda it: it[1].name.zh))
