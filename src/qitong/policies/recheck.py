"""What is to be judged again, and when: asked for in the transaction that makes it due, done in batches.

A batch and how far it came are one transaction. A worker that dies leaves its row where the last whole
batch ended; whoever comes next goes on from there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.ledger.models import Entry
from qitong.policies import editions, gathering, lapsing
from qitong.policies.change_models import Recheck
from qitong.policies.logic.turns import Cause
from qitong.policies.models import PolicyVersion
from qitong.policies.schema import Policy
from qitong.policies.turning import Why, judge

BATCH = 500
"""Companies in one transaction."""


def ask(codes: Iterable[str], on: dt.date, cause: Cause) -> None:
    """Have these policies judged for every company from ``on`` on; what waits already waits once."""
    rows = [Recheck(policy=code, due_on=on, cause=cause.value) for code in sorted(set(codes))]
    Recheck.objects.bulk_create(rows, ignore_conflicts=True)


def days_of(policy: Policy) -> set[dt.date]:
    """The days on which its force or a window changes: first days, and days after the last."""
    day = dt.timedelta(days=1)
    found = {policy.valid.from_}
    if policy.valid.to:
        found.add(policy.valid.to + day)
    for window in policy.windows:
        found |= {window.open, window.close + day}
    return found


def plan(version: PolicyVersion, policy: Policy) -> None:
    """What a published version makes due: the day it takes effect, and its later days of the calendar."""
    if version.effective_on is None:
        return
    ask([version.code], version.effective_on, Cause.PUBLISHED)
    for day in days_of(policy):
        if day > version.effective_on:
            ask([version.code], day, Cause.CALENDAR)


def defer() -> None:
    """Have it done soon after the present transaction; should this process die first, the timer finds it."""
    transaction.on_commit(_defer)


def _defer() -> None:
    from qitong.policies.jobs import WAITING, recheck_due

    if ProcrastinateJob.objects.filter(queueing_lock=WAITING, status="todo").exists():
        return
    with suppress(AlreadyEnqueued), transaction.atomic():
        recheck_due.defer()


def due(on: dt.date) -> list[int]:
    """The rows that are due and not yet done, oldest first."""
    rows = Recheck.objects.filter(due_on__lte=on, done_at=None).order_by("due_on", "pk")
    return list(rows.values_list("pk", flat=True))


def run(*, by: Actor, at: dt.datetime, batch: int = BATCH) -> int:
    """Do all that is due; how many companies were judged. Two at once do not do the same."""
    judged = 0
    for pk in due(day_of(at)):
        while (count := step(pk, by=by, at=at, batch=batch)) is not None:
            judged += count
    return judged


@transaction.atomic
def step(pk: int, *, by: Actor, at: dt.datetime, batch: int = BATCH) -> int | None:
    """The next batch of one row; None when it is done, or another worker has it."""
    row = Recheck.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if row is None:
        return None
    keys = gathering.keys_after(row.cursor, batch)
    if not keys:
        Recheck.objects.filter(pk=pk).update(done_at=at)
        return None
    judge(keys, [row.policy], Why(Cause(row.cause)), by=by, at=at)
    if row.cause == Cause.PUBLISHED:
        _ages_anew(row.policy, keys, day_of(at))
    Recheck.objects.filter(pk=pk).update(cursor=keys[-1])
    return len(keys)


def _ages_anew(policy: str, keys: Sequence[int], on: dt.date) -> None:
    """A new version may ask for other ages: the days on which they are reached are set anew."""
    library = editions.on_day(on).library
    if entry := library.entries.get(policy):
        dates = lapsing.dates_of(entry.rule.asked, library)
        if dates:
            lapsing.plan(keys, dates, on=on)


def facts_changed(entries: Sequence[Entry], *, at: dt.datetime) -> None:
    """Judge the companies of which something was said, against the policies that read it.

    Done again it finds nothing: what is kept is what was found.
    """
    library = editions.on_day(day_of(at)).library
    for entry in entries:
        number = entry.stream.removeprefix("enterprise:")
        codes = gathering.using(library, str(entry.body.get("fact", "")))
        if number.isdigit() and codes:
            why = Why(Cause.FACT, fact=str(entry.body["fact"]), given_by=entry.by)
            judge([int(number)], codes, why, by=Actor.system("policies"), at=at)


__all__ = ["BATCH", "ask", "days_of", "defer", "due", "facts_changed", "plan", "run", "step"]
