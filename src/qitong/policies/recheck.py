"""What is to be judged again, and when: asked for in the transaction that makes it due, done in batches.

A batch and how far it came are one transaction. A worker that dies leaves its row where the last whole
batch ended; whoever comes next goes on from there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.ledger.models import Entry
from qitong.policies import editions, gathering, lapsing
from qitong.policies.change_models import Recheck
from qitong.policies.logic.turns import Cause
from qitong.policies.models import CompanyFact, PolicyVersion
from qitong.policies.schema import Policy
from qitong.policies.sizing import INDUSTRY
from qitong.policies.turning import Why, judge

JOB = "policies.recheck"
BATCH = 500
"""Companies in one transaction."""


def ask(codes: Iterable[str], on: dt.date, cause: Cause) -> None:
    """Have these policies judged for every company from ``on`` on.

    What waits already waits once, and begins anew: those it has passed were judged by what was then. Its
    cause stays, so a version that comes out during the first look at a policy is part of that look.
    """
    wanted = sorted(set(codes))
    Recheck.objects.filter(policy__in=wanted, due_on=on, done_at=None).update(cursor=0)
    rows = [Recheck(policy=code, due_on=on, cause=cause.value) for code in wanted]
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


def plan(
    version: PolicyVersion,
    policy: Policy,
    cause: Cause = Cause.PUBLISHED,
    on: dt.date | None = None,
) -> None:
    """What a published version makes due: the day it takes effect (or ``on``), and its later days."""
    first = on or version.effective_on
    if first is None:
        return
    ask([version.code], first, cause)
    for day in days_of(policy):
        if day > first:
            ask([version.code], day, Cause.CALENDAR)


def defer() -> None:
    """Have it done soon after the present transaction; should this process die first, the timer finds it."""
    transaction.on_commit(_defer)


def _defer() -> None:
    if ProcrastinateJob.objects.filter(queueing_lock=JOB, status="todo").exists():
        return
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(JOB, lock=JOB, queueing_lock=JOB).defer()


def run(*, by: Actor, at: dt.datetime, batch: int = BATCH) -> int:
    """Do all that is due; how many companies were judged. Two at once do not do the same."""
    judged = 0
    while (count := step(by=by, at=at, batch=batch)) is not None:
        judged += count
    return judged


@transaction.atomic
def step(*, by: Actor, at: dt.datetime, batch: int = BATCH) -> int | None:
    """The next batch of what is due first, and of all that has come as far for the same cause.

    None when nothing is left to do, or another worker is at it.
    """
    waiting = Recheck.objects.select_for_update(skip_locked=True).filter(due_on__lte=day_of(at), done_at=None)
    rows = list(waiting.order_by("due_on", "pk"))
    if not rows:
        return None
    together = [row for row in rows if (row.cause, row.cursor) == (rows[0].cause, rows[0].cursor)]
    same = Recheck.objects.filter(pk__in=[row.pk for row in together])
    keys = gathering.keys_after(rows[0].cursor, batch)
    if not keys:
        same.update(done_at=at)
        return 0
    judge(keys, {row.policy for row in together}, Why(Cause(rows[0].cause)), by=by, at=at)
    if rows[0].cause != Cause.CALENDAR:
        _ages_anew({row.policy for row in together}, keys, day_of(at))
    same.update(cursor=keys[-1])
    return len(keys)


def _ages_anew(policies: Collection[str], keys: Sequence[int], on: dt.date) -> None:
    """New versions may ask for other ages: the days on which they are reached are set anew."""
    library = editions.on_day(on).library
    asked = {name for code in policies if (e := library.entries.get(code)) for name in e.rule.asked}
    if dates := lapsing.dates_of(asked, library):
        lapsing.plan(keys, dates, on=on)


def facts_changed(entries: Sequence[Entry], *, at: dt.datetime) -> None:
    """Judge the companies of which something was said or entered against the policies that read it.

    A company that is new is judged against all of them: some ask for nothing that has yet to be said. Done
    again it finds nothing: what is kept is what was found.
    """
    library = editions.on_day(day_of(at)).library
    groups: dict[Why, list[int]] = {}
    for entry in entries:
        number = entry.stream.removeprefix("enterprise:")
        if number.isdigit() and (why := _why(entry)) is not None:
            groups.setdefault(why, []).append(int(number))
    for why, keys in groups.items():
        is_new = why.cause is Cause.REGISTERED
        codes = list(library.entries) if is_new else gathering.using(library, why.facts)
        for first in range(0, len(keys) if codes else 0, BATCH):
            judge(keys[first : first + BATCH], codes, why, by=Actor.system("policies"), at=at)


def _why(entry: Entry) -> Why | None:
    """Which facts an entry is about, or that the company is new; None when it is about neither."""
    match entry.kind:
        case "enterprise.registered":
            return Why(Cause.REGISTERED)
        case "policy.fact_given":
            return Why(Cause.FACT, (str(entry.body["fact"]),), entry.by)
        case "policy.facts_shared":
            return Why(Cause.FACT, tuple(entry.body["facts"]))
        case "enterprise.contact_changed":
            return Why(Cause.FACT, (INDUSTRY,), entry.by)
        case "consent.revoked":
            under = CompanyFact.objects.filter(consent_id=entry.body["consent"])
            names = sorted(set(under.values_list("name", flat=True)))
            return Why(Cause.FACT, tuple(names), entry.by) if names else None
    return None


__all__ = ["BATCH", "ask", "days_of", "defer", "facts_changed", "plan", "run", "step"]
