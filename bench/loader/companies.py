"""A city of companies with facts: made up by ``qitong demo companies``, written by COPY, looked at once.

Only the facts are loaded that the measured change has to do with. What each company can get already is what
the engine for many companies says of a snapshot of this very database.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection

from bench.loader import indexes
from qitong.kernel.uscc import check_character

SEED = 1
SLICE = 50_000
DEPARTMENT = "tax"
ALLOW = 8
"""Of so many companies one does not let the department share."""
_TABLES = ("policies_companyfact", "policies_holding", "policies_change", "datashare_consent")
_ENTERPRISES = (
    "COPY accounts_enterprise (id, uscc, name, jurisdiction_id, legal_representative, address, industry_code,"
    " phone, registered_at) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (industry_code))"
)
_CONSENTS = (
    "COPY datashare_consent (enterprise_id, purpose, department_codes, given_by_id, given_at)"
    " FROM STDIN (FORMAT csv)"
)
_FACTS = (
    "COPY policies_companyfact (enterprise_id, name, year, value, unit, source, as_of, given_by_id, given_at)"
    " FROM STDIN (FORMAT csv)"
)
_HOLDINGS = "COPY policies_holding (enterprise_id, policy, holds, turn) FROM STDIN (FORMAT csv)"


def load(people: Path, changed: str, at: dt.datetime) -> None:
    """Policies, companies, consents, the facts beside ``changed``, and who can get what."""
    from qitong.accounts.actors import Actor
    from qitong.policies import gathering, publish
    from qitong.policies.change_models import Recheck
    from qitong.policies.check import packaged

    library = packaged()
    publish.load(library, by=Actor.system("bench"), at=at)
    jurisdiction, person = _ground()
    wanted = sorted(gathering.behind(library, gathering.using(library, [changed])))
    frame = pl.read_parquet(people, columns=["company_id", *(n for n in wanted if n in library.fields)])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        taken = indexes.take_away(cursor, _TABLES)
        with _told("companies and consents"):
            _companies(cursor, frame, jurisdiction, person, at)
        with _told("facts"):
            _facts(cursor, frame, library.fields, person, at)
        with _told("indexes"):
            for index in taken:
                for statement in index.statements:
                    cursor.execute(statement)
            cursor.execute("VACUUM ANALYZE")
        with _told("who can get what"):
            _looked_at(cursor, library, at.date())
        cursor.execute("SET session_replication_role = origin")
        Recheck.objects.update(done_at=at)
        cursor.execute("VACUUM ANALYZE policies_holding")


def _ground() -> tuple[int, int]:
    """The park they are in, and the person who said what is known of them."""
    from qitong.accounts.models import Department, Jurisdiction, User

    park = Jurisdiction.objects.create(code="310151-B1", name_zh="园区", name_en="Park", level="city")
    Department.objects.create(code=DEPARTMENT, name_zh="税务局", name_en="Tax office", jurisdiction=park)
    return park.pk, User.objects.create(login="13900000000", name="何佳").pk


def uscc(key: int) -> str:
    first = f"91310151MA{key:07d}"
    return first + check_character(first)


def allows(key: int) -> bool:
    return key % ALLOW != 0


def _companies(cursor: Any, frame: pl.DataFrame, jurisdiction: int, person: int, at: dt.datetime) -> None:
    from qitong.policies.receiving import PURPOSE

    industries = (
        frame["industry_code"]
        if "industry_code" in frame.columns
        else pl.repeat("", frame.height, eager=True)
    )
    moment = at.isoformat()
    with cursor.copy(_ENTERPRISES) as copy:
        for key, industry in zip(frame["company_id"], industries, strict=True):
            name = f"第{key}号企业有限公司"
            known = f"{name},{jurisdiction},法人,园区一路1号,{industry or ''},021-12345678,{moment}"
            copy.write(f"{key},{uscc(key)},{known}\n")
    with cursor.copy(_CONSENTS) as copy:
        for key in filter(allows, frame["company_id"]):
            copy.write(f"{key},{PURPOSE},{{{DEPARTMENT}}},{person},{moment}\n")


def _facts(cursor: Any, frame: pl.DataFrame, fields: Any, person: int, at: dt.datetime) -> None:
    from qitong.policies.logic.currency import year_of

    on = at.date()
    with cursor.copy(_FACTS) as copy:
        for part in frame.iter_slices(SLICE):
            rows = []
            for name in part.columns:
                if name in ("company_id", "industry_code"):
                    continue
                spec = fields[name]
                rows.append(
                    part.select(
                        "company_id",
                        pl.lit(name).alias("name"),
                        pl.lit(year_of(spec, on), dtype=pl.Int16()).alias("year"),
                        _json(pl.col(name), part[name].dtype).alias("value"),
                        pl.lit(spec.unit).alias("unit"),
                    ).drop_nulls("value")
                )
            every = (
                pl.concat(rows)
                .sort("company_id", maintain_order=True)
                .with_columns(
                    pl.lit("answer"),
                    pl.lit(on).alias("as_of"),
                    pl.lit(person).alias("by"),
                    pl.lit(at.isoformat()).alias("at"),
                )
            )
            copy.write(every.write_csv(include_header=False))


def _json(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """As it is kept: whole numbers bare, decimals, days and codes as text."""
    if dtype == pl.Boolean or dtype.is_integer():
        return column.cast(pl.String)
    if dtype.is_float():
        text = (
            column.cast(pl.Decimal(38, 6)).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
        )
        return pl.when(text.str.contains(".", literal=True)).then('"' + text + '"').otherwise(text)
    return '"' + column.cast(pl.String) + '"'


def _looked_at(cursor: Any, library: Any, on: dt.date) -> None:
    from bench.policies import FOLDER
    from qitong.policies.engines import batch, snapshot

    file = FOLDER / "city.parquet"
    FOLDER.mkdir(parents=True, exist_ok=True)
    snapshot.write(file, library.fields, on, connection.connection)
    people = batch.population(library, file, on)
    with cursor.copy(_HOLDINGS) as copy:
        for frame in batch.pairs(people, None):
            met = frame.filter(pl.col("outcome").cast(pl.String).is_in(["eligible", "manual_review"]))
            rows = met.select(
                "company_id", pl.col("policy_id").cast(pl.String), pl.lit("t"), pl.lit(1).alias("turn")
            )
            copy.write(rows.write_csv(include_header=False))
    file.unlink()


@contextmanager
def _told(what: str) -> Any:
    begun = time.perf_counter()
    yield
    sys.stderr.write(f"  {what}: {time.perf_counter() - begun:.0f} s\n")
