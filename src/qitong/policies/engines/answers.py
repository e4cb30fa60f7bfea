"""Which engine answers, and what every engine's answer looks like: a frame of companies for each policy."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import polars as pl

from qitong.policies.engines import on_polars
from qitong.policies.engines.columns import ID, read
from qitong.policies.engines.databases import TABLE, Database
from qitong.policies.engines.lowering import Plan
from qitong.policies.engines.plan import Builder, Term
from qitong.policies.logic.outcomes import Outcome

OUTCOMES = pl.Enum([outcome.value for outcome in Outcome])
VERDICT, OUTSIDE, KEPT = "verdict", "outside", "kept"
AHEAD = 2
"""So many answers a core are made before they are asked for."""
_LISTED = 16
"""Of up to so many facts every set has a place in a table."""
_TEXTS = pl.Categorical()
_WORTH = [pl.UInt8(), pl.UInt16(), pl.UInt32(), pl.UInt64()]


def kept(plan: Plan, make: Builder) -> Term:
    """Everything but ``not_eligible``; never missing."""
    known = make.no_longer(make.unknown(plan.verdict))
    return make.some([make.unknown(plan.verdict), make.every([known, plan.verdict]), plan.outside])


def roots(plan: Plan) -> dict[str, Term]:
    """What is asked of an engine for one policy."""
    return {VERDICT: plan.verdict, OUTSIDE: plan.outside, **_needs(plan)}


def _needs(plan: Plan) -> dict[str, Term]:
    return {f"need{place}": term for place, (_, term) in enumerate(plan.needs)}


def all_of(plans: Sequence[Plan]) -> list[Term]:
    return [term for plan in plans for term in roots(plan).values()]


def by_polars(plans: Sequence[Plan], frame: pl.DataFrame, on: dt.date) -> Iterator[pl.DataFrame]:
    """For each policy the pairs that are not ``not_eligible``: to be had, unknown, outside its scope."""
    found = _found(plans, frame, on)
    ids = frame[ID].rechunk()

    def of_plan(n: int) -> pl.DataFrame:
        plan = plans[n]
        outside, asked = found[_given(plan.outside)], found[_unknown(plan.verdict)]
        needed = [found[_known(term)].filter(asked) for _, term in plan.needs]
        rows = ids.filter(asked)
        beyond = ids.filter(outside) if outside.any() else ids.clear()
        return _pairs(
            plan, ids.filter(found[_given(plan.verdict)]), rows, _missing(plan, needed, len(rows)), beyond
        )

    yield from _in_order(of_plan, len(plans))


def _found(plans: Sequence[Plan], frame: pl.DataFrame, on: dt.date) -> Mapping[str, pl.Series]:
    """What all terms of all policies come to for every company, as bits; together, for they share parts."""
    given = {_given(term): term for plan in plans for term in (plan.verdict, plan.outside)}
    needed = {_given(term): term for plan in plans for _, term in plan.needs}
    truths = on_polars.Spelled({**given, **needed}, on).run(frame)
    asked = {
        **{name: pl.col(name) for name in given},
        **{_known(term): pl.col(name).fill_null(value=False) for name, term in needed.items()},
        **{_unknown(plan.verdict): pl.col(_given(plan.verdict)).is_null() for plan in plans},
    }
    bits = truths.select(expr.alias(name) for name, expr in asked.items()).rechunk()
    return {column.name: column for column in bits}


def _given(term: Term) -> str:
    """The column of what a term comes to."""
    return str(term.number)


def _known(term: Term) -> str:
    """The column of whether it is true for sure."""
    return f"{term.number} yes"


def _unknown(term: Term) -> str:
    """The column of whether it is missing."""
    return f"{term.number} unknown"


def _in_order(make: Callable[[int], pl.DataFrame], count: int) -> Iterator[pl.DataFrame]:
    """One after another, while all cores make those that come next."""
    threads = pl.thread_pool_size()
    with ThreadPoolExecutor(threads) as pool:
        coming = deque(pool.submit(make, n) for n in range(min(count, AHEAD * threads)))
        following = iter(range(len(coming), count))
        while coming:
            yield coming.popleft().result()
            coming.extend(pool.submit(make, n) for n in islice(following, 1))


def by_database(
    plans: Sequence[Plan], frame: pl.DataFrame, on: dt.date, make: Builder, database: Database
) -> Iterator[pl.DataFrame]:
    """The same, from a database that the facts are loaded into first; one query a policy."""
    from qitong.policies.engines import on_ibis

    wanted = read(all_of(plans))
    database.load(frame, wanted)
    for plan in plans:
        asked = {**roots(plan), KEPT: kept(plan, make)}
        sql = on_ibis.sql(asked, wanted, on, table=TABLE, dialect=database.dialect, where=KEPT)
        schema: dict[str, Any] = {ID: pl.Int64(), **dict.fromkeys(roots(plan), pl.Boolean())}
        answer = database.ask(sql, schema).sort(ID)  # a scan begins where it likes
        verdict, outside = answer[VERDICT], answer[OUTSIDE]
        unknown, ids = answer.filter(verdict.is_null()), answer[ID]
        needed = [unknown[name].fill_null(value=False) for name in _needs(plan)]
        missing = _missing(plan, needed, unknown.height)
        yield _pairs(plan, ids.filter(verdict), unknown[ID], missing, ids.filter(outside))


def _pairs(
    plan: Plan, had: pl.Series, asked: pl.Series, missing: pl.Series, beyond: pl.Series
) -> pl.DataFrame:
    """Company, policy, outcome, and the facts that are missing, joined by commas; empty where none are."""
    granted = Outcome.MANUAL_REVIEW if plan.manual else Outcome.ELIGIBLE
    parts = [(had, granted), (asked, Outcome.UNKNOWN), (beyond, Outcome.NOT_APPLICABLE)]
    ids = pl.concat([found for found, _ in parts])
    outcomes = pl.concat([_OUTCOME[outcome].new_from_index(0, len(found)) for found, outcome in parts])
    none = [_NONE.new_from_index(0, len(found)) for found in (had, beyond)]
    lacking = pl.concat([none[0], missing, none[1]])
    policy = pl.Series([plan.id], dtype=_TEXTS).new_from_index(0, len(ids))
    columns = {ID: ids, "policy_id": policy, "outcome": outcomes, "missing": lacking}
    return pl.DataFrame([column.alias(name) for name, column in columns.items()])


_OUTCOME = {outcome: pl.Series([outcome.value], dtype=OUTCOMES) for outcome in Outcome}
_NONE = pl.Series([""], dtype=_TEXTS)


def _missing(plan: Plan, needed: Sequence[pl.Series], count: int) -> pl.Series:
    """A number names each set of missing facts that occurs; its text is made once a set.

    Only what Polars does at once, without an expression that is made for it first: there are as many rounds
    as policies, and most are short.
    """
    if not count:
        return _NONE.clear()
    kind = next((t for bits, t in zip((8, 16, 32, 64), _WORTH, strict=True) if len(plan.needs) <= bits), None)
    if kind is None:
        raise ValueError(f"{plan.id}: more than 64 facts")
    codes = _zero(kind, count)
    for place, each in enumerate(needed):
        codes = codes + each.cast(kind) * (1 << place)
    sets = codes.unique()
    names = [name for name, _ in plan.needs]
    listed = [",".join(n for place, n in enumerate(names) if each >> place & 1) for each in sets.to_list()]
    texts = pl.Series(listed, dtype=_TEXTS)
    if len(names) > _LISTED:
        return codes.replace_strict(sets, texts, return_dtype=_TEXTS)
    place_of = _zero(pl.UInt32(), 1 << len(names))
    place_of.scatter(sets, pl.Series(range(len(sets)), dtype=pl.UInt32()))
    return texts[place_of[codes]]


def _zero(kind: pl.DataType, count: int) -> pl.Series:
    return pl.Series([0], dtype=kind).new_from_index(0, count)
