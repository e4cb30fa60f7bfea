"""Windows are called out: a company that can get a policy is told when one opens and before it closes.

What is due is read from the policies in force, not from companies; each call then goes through the companies
that hold the policy, in batches, by an index. A batch, how far it came and its entries are one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import ZONE, day_of
from qitong.casework.logic.flow import CaseState
from qitong.catalogue.calendar import current
from qitong.ledger.record import NewEntry, record_many
from qitong.policies import editions
from qitong.policies.change_models import Change, Holding
from qitong.policies.editions import Edition
from qitong.policies.foresight_models import Call, Notice
from qitong.policies.logic import calling
from qitong.policies.logic.calling import Due
from qitong.policies.logic.package import Thing
from qitong.policies.logic.standing import Window
from qitong.policies.models import Application, Unsuitable

BATCH = 500
"""Companies in one transaction."""
KINDS = {kind: f"policy.window_{kind.value}" for kind in calling.Call}


def run(*, by: Actor, at: dt.datetime, batch: int = BATCH) -> int:
    """Call out all that is due and not yet done, however late in its window; how many companies were told."""
    ask(day_of(at))
    told = 0
    for pk in Call.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True):
        while (count := step(pk, by=by, at=at, batch=batch)) is not None:
            told += count
    return told


def ask(on: dt.date) -> None:
    """Have the windows of the day called out, each once."""
    calendar = current()
    wanted = [
        Call(policy=entry.policy.id, kind=due.kind.value, opens=due.window.opens, due_on=due.due_on)
        for entry in editions.on_day(on).library.in_force(on)
        for due in calling.due(entry.validity, calendar, on)
    ]
    known = Call.objects.filter(policy__in={call.policy for call in wanted})
    there = set(known.values_list("policy", "kind", "opens")) if wanted else set()
    fresh = [call for call in wanted if (call.policy, call.kind, call.opens) not in there]
    if fresh:
        Call.objects.bulk_create(fresh, ignore_conflicts=True)


@transaction.atomic
def step(pk: int, *, by: Actor, at: dt.datetime, batch: int = BATCH) -> int | None:
    """The next batch of one call, how many were told; None when it is done, or another worker has it."""
    row = Call.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if row is None:
        return None
    edition = editions.on_day(day_of(at))
    due = _still(edition, row, day_of(at))
    keys = _holders(row, batch) if due else []
    if due is None or not keys:
        Call.objects.filter(pk=pk).update(done_at=at)
        return None
    chosen = _concerned(row, due, keys)
    notices = Notice.objects.bulk_create(
        [
            Notice(enterprise_id=key, policy=row.policy, kind=row.kind, opens=row.opens, at=at)
            for key in chosen
        ]
    )
    record_many(_entries(notices, edition, due.window, by=by))
    Call.objects.filter(pk=pk).update(cursor=keys[-1], told=row.told + len(notices))
    return len(notices)


def _still(edition: Edition, row: Call, on: dt.date) -> Due | None:
    """The window as it is announced today; None when it is over, moved or taken back."""
    entry = edition.library.entries.get(row.policy)
    if entry is None or not entry.standing(on).in_force:
        return None
    found = calling.due(entry.validity, current(), on)
    return next((due for due in found if due.kind == row.kind and due.window.opens == row.opens), None)


def _holders(row: Call, batch: int) -> list[int]:
    """The next companies that can get the policy, in the order of their keys."""
    rows = Holding.objects.filter(policy=row.policy, holds=True, enterprise_id__gt=row.cursor)
    return list(rows.order_by("enterprise_id").values_list("enterprise_id", flat=True)[:batch])


def _concerned(row: Call, due: Due, keys: Sequence[int]) -> list[int]:
    """Those that want it, have not applied in this window, and were not told otherwise since it is due."""
    noticed = Notice.objects.filter(
        enterprise_id__in=keys, policy=row.policy, kind=row.kind, opens=row.opens
    ).values_list("enterprise_id", flat=True)
    gained = Change.objects.filter(
        enterprise_id__in=keys, policy=row.policy, told=True, on__gte=due.due_on
    ).values_list("enterprise_id", flat=True)
    out = {*noticed, *gained, *_unsuitable(keys, row.policy), *_applied(keys, row.policy, due.window)}
    return [key for key in keys if key not in out]


def _unsuitable(keys: Sequence[int], policy: str) -> Iterator[int]:
    rows = Unsuitable.objects.filter(
        enterprise_id__in=keys, thing=Thing.POLICY, code=policy, taken_back_at=None
    )
    yield from rows.values_list("enterprise_id", flat=True)


def _applied(keys: Sequence[int], policy: str, window: Window) -> Iterator[int]:
    """Who has handed in an application since the window opened; a draft is none."""
    since = dt.datetime.combine(window.opens, dt.time.min, ZONE)
    rows = Application.objects.filter(
        case__enterprise_id__in=keys, version__code=policy, case__submitted_at__gte=since
    ).exclude(case__state=CaseState.DRAFT)
    yield from rows.values_list("case__enterprise_id", flat=True)


def is_wanted(notice: Notice, on: dt.date) -> bool:
    """Whether it still has to be told: the window is open, the company wants it and has not applied."""
    entry = editions.on_day(on).library.entries.get(notice.policy)
    if entry is None:
        return False
    found = calling.due(entry.validity, current(), on)
    window = next((due.window for due in found if due.window.opens == notice.opens), None)
    if window is None:
        return False
    keys = [notice.enterprise_id]
    return not [*_unsuitable(keys, notice.policy), *_applied(keys, notice.policy, window)]


def _entries(rows: Sequence[Notice], edition: Edition, window: Window, *, by: Actor) -> Iterator[NewEntry]:
    for row in rows:
        policy = edition.library.entries[row.policy].policy
        version, number = edition.versions[row.policy]
        body = {
            "notice": row.pk,
            "policy": row.policy,
            "version": number,
            "version_id": version,
            "title": {"zh": policy.name.zh, "en": policy.name.en},
            "opens_on": window.opens.isoformat(),
            "closes_on": window.last.isoformat(),
        }
        kind = KINDS[calling.Call(row.kind)]
        yield NewEntry(stream=f"enterprise:{row.enterprise_id}", kind=kind, by=by.ref, at=row.at, body=body)


__all__ = ["BATCH", "ask", "is_wanted", "run", "step"]
