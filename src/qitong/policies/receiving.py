"""What a department holds of many companies, taken over at once: under their consent, whole or not at all.

The consent is one for this purpose (:data:`PURPOSE`): what was allowed for one case is not used for others.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db import connection, transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department
from qitong.casework.logic.clock import day_of
from qitong.kernel import uscc as codes
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import NewEntry, record_many
from qitong.policies import editions, lapsing
from qitong.policies.logic import keeping
from qitong.policies.logic.currency import year_of
from qitong.policies.logic.rule import FieldSpec

PURPOSE = "匹配惠企政策"
"""Of the consents under which departments share facts of a company for its policies."""
SHARED = "policy.facts_shared"
CHUNK = 10_000
"""Companies whose figures are taken in at a time."""
TOGETHER = 1_000
"""Companies whose entries are recorded by one statement, and judged by one job: workers share the jobs."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of one company: facts by name in base units; what is not named is not spoken of."""

    uscc: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """``companies`` got ``facts`` that are new. Of others: not registered here, without consent."""

    companies: int = 0
    facts: int = 0
    unchanged: int = 0
    older: int = 0
    """Facts of which something later is known already."""
    not_here: int = 0
    without_consent: int = 0


@transaction.atomic
def receive(*, department: str, as_of: dt.date, rows: Iterable[Row], by: Actor, at: dt.datetime) -> Receipt:
    """Keep what a department says was so on ``as_of``; sent again, it is kept once.

    Each company has one entry, and who gains by it is judged by jobs. Refused: who is not the system
    (``forbidden``), an unknown ``department``, a day to come (``as_of``), a fact that no policy asks for
    (``not_found``), a company named twice (``twice``). Whatever ``rows`` raises undoes all of it.
    """
    if not by.is_system:
        raise Refused(say("部门数据由系统接收。"), code="forbidden")
    if not Department.objects.filter(code=department).exists():
        raise Refused(
            say("没有编码为{codes}的部门。", codes=department), code="not_found", field="department"
        )
    if as_of > day_of(at):
        raise Refused(say("数据的日期不能晚于今天。"), code="as_of", field="as_of")
    fields = editions.on_day(day_of(at)).library.fields
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        each = iter(rows)
        while part := list(islice(each, CHUNK)):  # first they are here: where they come from may ask, too
            with cursor.copy(_COPY) as copy:
                for line in (line for row in part for line in _lines(row, fields, as_of)):
                    copy.write_row(line)
        cursor.execute("ANALYZE policies_received")
        _refuse_twice(cursor)
        receipt = _compared(cursor, department, as_of)
        cursor.execute(_KEEP, {"department": department, "as_of": as_of, "at": at})
        cursor.execute(_KEPT)
        kept = cursor.fetchall()
        _record(kept, {"department": department, "as_of": as_of}, by=by, at=at)
        lapsing.plan({row[0] for row in kept}, {row[2] for row in kept}, on=day_of(at))
        return receipt


def _lines(row: Row, fields: Mapping[str, FieldSpec], as_of: dt.date) -> Iterator[tuple[Any, ...]]:
    for name, value in row.facts.items():
        spec = fields.get(name)
        if spec is None:
            raise Refused(say("没有政策问到“{name}”。", name=name), code="not_found", field=name)
        kept = json.dumps(keeping.kept(spec, value), ensure_ascii=False)
        yield codes.normalise(row.uscc), name, year_of(spec, as_of), spec.unit, kept


_TABLE = """
DROP TABLE IF EXISTS policies_received;
CREATE TEMPORARY TABLE policies_received (
    uscc text, name text, year smallint, unit text, value jsonb,
    enterprise_id bigint, consent_id bigint, state text
) ON COMMIT DROP
"""
_COPY = "COPY policies_received (uscc, name, year, unit, value) FROM STDIN"


def _refuse_twice(cursor: Any) -> None:
    cursor.execute("SELECT uscc FROM policies_received GROUP BY uscc, name HAVING count(*) > 1 LIMIT 1")
    if found := cursor.fetchone():
        raise Refused(say("{uscc}出现了两次。", uscc=found[0]), code="twice", field="uscc")


