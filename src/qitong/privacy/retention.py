"""What has been kept long enough goes, every night: in batches, each case in its own transaction.

A night that is broken off goes on the next; what is gone is gone, so nothing is done twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts import showing
from qitong.accounts.actors import Actor
from qitong.accounts.models import Visit
from qitong.casework import drafts
from qitong.casework.erasing import erase_case
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseState
from qitong.casework.models import Case
from qitong.insight.logic.terms import Kind, Standing
from qitong.insight.models import Fact
from qitong.ledger.record import record
from qitong.notifications import erasing as messages
from qitong.policies import erasing as policies
from qitong.privacy.logic.periods import Kept

STREAM = "system:retention"
_OVER = (Standing.CLOSED.value, Standing.ENDED.value)
BATCH = 200
MOST = 5_000
"""Of each kind in one night: what is more waits for the next, and people do not wait for it."""


def sweep(*, by: Actor, at: dt.datetime) -> dict[str, int]:
    """Take what is due of every kind; how many of each, and one entry when there was anything."""
    taken = {kind.value: work(by, at) for kind, work in _KINDS.items()}
    showing.clear(at=at)
    if found := {kind: count for kind, count in taken.items() if count}:
        with transaction.atomic():
            record(STREAM, "retention.swept", by=by.ref, at=at, body=found)
    return taken


def _before(kind: Kept, at: dt.datetime) -> dt.datetime:
    period: dt.timedelta = settings.RETENTION[kind]
    return at - period


def _drafts(by: Actor, at: dt.datetime) -> int:
    old = Case.objects.filter(state=CaseState.DRAFT, created_at__lt=_before(Kept.DRAFTS, at))
    count = 0
    for pk in _ids(old.order_by("created_at", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            drafts.discard(case_id=pk, by=by, at=at)
            count += erase_case(case_id=pk, why="retention", by=by, at=at)
    return count


def _withdrawn(by: Actor, at: dt.datetime) -> int:
    """What was handed in is known by its fact; a draft that was given up, by when it was opened."""
    given_up = Case.objects.filter(
        state=CaseState.WITHDRAWN, submitted_at=None, created_at__lt=_before(Kept.WITHDRAWN, at)
    ).filter(erased_at=None)
    handed_in = _ended(Kept.WITHDRAWN, at).filter(case__state=CaseState.WITHDRAWN)
    ids = [*_ids(given_up.order_by("pk").values_list("pk", flat=True)), *_ids(handed_in)]
    return sum(erase_case(case_id=pk, why="retention", by=by, at=at) for pk in ids)


def _cases(by: Actor, at: dt.datetime) -> int:
    due = _ended(Kept.CASES, at).exclude(case__state=CaseState.WITHDRAWN)
    return sum(erase_case(case_id=pk, why="retention", by=by, at=at) for pk in _ids(due))


def _ended(kind: Kept, at: dt.datetime) -> QuerySet[Fact, int]:
    """The cases that ended long enough ago and still have their own."""
    rows = Fact.objects.filter(
        kind=Kind.CASE.value, standing__in=_OVER, ended_on__lt=day_of(_before(kind, at)), case__erased_at=None
    )
    return rows.order_by("ended_on", "id").values_list("case_id", flat=True)


def _ids(found: QuerySet[Any, int]) -> list[int]:
    return list(found[:MOST])


def _in_batches(take: Callable[[], int]) -> int:
    total = 0
    while total < MOST and (count := take()):
        total += count
    return total


def _messages(by: Actor, at: dt.datetime) -> int:
    before = _before(Kept.MESSAGES, at)
    return _in_batches(lambda: messages.forget_before(before, by=by, most=BATCH))


def _facts(by: Actor, at: dt.datetime) -> int:
    before = _before(Kept.FACTS, at)
    return _in_batches(lambda: policies.forget_before(before, by=by, at=at, most=BATCH))


def _packages(by: Actor, at: dt.datetime) -> int:
    before = _before(Kept.PACKAGES, at)
    return _in_batches(lambda: policies.forget_packages_before(before, by=by, at=at, most=BATCH))


def _visits(by: Actor, at: dt.datetime) -> int:
    return Visit.objects.filter(started_at__lt=_before(Kept.VISITS, at), ended_at__isnull=False).delete()[0]


_KINDS: dict[Kept, Callable[[Actor, dt.datetime], int]] = {
    Kept.DRAFTS: _drafts,
    Kept.WITHDRAWN: _withdrawn,
    Kept.CASES: _cases,
    Kept.MESSAGES: _messages,
    Kept.VISITS: _visits,
    Kept.FACTS: _facts,
    Kept.PACKAGES: _packages,
}
