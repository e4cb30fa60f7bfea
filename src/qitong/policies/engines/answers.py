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
from qitong.policies.engines.plan import Builder, Do, Term
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
    found = _Found(plans, frame, on)
    ids = frame[ID].rechunk()
    places = pl.int_range(len(ids), dtype=pl.UInt32(), eager=True)

    def of_plan(n: int) -> pl.DataFrame:
        verdict, outside = found.of(plans[n].verdict), found.of(plans[n].outside)
        asked = places.filter(verdict.is_null())  # four times as fast as arg_true
        missing = _missing(plans[n], found.needed(plans[n], asked), len(asked))
        beyond = ids.filter(outside) if outside.any() else ids.clear()
        return _pairs(plans[n], ids.filter(verdict), ids.gather(asked), missing, beyond)

    yield from _in_order(of_plan, len(plans))


class _Found:
    """What all terms of all policies come to for every company, as bits; together, for they share parts."""

    def __init__(self, plans: Sequence[Plan], frame: pl.DataFrame, on: dt.date) -> None:
        terms = {term.number: term for plan in plans for term in roots(plan).values()}
        gaps = {term.parts[0].data for term in terms.values() if _is_gap(term)}
        # A byte for each company: gathered faster than bits.
        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
            bits = pool.map(lambda name: _bit(frame[name].is_null()).rechunk(), gaps)
            self._gaps = dict(zip(gaps, bits, strict=True))
        asked = {str(number): term for number, term in terms.items() if not _is_gap(term)}
        self._found = on_polars.Spelled(asked, on).run(frame).rechunk()

    def of(self, term: Term) -> pl.Series:
        return self._found[str(term.number)]

    def needed(self, plan: Plan, rows: pl.Series) -> list[pl.Series]:
        """For each fact of a policy whether it is needed, 0 or 1, of the companies in these rows."""
        return [
            self._gaps[term.parts[0].data].gather(rows) if _is_gap(term) else _bit(self.of(term).gather(rows))
            for _, term in plan.needs
        ]


def _is_gap(term: Term) -> bool:
    """Whether a fact is needed wherever it is missing."""
    return term.do is Do.UNKNOWN and term.parts[0].do is Do.COLUMN


def _bit(truths: pl.Series) -> pl.Series:
    return truths.fill_null(value=False).cast(pl.UInt8())


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
        missing = _missing(plan, [_bit(unknown[name]) for name in _needs(plan)], unknown.height)
        yield _pairs(plan, ids.filter(verdict), unknown[ID], missing, ids.filter(outside))


def _pairs(
    plan: Plan, had: pl.Series, asked: pl.Series, missing: pl.Series, beyond: pl.Series
) -> pl.DataFrame:
    """Company, policy, outcome, and the facts that are missing, joined by commas; empty where none are."""
    granted = Outcome.MANUAL_REVIEW if plan.manual else Outcome.ELIGIBLE
    parts = [(had, granted), (asked, Outcome.UNKNOWN), (beyond, Outcome.NOT_APPLICABLE)]
    ids = pl.concat([found for found, _ in parts])
    outcomes = pl.concat([_same(outcome.value, OUTCOMES, len(found)) for found, outcome in parts])
    lacking = [_same("", _TEXTS, len(had)), missing, _same("", _TEXTS, len(beyond))]
    return pl.DataFrame(
        [
            ids,
            _same(plan.id, _TEXTS, len(ids)).alias("policy_id"),
            outcomes.alias("outcome"),
            pl.concat(lacking).alias("missing"),
        ]
    )


def _same(text: str, kind: pl.DataType, count: int) -> pl.Series:
    return pl.Series([text], dtype=kind).new_from_index(0, count)


def _missing(plan: Plan, needed: Sequence[pl.Series], count: int) -> pl.Series:
    """A number names each set of missing facts that occurs; its text is made once a set."""
    kind = next((t for bits, t in zip((8, 16, 32, 64), _WORTH, strict=True) if len(plan.needs) <= bits), None)
    if kind is None:
        raise ValueError(f"{plan.id}: more than 64 facts")
    codes = pl.repeat(0, count, dtype=kind, eager=True)
    for place, each in enumerate(needed):
        codes = codes + each.cast(kind) * (1 << place)
    sets = codes.unique()
    if not len(sets):
        return pl.Series(dtype=pl.Categorical())
    names = [name for name, _ in plan.needs]
    listed = [",".join(n for place, n in enumerate(names) if each >> place & 1) for each in sets.to_list()]
    texts = pl.Series(listed, dtype=pl.Categorical())
    if len(names) > _LISTED:
        return codes.replace_strict(sets, texts, return_dtype=pl.Categorical())
    place_of = pl.repeat(0, 1 << len(names), dtype=pl.UInt32(), eager=True)
    place_of.scatter(sets.cast(pl.UInt32()), pl.int_range(len(sets), dtype=pl.UInt32(), eager=True))
    return texts.gather(place_of.gather(codes))