_LOCK = """
SELECT e.id FROM accounts_enterprise e
WHERE e.uscc = ANY(ARRAY(SELECT uscc FROM policies_received)) ORDER BY e.id FOR NO KEY UPDATE
"""
_MATCH = """
UPDATE policies_received r SET (enterprise_id, consent_id) = (
    SELECT e.id, (
        SELECT c.id FROM datashare_consent c
        WHERE c.enterprise_id = e.id AND c.revoked_at IS NULL AND c.purpose = %(purpose)s
            AND c.department_codes @> ARRAY[%(department)s]::varchar[]
        ORDER BY c.given_at DESC, c.id DESC LIMIT 1
    )
    FROM accounts_enterprise e WHERE e.uscc = r.uscc
)
"""
"""A lookup for each row: joined, all companies there are would be read for the few that are named."""
_STATE = """
UPDATE policies_received r SET state = coalesce((
    SELECT CASE
        WHEN f.as_of > %(as_of)s THEN 'older'
        WHEN f.as_of = %(as_of)s AND f.source = 'shared' AND (f.unit, f.value) = (r.unit, r.value)
            AND f.consent_id = r.consent_id THEN 'unchanged'
        ELSE 'new' END
    FROM policies_companyfact f
    WHERE f.enterprise_id = r.enterprise_id AND f.name = r.name
        AND (f.year = r.year OR (f.year IS NULL AND r.year IS NULL))
    ORDER BY f.given_at DESC, f.id DESC LIMIT 1
), 'new')
WHERE consent_id IS NOT NULL
"""
_COUNT = """
SELECT count(DISTINCT uscc) FILTER (WHERE enterprise_id IS NULL),
       count(DISTINCT uscc) FILTER (WHERE enterprise_id IS NOT NULL AND consent_id IS NULL),
       count(DISTINCT uscc) FILTER (WHERE state = 'new'),
       count(*) FILTER (WHERE state = 'new'),
       count(*) FILTER (WHERE state = 'unchanged'),
       count(*) FILTER (WHERE state = 'older')
FROM policies_received
"""
_KEEP = """
INSERT INTO policies_companyfact
    (enterprise_id, name, year, value, unit, source, consent_id, department, as_of, given_at)
SELECT enterprise_id, name, year, value, unit, 'shared', consent_id, %(department)s, %(as_of)s, %(at)s
FROM policies_received WHERE state = 'new' ORDER BY enterprise_id, name
"""
_KEPT = """
SELECT enterprise_id, consent_id, name, value::text FROM policies_received
WHERE state = 'new' ORDER BY enterprise_id::text COLLATE "C", name
"""
"""In the order of their streams, in which the ledger locks them."""


def _compared(cursor: Any, department: str, as_of: dt.date) -> Receipt:
    """Which company each row is about, under which consent, and whether it says anything new."""
    cursor.execute(_LOCK)
    cursor.execute(_MATCH, {"purpose": PURPOSE, "department": department})
    cursor.execute(_STATE, {"as_of": as_of})
    cursor.execute(_COUNT)
    not_here, without, companies, facts, unchanged, older = cursor.fetchone()
    return Receipt(companies, facts, unchanged, older, not_here, without)


def _record(rows: Iterable[Any], origin: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> None:
    """An entry for each company: what was shared, by whom and under which consent; the figures beside it."""
    entries: list[NewEntry] = []
    for (enterprise, consent), facts in groupby(rows, lambda row: row[:2]):
        values = {name: value for *_, name, value in facts}
        body = {**origin, "consent": consent, "facts": sorted(values)}
        beside = {"values": json.dumps(values, ensure_ascii=False)}
        stream = f"enterprise:{enterprise}"
        entries.append(NewEntry(stream=stream, kind=SHARED, by=by.ref, at=at, body=body, personal=beside))
        if len(entries) == TOGETHER:
            record_many(entries)
            entries = []
    record_many(entries)
