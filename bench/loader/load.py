"""From the prototypes to as many cases as are wanted, and everything that is kept of them."""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from bench.loader import chains, copies, indexes, writing
from bench.loader.crowd import Crowd, shared_out
from bench.loader.prototypes import COMPANY, DESCRIPTION, OPINION, PLAYS, SWITCHBOARD, TITLE, Played
from qitong.accounts.models import Enterprise
from qitong.casework.logic import tags
from qitong.casework.logic.finding import fold
from qitong.casework.logic.flow import OPEN_STATES
from qitong.casework.models import Case, CaseText, Task
from qitong.insight import facts
from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.models import Entry
from qitong.ledger.record import ledger_key

SEED = 2026
FIRST_CASE = 10_000_000
"""All ids of copies have as many digits, so the streams of the ledger lie in their order."""
PROCESSES = 2


def everyday() -> dict[str, float]:
    """How often each play is seen in a town's database."""
    return {one.name: one.share for one in PLAYS}


def load(
    played: Played,
    cases: int,
    *,
    shares: Mapping[str, float] | None = None,
    seed: int = SEED,
    dsn: str = "",
    weights: Mapping[int, float] | None = None,
    words: bool = True,
) -> None:
    """Multiply the prototypes until there are ``cases`` together.

    ``shares`` weighs the plays, ``weights`` each prototype instead; without ``words`` search knows none of
    the copies. With ``dsn``, several processes write; without, this one does, on its own connection, and
    foreign keys and triggers look on.
    """
    with connection.cursor() as cursor:
        found = copies.tables(cursor)
        heavy = [name for name in found if name != copies.ENTRY] + ["casework_casetext", "insight_tally"]
        with _unwatched(cursor, heavy, alone=bool(dsn)):
            copies.gather(cursor, found)
            script = _script(
                played,
                cases,
                found,
                seed=seed,
                weights=weights or _weights(played, shares),
                words=words,
            )
            with _said("rows, ledger and words"), _written(cursor, script, dsn):
                with _said("companies and the plan"):
                    jurisdiction = Enterprise.objects.get(uscc=COMPANY.uscc).jurisdiction_id
                    writing.companies(cursor, script, jurisdiction=jurisdiction, at=played.at.isoformat())
                    cursor.execute(copies.PLAN)
                    writing.plan(cursor, script)
                with _said("rows"):
                    _multiply(cursor, found, dsn)
            copies.forget(cursor, found)
            counted = [table.name for table in found.values() if table.columns.get("id") == "bigint"]
            _number_on(cursor, [*counted, "accounts_enterprise"])
        with _said("sums"):
            facts._sum_again()
    with _said("checkpoint"):
        checkpoint(by="system:bench", at=played.at)


def _multiply(cursor: Any, found: Mapping[str, copies.Table], dsn: str) -> None:
    """Every table but the ledger; with ``dsn`` two at a time, those with most rows first."""
    statements = [
        copies.statement(table, found).replace("{opinion}", f"'{OPINION}'")
        for table in sorted(found.values(), key=lambda table: -table.rows if dsn else 0)
        if table.name != copies.ENTRY
    ]
    if dsn:
        side_by_side(statements, dsn, "SET session_replication_role = replica")
        return
    for statement in statements:
        cursor.execute(statement)


def _weights(played: Played, shares: Mapping[str, float] | None) -> dict[int, float]:
    wanted = shares or everyday()
    return {pk: wanted.get(name, 0) / len(cases) for name, cases in played.cases.items() for pk in cases}


def due_and_open(played: Played, at: dt.datetime, cases: int, due: int) -> dict[int, float]:
    """Weights for ``cases`` that are all open, of which ``due`` are to be reminded of at ``at``.

    What is due asks for a reminder, no deed: nobody's silence is taken for an answer in them.
    """
    alarmed = Case.objects.filter(state__in=OPEN_STATES, next_alarm_at__isnull=False)
    now = set(alarmed.filter(next_alarm_at__lte=at).values_list("pk", flat=True))
    tasks = Task.objects.filter(next_alarm_at__lte=at, case__in=alarmed)
    both = set(tasks.values_list("case_id", flat=True))
    later = set(alarmed.values_list("pk", flat=True)) - now - both
    now -= both
    one = {pk: due / len(now) for pk in now}
    return one | {pk: (cases - due) / len(later) for pk in later}


def _script(
    played: Played,
    cases: int,
    found: Mapping[str, copies.Table],
    *,
    seed: int,
    weights: Mapping[int, float],
    words: bool,
) -> writing.Script:
    known = {case.pk: case for case in Case.objects.select_related("item_version", "owner").all()}
    crowd = Crowd(
        seed=seed,
        first_case=FIRST_CASE,
        first_company=FIRST_CASE,
        shares=shared_out(cases - len(known), weights),
        items={pk: c.item_version.code for pk, c in known.items() if c.item_version},
        owners=played.owners,
        year=played.at.year,
    )
    ids = {name: table.ids for name, table in found.items()}
    return writing.Script(
        crowd=crowd,
        prototypes={pk: _prototype(known[pk], words) for pk in crowd.shares if crowd.shares[pk]},
        ids=ids,
        key=ledger_key(),
        algorithm=settings.LEDGER_HASH,
    )


