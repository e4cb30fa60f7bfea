"""What a change of policies does to companies: who gains, who loses, what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import polars as pl

from qitong.policies.engines import companies
from qitong.policies.engines.batch import facts_behind
from qitong.policies.engines.columns import ID, held, read
from qitong.policies.engines.features import SIZE, derived
from qitong.policies.engines.lowering import Plan, plan
from qitong.policies.engines.on_polars import Spelled
from qitong.policies.engines.plan import Builder, Term
from qitong.policies.library import Library
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Number, normal
from qitong.policies.stakes import TIME_ONLY

GRANTED = (Outcome.ELIGIBLE.value, Outcome.MANUAL_REVIEW.value)
SIDES = ("before", "after")


@dataclass(frozen=True, slots=True)
class Change:
    """Of one policy. Costs are what it brings in all to those who can have it, in 分, where that is known."""

    policy: str
    gain: pl.Series
    lose: pl.Series
    unsettled: int
    """Companies that are unknown after it and were not before."""
    costs: tuple[Number, Number]
    in_force: tuple[bool, bool] = (True, True)
    """Whether it is, on the day that is asked about; what is in one library only is not in the other."""


def changes(before: Library, after: Library, file: Path, on: dt.date) -> Iterator[Change]:
    """One for each policy that decides or pays otherwise, begins or ends otherwise, or is in one only, by id.

    Who gains and loses is counted as if both were in force: a draft is compared with what it would replace.
    """
    make, fields = Builder(), merged(before, after)
    sides = (before, after)
    ids = sorted({*before.entries, *after.entries})
    resized = before.sizes is not None and after.sizes is not None and _table(before) != _table(after)
    changed = [
        name
        for name in ids
        if _digest(before, name) != _digest(after, name)
        or _in_force(before, name, on) != _in_force(after, name, on)
        or (resized and _asks_size(before, name))
    ]
    plans = {
        (side, name): plan(library.entries[name].rule, fields, make, on)
        for side, library in zip(SIDES, sides, strict=True)
        for name in changed
        if name in library.entries
    }
    wanted = read(term for each in plans.values() for term in _roots("", each).values())
    entries = {**before.entries, **after.entries}
    tables = (before.sizes or after.sizes, after.sizes or before.sizes)
    wholes = [Library(entries, sizes, as_given=after.as_given) for sizes in tables]
    frame = companies.read(file, fields, set().union(*(facts_behind(wanted, whole) for whole in wholes)))
    rows = [held(derived(frame, it.sizes, on, it.alike), wanted) for it in wholes[: 1 + resized]]
    for name in changed:
        paid = [_pays(library, name) for library in sides]
        change = _change(name, rows, {side: plans.get((side, name)) for side in SIDES}, paid, on)
        yield replace(change, in_force=(_in_force(before, name, on), _in_force(after, name, on)))


def merged(before: Library, after: Library) -> dict[str, FieldSpec]:
    return {**before.fields, **after.fields}


def _in_force(library: Library, name: str, on: dt.date) -> bool:
    return name in library.entries and library.entries[name].standing(on).in_force


def _table(library: Library) -> str:
    return library.sizes.file.content_hash if library.sizes else ""


def _asks_size(library: Library, name: str) -> bool:
    return name in library.entries and SIZE in library.entries[name].rule.asked


def _digest(library: Library, name: str) -> str | None:
    return library.entries[name].rule.digest if name in library.entries else None


def _roots(side: str, each: Plan) -> dict[str, Term]:
    return {
        f"{side}verdict": each.verdict,
        f"{side}outside": each.outside,
        f"{side}number": each.benefit.number,
        f"{side}base": each.benefit.base,
    }


def _pays(library: Library, name: str) -> bool:
    """Whether what it brings is money; a gain of time costs nothing."""
    entry = library.entries.get(name)
    return entry is not None and entry.policy.benefit.type != TIME_ONLY


def _change(
    name: str, rows: Sequence[pl.DataFrame], plans: dict[str, Plan | None], paid: Sequence[bool], on: dt.date
) -> Change:
    """``rows``: as each side sees the companies, or once as both do."""
    seen = (rows[0], rows[-1])
    answers = [
        Spelled(_roots(side, each), on).run(frame)
        for (side, each), frame in zip(plans.items(), seen, strict=True)
        if each is not None
    ]
    found = pl.concat(answers, how="horizontal")
    had, has = (_granted(found, side) for side in SIDES)
    open_before, open_after = (_open(found, side) for side in SIDES)
    costs = [
        _cost(found, side, granted) if pays else 0
        for side, granted, pays in zip(SIDES, (had, has), paid, strict=True)
    ]
    ids = rows[0][ID]
    return Change(
        policy=name,
        gain=ids.filter(has & ~had),
        lose=ids.filter(had & ~has),
        unsettled=int((open_after & ~open_before).sum()),
        costs=(costs[0], costs[1]),
    )


def _granted(found: pl.DataFrame, side: str) -> pl.Series:
    """Whether it can be had, a person's judgement apart; never missing."""
    if f"{side}verdict" not in found.columns:
        return pl.repeat(value=False, n=len(found), dtype=pl.Boolean(), eager=True)
    return found[f"{side}verdict"].fill_null(value=False)


def _open(found: pl.DataFrame, side: str) -> pl.Series:
    if f"{side}verdict" not in found.columns:
        return pl.repeat(value=False, n=len(found), dtype=pl.Boolean(), eager=True)
    return found[f"{side}verdict"].is_null()


def _cost(found: pl.DataFrame, side: str, granted: pl.Series) -> Number:
    """Exact: amounts of one base are added as whole numbers."""
    if f"{side}number" not in found.columns:
        return 0
    paid = found.select(number=f"{side}number", base=f"{side}base").filter(granted).drop_nulls()
    sums = paid.group_by("base").agg(pl.col("number").cast(pl.Int128).sum())
    return normal(sum((Fraction(number, base) for base, number in sums.iter_rows()), Fraction(0)))
