"""Publish checked policy files as dated versions; what is published already is not published twice.

Worked examples hold a file and say nothing to companies: where the program brings other ones and nothing
else, there is no new version, and nobody is judged again. People who change them publish a version of theirs.

A day belongs to the newest version that is in force from it or from before it. A policy never vanishes: one
that ends says so in its own data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from qitong.accounts.actors import Actor
from qitong.kernel.errors import Refused
from qitong.kernel.limits import SHANGHAI
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.policies import boundaries, recheck
from qitong.policies.change_models import Recheck
from qitong.policies.editing import PolicyDeed, demand
from qitong.policies.logic.terms import Sort, Stage
from qitong.policies.logic.turns import Cause
from qitong.policies.models import PolicyVersion

if TYPE_CHECKING:
    from qitong.policies.library import Library
    from qitong.policies.schema import Kept

STREAM = "policies"
SIZES = "company_sizes"
"""The code under which the table of company sizes is kept."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """``published``: the new versions. ``kept``: codes left alone, whose newest version a person published
    or begins later than these would. ``held``: codes that may not be published yet, for want of a number."""

    published: tuple[PolicyVersion, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    held: tuple[str, ...] = ()


def load(
    library: Library,
    *,
    by: Actor,
    at: dt.datetime,
    effective_on: dt.date | None = None,
    author: Actor | None = None,
) -> Loaded:
    """Publish what is new in ``library`` from ``effective_on`` on (default: the day of ``at`` in Shanghai).

    Files that were checked as a whole: all in one transaction, with one entry. The system does this with
    those that come with the program, whose examples are complete. Others have an ``author`` and are published
    by a second person, both policy editors (``forbidden``), and not while an example is wanting
    (``boundaries``).
    """
    _two_people(by, author)
    day = effective_on or at.astimezone(SHANGHAI).date()
    with transaction.atomic():
        one_at_a_time()
        newest = {row.code: row for row in _newest()}
        numbers = dict(PolicyVersion.objects.order_by("number").values_list("code", "number"))
        fresh, unchanged, kept = [], [], []
        for code, sort, file in _files(library):
            before, digest = newest.get(code), file.content_hash
            if before is not None and (
                before.content_hash == digest or (by.is_system and _only_examples(before, file))
            ):
                unchanged.append(code)
            elif before is not None and _stays(before, by, day):
                kept.append(code)
            else:
                if author is not None and code in library.entries:
                    boundaries.demand(library.entries[code].policy, library.entries[code].rule)
                row = _row(code, sort, file, numbers.get(code, 0) + 1, digest)
                row.effective_on, row.published_at, row.authored_at = day, at, at
                row.publisher_id, row.published_by = by.user_id, by.ref
                row.author_id, row.authored_by = (author.user_id, author.ref) if author else (None, by.ref)
                fresh.append(row)
        rows = PolicyVersion.objects.bulk_create(fresh)
        if rows:
            _note(rows, day, by, at, author)
        _look_again(library, rows, newest, day)
    held = tuple(code for code, entry in library.entries.items() if entry.policy.why_not_publish)
    return Loaded(tuple(rows), tuple(unchanged), tuple(kept), held)


def _two_people(by: Actor, author: Actor | None) -> None:
    if by.is_system and author is None:
        return
    if author is None or by.is_system:
        raise Refused(say("政策文件由系统载入；人工发布须由另一人复核。"), code="forbidden")
    demand(author, PolicyDeed.BEGIN)
    demand(by, PolicyDeed.PUBLISH, author.user_id)


def _stays(before: PolicyVersion, by: Actor, day: dt.date) -> bool:
    """What people published is not undone by what comes with the program, and no later day by an earlier."""
    return (before.publisher_id is not None and by.is_system) or (before.effective_on or day) > day


def _only_examples(before: PolicyVersion, file: Kept) -> bool:
    """Whether a file says the same as what is published, but for its worked examples."""
    return {**before.data, "examples": None} == {**file.canonical(), "examples": None}


def _look_again(
    library: Library, rows: list[PolicyVersion], newest: Mapping[str, PolicyVersion], day: dt.date
) -> None:
    """Who can get these is judged anew; where sizes are drawn otherwise, whoever is asked for theirs.

    What was never looked at although it was published, and all that the first load of a system brings, is
    looked at for the first time: that is news to nobody.
    """
    looked_at = set(Recheck.objects.values_list("policy", flat=True).distinct())
    fresh = {row.code: row for row in rows}
    here = [code for code in library.entries if code in fresh or code in newest]
    silent = {code for code in here if code not in looked_at and (code in newest or not newest)}
    for code in silent:
        row = fresh.get(code) or newest[code]
        recheck.plan(row, library.entries[code].policy, Cause.INSTALLED, day)
    for code, row in fresh.items():
        if row.sort == Sort.POLICY and code not in silent:
            recheck.plan(row, library.entries[code].policy)
        elif row.sort == Sort.SIZES:
            sized = [c for c in here if "size" in library.entries[c].rule.asked and c not in silent]
            recheck.ask(sized, day, Cause.PUBLISHED)
    if silent or fresh:
        recheck.defer()


def one_at_a_time() -> None:
    """Publishers follow each other until they commit: "the newest" is one, and numbers have no gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('qitong.policies.publish'))")


def _newest() -> Iterator[PolicyVersion]:
    rows = PolicyVersion.objects.filter(stage=Stage.PUBLISHED).order_by("code", "-effective_on", "-number")
    return rows.distinct("code").defer("data").iterator()


def _files(library: Library) -> Iterator[tuple[str, Sort, Kept]]:
    if library.sizes is not None:
        yield SIZES, Sort.SIZES, library.sizes.file
    for code, entry in library.entries.items():
        if not entry.policy.why_not_publish:
            yield code, Sort.POLICY, entry.policy


def _row(code: str, sort: Sort, file: Kept, number: int, digest: str) -> PolicyVersion:
    return PolicyVersion(
        code=code,
        sort=sort.value,
        number=number,
        stage=Stage.PUBLISHED.value,
        data=file.canonical(),
        content_hash=digest,
    )


def _note(rows: list[PolicyVersion], day: dt.date, by: Actor, at: dt.datetime, author: Actor | None) -> None:
    versions = [[row.code, row.number, row.content_hash] for row in rows]
    body = {"effective_on": day, "versions": versions, **({"author": author.ref} if author else {})}
    record(STREAM, "policies_published", by=by.ref, at=at, body=body)
