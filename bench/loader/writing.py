"""What is written by COPY: the plan, and of each copy its ledger and the words search reads.

A process that writes gets a :class:`Script` and a range of chunks; it needs neither Django nor the others.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.loader.chains import Form, Ids, Story, WordsForm, Writer
from bench.loader.crowd import Copy, Crowd
from qitong.casework.logic import tags
from qitong.casework.logic.finding import fold

AT_ONCE = 10
"""Chunks held in memory between two COPYs."""

NUMBER, COMPANY, USCC, CONTACT, PHONE, SWITCHBOARD, OWNER, TITLE, DESCRIPTION, OPINION = range(10)

_PLAN = "COPY bench_plan FROM STDIN"
_ENTRIES = (
    'COPY ledger_entry (id, stream, number, kind, at, "by", body, algorithm, prev_hash, hash, seal)'
    " FROM STDIN"
)
_HEADS = "COPY ledger_head (stream, number, hash, algorithm, mac) FROM STDIN"
_WORDS = "COPY casework_casetext (case_id, sources, folded, tags) FROM STDIN"
_COMPANIES = (
    "COPY accounts_enterprise (id, uscc, name, jurisdiction_id, legal_representative, address, industry_code,"
    " phone, registered_at) FROM STDIN"
)


@dataclass(frozen=True, slots=True)
class Prototype:
    """What the copies of one case are made from; ``words`` None: a draft, which search does not know."""

    number: str
    owner: int | None
    story: Story
    words: WordsForm | None
    tags: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Script:
    crowd: Crowd
    prototypes: Mapping[int, Prototype]
    ids: Mapping[str, Ids]
    key: bytes
    algorithm: str


def plan(cursor: Any, script: Script) -> None:
    with cursor.copy(_PLAN) as copy:
        for one in copies(script, 0, script.crowd.chunks):
            known = script.prototypes[one.prototype]
            copy.write_row(
                (
                    *(one.id - script.crowd.first_case, one.id, one.prototype, one.company.id, one.number),
                    *(one.contact, one.phone, one.owner, known.owner, known.number, one.title),
                    *(one.description, one.opinion, one.fingerprint, f"{one.late} milliseconds"),
                )
            )


def companies(cursor: Any, script: Script, *, jurisdiction: int, at: str) -> None:
    with cursor.copy(_COMPANIES) as copy:
        for c in script.crowd.companies:
            copy.write_row((c.id, c.uscc, c.name, jurisdiction, "法人", "园区一路1号", "", c.phone, at))


def copies(script: Script, first: int, beyond: int) -> Iterator[Copy]:
    for n in range(first, beyond):
        yield from script.crowd.chunk(n)


def main() -> None:
    """In a process of its own, which is told everything on its standard input: every batch a transaction."""
    dsn, script, first, beyond = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started it
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("SET session_replication_role = replica")
        write(cursor, script, first, beyond)


def write(cursor: Any, script: Script, first: int, beyond: int) -> None:
    """Ledger and words of the copies in these chunks."""
    writer = Writer(script.key, script.algorithm, script.ids)
    for start in range(first, beyond, AT_ONCE):
        entries: list[str] = []
        heads: list[str] = []
        words: list[str] = []
        for one in copies(script, start, min(start + AT_ONCE, beyond)):
            known = script.prototypes[one.prototype]
            lines, head = writer.lines(
                known.story,
                case=one.id,
                copy=one.id - script.crowd.first_case,
                number=one.number,
                owner=one.owner,
                late=one.late,
            )
            entries += lines
            heads.append(head)
            if known.words is not None:
                words.append(_words(one, known, known.words))
        for statement, rows in ((_ENTRIES, entries), (_HEADS, heads), (_WORDS, words)):
            with cursor.copy(statement) as copy:
                copy.write("".join(rows))


def _words(one: Copy, known: Prototype, form: WordsForm) -> str:
    values = (
        *(one.number, one.company.name, one.company.uscc, one.contact, one.phone, one.company.phone),
        *(one.owner_name, one.title, one.description, one.opinion),
    )
    found = {*known.tags, tags.company(one.company.id), tags.person(one.owner)}
    sources, folded = form.sources.fill(values), _folded(form.folded, values)
    return f"{one.id}\t{sources}\t{folded}\t{{{','.join(map(str, tags.kept(found)))}}}\n"


def _folded(form: Form, values: tuple[str, ...]) -> str:
    needed = {slot: fold(values[slot]) for slot in set(form.gaps)}
    return form.fill([needed.get(n, "") for n in range(len(values))])


if __name__ == "__main__":
    main()
