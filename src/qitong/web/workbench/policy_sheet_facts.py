"""The facts and scores that a sheet speaks of, as far as they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from qitong.kernel.words import Named
from qitong.policies.compiling import WHERE, prefix_of
from qitong.policies.logic.calls import Declared
from qitong.policies.logic.parse import Names
from qitong.policies.logic.rule import DISTRICT, TOTAL, Benefit, FieldSpec, Period, Rule, Score
from qitong.policies.logic.tree import Num
from qitong.policies.logic.units import UNITS

Typed = dict[str, Any]


def specs_of(typed: Typed) -> dict[str, FieldSpec]:
    """Facts by name; those without a code or a unit are not there yet."""
    found = {
        row["key"]: FieldSpec(
            row["key"],
            row["unit"],
            _label(row["name"], row["key"]),
            _label(row["question"], row["key"]),
            tuple((it["key"], _label(it, it["key"])) for it in row["choices"] if it["key"]),
            period=row["period"],
        )
        for row in typed.get("inputs", [])
        if row["key"] and row["unit"] in UNITS
    }
    if prefix_of(f"{typed.get('region', ''):0<6}"):
        found.setdefault(DISTRICT, WHERE)
    return found


def _label(text: dict[str, str], otherwise: str) -> Named:
    return Named(text["zh"] or otherwise, text["en"] or text["zh"] or otherwise)


def units_of(typed: Typed) -> dict[str, str]:
    return {name: spec.unit for name, spec in specs_of(typed).items()}


def names_of(typed: Typed, *, scores: bool = True) -> Names:
    """What a rule of this sheet may speak of."""
    facts = {name: Declared(spec.kind, frozenset(dict(spec.codes))) for name, spec in specs_of(typed).items()}
    known = [name for name, _ in score_labels(typed)] if scores else []
    return Names(facts, frozenset([*known, TOTAL] if known else []))


def score_labels(typed: Typed) -> Iterator[tuple[str, Named]]:
    for row in typed.get("scores", []):
        if row["name"]:
            yield row["name"], _label(row["label"], row["name"])


def figure_labels(typed: Typed) -> Iterable[tuple[str, Named]]:
    return ((row["key"], _label(row["label"], row["key"])) for row in typed["figures"] if row["key"])


def words_of(typed: Typed) -> Rule:
    """A rule that can put trees into words, and decides nothing."""
    scores = tuple(Score(name, label, 0, ()) for name, label in score_labels(typed))
    return Rule("sheet", specs_of(typed), (), scores, Benefit(Num(0), "yuan", Period.ONCE))
