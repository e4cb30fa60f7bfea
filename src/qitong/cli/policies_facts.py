"""``qitong policies facts`` and ``snapshot``: facts of many companies into the database, and out of it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import click

from qitong.cli import use_django
from qitong.cli.counting import counted
from qitong.cli.failing import Command, writable

BY = "cli"
_DAY = click.DateTime(["%Y-%m-%d"])
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--department", required=True, metavar="CODE", help="Who supplies them.")
@click.option("--as-of", required=True, type=_DAY, help="The day on which they were so.")
@_json
def facts(file: Path, department: str, as_of: dt.datetime, *, as_json: bool) -> None:
    """Take over facts that a department holds of companies, from CSV or Parquet.

    \b
    uscc,employees,rd_last
    91310151MA1JK0001T,118,905.5
    qitong policies facts tax.csv --department sw --as-of 2026-11-20

    A column a fact, under the name and in the unit of its input; an empty cell says nothing. Only companies
    that allow this department to share facts for policies are taken; the others are counted. A file with
    anything wrong is refused with each row and column, nothing of it is kept. Sent again, it is kept once.
    """
    use_django()
    from qitong.accounts.actors import Actor
    from qitong.cli.policies_bulk import readable
    from qitong.kernel.limits import SHANGHAI
    from qitong.policies import editions
    from qitong.policies.engines import feeds
    from qitong.policies.receiving import receive

    at = dt.datetime.now(SHANGHAI)
    with readable():
        rows = feeds.read(file, editions.on_day(at.date()).library.fields)
        receipt = receive(department=department, as_of=as_of.date(), rows=rows, by=Actor.system(BY), at=at)
    if as_json:
        click.echo(json.dumps(asdict(receipt)))
        return
    companies = counted(receipt.companies, "company", "companies")
    click.echo(f"{counted(receipt.facts, 'fact')} of {companies}; who gains by them is judged now.")
    unchanged = counted(receipt.unchanged, "fact")
    click.echo(f"Known already: {unchanged}; of something later is known: {receipt.older}.")
    without = counted(receipt.without_consent, "company", "companies")
    click.echo(f"Not taken: {without} without consent, {receipt.not_here} not registered.")


@click.command(cls=Command)
@click.option("--on", required=True, type=_DAY, help="The day on which they still say something.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Parquet of companies."
)
@_json
def snapshot(on: dt.datetime, out: Path, *, as_json: bool) -> None:
    """The facts of all companies as they count on a day, as a Parquet file for batch and diff.

    \b
    qitong policies snapshot --on 2026-11-23 --out C.parquet
    qitong policies batch --published --companies C.parquet --on 2026-11-23 --out O.parquet

    One moment of the database. company_id is the company's key; what nobody said, or what is out of date,
    is missing.
    """
    use_django()
    from django.db import connection, transaction

    from qitong.policies import editions
    from qitong.policies.engines import snapshot as engine

    fields = editions.on_day(on.date()).library.fields
    with writable(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        taken = engine.write(out, fields, on.date(), connection.connection)
    if as_json:
        click.echo(json.dumps({"out": str(out), **asdict(taken)}))
    else:
        companies = counted(taken.companies, "company", "companies")
        click.echo(f"{companies}, {counted(taken.facts, 'fact')} as of {on.date()}: {out}")
