"""Which engine answers, and what every engine's answer looks like: a frame of companies for each policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
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
_WORTH = [pl.UInt8(), pl.UInt16(), pl.UInt32(), pl.UInt64()]


def kept(plan: Plan, make: Builder) -> Term:
    """Everything but ``not_eligible``; never missing."""
    known = make.no_longer(make.unknown(plan.verdict))
    return make.some([make.unknown(plan.verdict), make.every([known, plan.verdict]), plan.outside])


def roots(plan: Plan) -> dict[str, Term]:
    """What is asked of an engine for one policy."""
    needs = {f"need{place}": term for place, (_, term) in enumerate(plan.needs)}
    return {VERDICT: plan.verdict, OUTSIDE: plan.outside, **needs}


def all_of(plans: Sequence[Plan]) -> list[Term]:
    return [term for plan in plans for term in roots(plan).values()]


def by_polars(plans: Sequence[Plan], frame: pl.DataFrame, on: dt.date) -> Iterator[pl.DataFrame]:
    """For each policy the pairs that are not ``not_eligible``, in the order of the frame."""
    verdicts = {f"v{n}": plan.verdict for n, plan in enumerate(plans)}
    verdicts |= {f"o{n}": plan.outside for n, plan in enumerate(plans)}
    found = on_polars.Spelled(verdicts, on).run(frame)
    for n, plan in enumerate(plans):
        verdict, outside = found[f"v{n}"], found[f"o{n}"]
        needed = on_polars.Spelled(
            {name: term for name, term in roots(plan).items() if name.startswith("need")}, on
        )
        mask = verdict.fill_null(value=True) | outside
        columns = read(roots(plan).values())
        rows = frame.select(ID, *columns).filter(mask)
        asked = needed.run(rows)
        yield pairs(
            plan,
            pl.DataFrame(
                [
                    rows[ID],
                    verdict.filter(mask).alias(VERDICT),
                    outside.filter(mask).alias(OUTSIDE),
                    *asked.get_columns(),
                ]
            ),
        )


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
        yield pairs(plan, database.ask(sql, schema))


def pairs(plan: Plan, answer: pl.DataFrame) -> pl.DataFrame:
    """Company, policy, outcome, and the facts that are missing, joined by commas; empty where none are."""
    needs = [f"need{place}" for place in range(len(plan.needs))]
    yes = Outcome.MANUAL_REVIEW if plan.manual else Outcome.ELIGIBLE
    verdict = pl.col(VERDICT)
    outcome = (
        pl.when(verdict)
        .then(pl.lit(yes.value, dtype=OUTCOMES))
        .when(verdict.is_null())
        .then(pl.lit(Outcome.UNKNOWN.value, dtype=OUTCOMES))
        .otherwise(pl.lit(Outcome.NOT_APPLICABLE.value, dtype=OUTCOMES))
    )
    missing = _missing(plan, answer.select(VERDICT, *needs))
    return answer.select(
        ID,
        pl.lit(plan.id, dtype=pl.Categorical()).alias("policy_id"),
        outcome.alias("outcome"),
        missing.alias("missing"),
    )


def _missing(plan: Plan, answer: pl.DataFrame) -> pl.Series:
    """A number names each set of missing facts that occurs; its text is made once a set."""
    kind = next((t for bits, t in zip((8, 16, 32, 64), _WORTH, strict=True) if len(plan.needs) <= bits), None)
    if kind is None:
        raise ValueError(f"{plan.id}: more than 64 facts")
    code = pl.lit(0, dtype=kind)
    for place in range(len(plan.needs)):
        bit = (
            pl.when(pl.col(f"need{place}"))
            .then(pl.lit(1 << place, dtype=kind))
            .otherwise(pl.lit(0, dtype=kind))
        )
        code = code + bit
    open_ = pl.when(pl.col(VERDICT).is_null()).then(code).otherwise(pl.lit(0, dtype=kind))
    codes = answer.select(open_.alias("code"))["code"]
    sets = codes.unique()
    names = [name for name, _ in plan.needs]
    texts = [",".join(n for place, n in enumerate(names) if each >> place & 1) for each in sets.to_list()]
    if not len(sets):
        return pl.Series(dtype=pl.Categorical())
    return codes.replace_strict(sets, pl.Series(texts, dtype=pl.Categorical()), return_dtype=pl.Categorical())