def _prototype(case: Case, with_words: bool) -> writing.Prototype:
    words = CaseText.objects.filter(pk=case.pk).first() if with_words else None
    mine = {tags.company(case.enterprise_id), tags.person(case.owner_id or 0)}
    tokens = {
        case.number or "\0": writing.NUMBER,
        COMPANY.name: writing.COMPANY,
        COMPANY.uscc: writing.USCC,
        COMPANY.contact: writing.CONTACT,
        COMPANY.login: writing.PHONE,
        SWITCHBOARD: writing.SWITCHBOARD,
        case.owner.name if case.owner else "\0": writing.OWNER,
        TITLE: writing.TITLE,
        DESCRIPTION: writing.DESCRIPTION,
        OPINION: writing.OPINION,
    }
    return writing.Prototype(
        number=case.number or "",
        owner=case.owner_id,
        story=_story(case),
        words=chains.WordsForm(words.sources, tokens, fold) if words else None,
        tags=tuple(tag for tag in words.tags if tag not in mine) if words else (),
    )


def _story(case: Case) -> chains.Story:
    """What its entries say, with the ordinals of the rows they name."""
    own: dict[str, dict[int | str, int]] = {}
    with connection.cursor() as cursor:
        for table in ("casework_task", "casework_commitment", "casework_note"):
            ours = sql.SQL("SELECT id, bench_ordinal FROM {} WHERE bench_case = %s")
            cursor.execute(ours.format(sql.Identifier(f"bench_{table}")), [case.pk])
            own[table] = dict(cursor.fetchall())
        cursor.execute(
            "SELECT id::text, bench_ordinal FROM bench_ledger_text WHERE bench_case = %s", [case.pk]
        )
        own[""] = dict(cursor.fetchall())
    rows = Entry.objects.filter(stream=case.stream).order_by("number")
    return chains.story(
        rows.values_list("number", "kind", "at", "by", "body"),
        own=own,
        number=case.number,
        owner=case.owner_id,
        algorithm=settings.LEDGER_HASH,
    )


@contextmanager
def _written(cursor: Any, script: writing.Script, dsn: str) -> Iterator[None]:
    """Ledger and words are written beside what is done within; afterwards both are there."""
    chunks = script.crowd.chunks
    if not dsn:
        writing.write(cursor, script, 0, chunks)
        yield
        return
    edges = [chunks * n // PROCESSES for n in range(PROCESSES + 1)]
    writers = [_writer(dsn, script, first, beyond) for first, beyond in pairwise(edges)]
    try:
        yield
        if any(writer.wait() for writer in writers):
            raise SystemExit("a process that writes the ledger has failed")
    finally:
        for writer in writers:
            writer.kill()


def _writer(dsn: str, script: writing.Script, first: int, beyond: int) -> subprocess.Popen[bytes]:
    writer = subprocess.Popen([sys.executable, "-m", "bench.loader.writing"], stdin=subprocess.PIPE)
    if writer.stdin is not None:
        pickle.dump((dsn, script, first, beyond), writer.stdin)
        writer.stdin.close()
    return writer


@contextmanager
def _unwatched(cursor: Any, tables: list[str], *, alone: bool) -> Iterator[None]:
    """In a database of our own: without keys being looked up, and indexes built at the end."""
    if not alone:
        yield
        return
    cursor.execute("SET session_replication_role = replica")
    taken = indexes.take_away(cursor, [*tables, copies.ENTRY])
    yield
    dsn = dsn_of_connection()
    with _said(f"{len(taken)} indexes"):
        _build(taken, dsn)
    cursor.execute("SET session_replication_role = origin")
    with _said("vacuum"):
        side_by_side([f"VACUUM (ANALYZE) {name}" for name in [copies.ENTRY, *tables]], dsn)
        cursor.execute("ANALYZE")


def _build(taken: list[indexes.Index], dsn: str) -> None:
    """The one for search first, which takes longest; the server itself builds it in two processes."""
    order = sorted(taken, key=lambda index: ("casetext" not in index.name, "ledger" not in index.name))
    side_by_side(
        [";".join(index.statements) for index in order],
        dsn,
        "SET maintenance_work_mem = '1GB'",
        "SET max_parallel_maintenance_workers = 1",
    )


def side_by_side(statements: Iterable[str], dsn: str, *settings: str) -> None:
    """Do them in their order over two connections; the first that fails ends all."""
    left, lock = iter(list(statements)), threading.Lock()

    def work() -> None:
        with psycopg.connect(dsn, autocommit=True) as own:
            for setting in settings:
                own.execute(setting.encode())
            while True:
                with lock:
                    statement = next(left, None)
                if statement is None:
                    return
                own.execute(statement.encode())

    with ThreadPoolExecutor(PROCESSES) as pool:
        for done in [pool.submit(work) for _ in range(PROCESSES)]:
            done.result()


def dsn_of_connection() -> str:
    return connection.connection.info.dsn if connection.connection else ""


def _number_on(cursor: Any, tables: list[str]) -> None:
    """What is made next gets the next id."""
    for table in tables:
        onwards = sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {}")
        cursor.execute(onwards.format(sql.Identifier(table)), [table])


@contextmanager
def _said(what: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    sys.stderr.write(f"  {what}: {time.perf_counter() - begun:.0f} s\n")
    sys.stderr.flush()
