"""``qitong policies batch`` and ``diff``: many companies at once, from a Parquet file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qitong.cli import use_django
from qitong.cli.counting import counted
from qitong.cli.failing import Command, Wrong, writable
from qitong.cli.policies_read import to_judge, today

if TYPE_CHECKING:
    from qitong.policies.engines.databases import Database
    from qitong.policies.engines.diff import Change
    from qitong.policies.library import Library
    from qitong.policies.logic.rule import FieldSpec

_A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PATH = click.Path(exists=True, path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
_companies = click.option(
    "--companies", "file", required=True, type=_A_FILE, help="Parquet: company_id, and a column a fact."
)
_on = click.option(
    "--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day that is asked about."
)


@click.command(cls=Command)
@_companies
@click.option("--policies", "paths", multiple=True, type=_PATH, metavar="PATH", help="Default: the packaged.")
@_on
@click.option("--published", is_flag=True, help="The policies published in the database instead of files.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Parquet of pairs."
)
@click.option("--engine", type=click.Choice(["polars", "postgres", "clickhouse"]), default="polars")
@_json
def batch(
    file: Path,
    paths: tuple[Path, ...],
    on: dt.datetime,
    out: Path,
    engine: str,
    *,
    published: bool,
    as_json: bool,
) -> None:
    """Every policy in force against every company of a file.

    \b
    qitong demo companies --n 1000000 --seed 1 --out C.parquet
    qitong policies batch --companies C.parquet --on 2026-11-23 --out O.parquet

    Writes a row a pair that is not not_eligible: company_id, policy_id, outcome, and the facts that are
    missing, joined by commas. Facts are in the units of their inputs: sales_last in 万元, names ending in
    _yuan in 元.
    Columns that no policy asks for are left alone and named. A file with anything wrong is refused with
    each place, and nothing is written.
    """
    from qitong.policies.engines import batch as bulk

    if published and paths:
        raise click.UsageError("Either --published or --policies, not both.")
    library = _published(on.date()) if published else to_judge(paths, as_json=as_json)
    _same_day(file, on.date())
    with readable(), _database(engine) as database:
        told = bulk.batch(library, file, on.date(), out, database)
    ignored = _left_alone(file, library.fields)
    if as_json:
        click.echo(json.dumps({"out": str(out), "engine": engine, **told.to_data(), "ignored": ignored}))
        return
    policies = counted(told.policies, "policy", "policies")
    click.echo(f"{policies} × {counted(told.companies, 'company', 'companies')} by {engine}")
    for outcome, count in told.outcomes.items():
        click.echo(f"{outcome:<14} {count:>12}")
    click.echo(", ".join(f"{what} {seconds:.2f} s" for what, seconds in told.seconds.items()))


@click.command(cls=Command)
@click.argument("before", type=_PATH, metavar="A")
@click.argument("after", type=_PATH, metavar="B")
@_companies
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day that is asked about (default: today).")
@click.option("--ids", is_flag=True, help="Name the companies too.")
@_json
def diff(before: Path, after: Path, file: Path, on: dt.datetime | None, *, ids: bool, as_json: bool) -> None:
    """Who gains, who loses, and what it costs, when the policies A become B.

    Every policy that decides or pays otherwise is compared as if it were in force; where it is so on one side
    only, that is told. One that is only in A ends, one only in B begins. Costs are in yuan: what it brings to
    those who can have it, where that is known; what only brings time costs nothing.
    """
    from qitong.policies.engines import diff as bulk

    sides = to_judge((before,), as_json=as_json), to_judge((after,), as_json=as_json)
    day = on.date() if on else today()
    _same_day(file, day)
    with readable():
        found = list(bulk.changes(*sides, file, day))
    _left_alone(file, bulk.merged(*sides))
    if as_json:
        click.echo(json.dumps([_shown(change, ids=ids) for change in found]))
        return
    for change in found:
        shown = _shown(change, ids=ids)
        moved = [
            counted(shown["gain"], "gains", "gain"),
            counted(shown["lose"], "loses", "lose"),
            counted(shown["unsettled"], "becomes unknown", "become unknown"),
        ]
        cost = f"{shown['cost_before']} → {shown['cost_after']} yuan"
        click.echo(f"{change.policy}: {', '.join(moved)}; {cost}{_ends(change, day)}")
        for side in ("gain", "lose") if ids else ():
            click.echo(f"  {side}: {' '.join(map(str, shown[f'{side}_ids']))}")
    if not found:
        click.echo("No policy decides or pays otherwise.")


def _ends(change: Change, day: dt.date) -> str:
    """Told where the day is within the validity on one side only."""
    before, after = change.in_force
    return "" if before == after else f"; in force on {day} in {'A' if before else 'B'} only"


def _shown(change: Change, *, ids: bool) -> dict[str, Any]:
    costs = [round(cost / 100) for cost in change.costs]
    shown = {
        "policy": change.policy,
        "gain": len(change.gain),
        "lose": len(change.lose),
        "unsettled": change.unsettled,
        "cost_before": costs[0],
        "cost_after": costs[1],
        "in_force_before": change.in_force[0],
        "in_force_after": change.in_force[1],
    }
    if ids:
        shown |= {"gain_ids": change.gain.to_list(), "lose_ids": change.lose.to_list()}
    return shown


def _published(on: dt.date) -> Library:
    """The policies that are published in the database for the day."""
    use_django()
    from qitong.policies import editions

    return editions.on_day(on).library


def _same_day(file: Path, on: dt.date) -> None:
    """A snapshot is of one day: a year's figures count in one year, and some facts for a quarter only."""
    from qitong.policies.engines.companies import day_of

    day = day_of(file)
    if day is not None and day != on:
        raise click.ClickException(f"{file} is a snapshot of {day}; ask about that day, or take one of {on}.")


def _left_alone(file: Path, fields: Mapping[str, FieldSpec]) -> list[str]:
    """The columns with which nothing was done; said, since one of them may have been meant."""
    from qitong.policies.engines.companies import unasked

    ignored = unasked(file, fields)
    if ignored:
        click.echo(f"No policy asks for: {', '.join(ignored)}", err=True)
    return ignored


@contextmanager
def readable() -> Iterator[None]:
    """What is wrong with a file ends the command with code 1, each thing in a line."""
    from qitong.policies.engines.companies import Unreadable

    with writable():
        try:
            yield
        except Unreadable as wrong:
            raise Wrong(wrong.problems) from None


@contextmanager
def _database(engine: str) -> Iterator[Database | None]:
    from qitong.policies.engines import databases

    if engine == "polars":
        yield None
    elif engine == "clickhouse":
        with databases.clickhouse() as clickhouse:
            yield clickhouse
    else:
        import psycopg

        from qitong.server.database import database_url

        with psycopg.connect(database_url(), autocommit=True) as connection:
            yield databases.Postgres(connection)
