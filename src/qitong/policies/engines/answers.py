"""Which engine answers, and what every engine's answer looks like: a frame of companies for each policy."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator, Sequence
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
    verdicts = {f"v{n}": plan.verdict for n, plan in enumerate(plans)}
    verdicts |= {f"o{n}": plan.outside for n, plan in enumerate(plans)}
    found, ids = on_polars.Spelled(verdicts, on).run(frame), frame[ID]

    def of_plan(n: int) -> pl.DataFrame:
        plan, verdict, outside = plans[n], found[f"v{n}"], found[f"o{n}"]
        rows = frame.select(ID, *read(term for _, term in plan.needs)).filter(verdict.is_null())
        needs = on_polars.Spelled(_needs(plan), on).run(rows) if plan.needs else rows.select(ID)
        beyond = ids.filter(outside) if outside.any() else ids.clear()
        return _pairs(plan, ids.filter(verdict.fill_null(value=False)), needs.with_columns(rows[ID]), beyond)

    yield from _in_order(of_plan, len(plans))


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
        answer = database.ask(sql, schema)
        verdict, outside = answer[VERDICT], answer[OUTSIDE]
        had, beyond = verdict.fill_null(value=False), answer[ID].filter(outside)
        yield _pairs(plan, answer[ID].filter(had), answer.filter(verdict.is_null()), beyond)


def _pairs(plan: Plan, had: pl.Series, asked: pl.DataFrame, beyond: pl.Series) -> pl.DataFrame:
    """Company, policy, outcome, and the facts that are missing, joined by commas; empty where none are."""
    granted = Outcome.MANUAL_REVIEW if plan.manual else Outcome.ELIGIBLE
    nothing = pl.lit("", dtype=pl.Categorical())
    parts = [
        _of(plan, had.to_frame(), granted, nothing),
        _of(plan, asked, Outcome.UNKNOWN, pl.lit(_missing(plan, asked))),
        _of(plan, beyond.to_frame(), Outcome.NOT_APPLICABLE, nothing),
    ]
    return pl.concat(parts)


def _of(plan: Plan, rows: pl.DataFrame, outcome: Outcome, missing: pl.Expr) -> pl.DataFrame:
    return rows.select(ID).with_columns(
        pl.lit(plan.id, dtype=pl.Categorical()).alias("policy_id"),
        pl.lit(outcome.value, dtype=OUTCOMES).alias("outcome"),
        missing.alias("missing"),
    )


def _missing(plan: Plan, asked: pl.DataFrame) -> pl.Series:
    """A number names each set of missing facts that occurs; its text is made once a set."""
    kind = next((t for bits, t in zip((8, 16, 32, 64), _WORTH, strict=True) if len(plan.needs) <= bits), None)
    if kind is None:
        raise ValueError(f"{plan.id}: more than 64 facts")
    codes = pl.repeat(0, asked.height, dtype=kind, eager=True)
    for place in range(len(plan.needs)):
        codes = codes + asked[f"need{place}"].fill_null(value=False).cast(kind) * (1 << place)
    sets = codes.unique()
    names = [name for name, _ in plan.needs]
    texts = [",".join(n for place, n in enumerate(names) if each >> place & 1) for each in sets.to_list()]
    if not len(sets):
        return pl.Series(dtype=pl.Categorical())
    return codes.replace_strict(sets, pl.Series(texts, dtype=pl.Categorical()), return_dtype=pl.Categorical())
