"""A draft becomes a version: a second editor publishes it, and who is affected is judged again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.casework.move import person
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.policies import boundaries, recheck
from qitong.policies.consequence_models import Count
from qitong.policies.drafting import checked, locked, newest
from qitong.policies.editing import PolicyDeed, demand
from qitong.policies.logic.terms import Stage
from qitong.policies.models import PolicyVersion, Unfinished
from qitong.policies.publish import STREAM, one_at_a_time


@transaction.atomic
def publish(*, draft_id: int, seen: str, effective_on: dt.date, by: Actor, at: dt.datetime) -> PolicyVersion:
    """Publish exactly what was seen (``seen``: its hash), from ``effective_on`` on, today or later.

    Refused: ``forbidden`` (its author too), ``stale`` (changed since, or another version came out meanwhile),
    ``uncounted``, ``past``, ``boundaries`` (a place that no example holds), and what the check finds: no
    number, basis or validity, an example that fails.
    """
    one_at_a_time()
    draft = locked(draft_id)
    demand(by, PolicyDeed.PUBLISH, draft.author_id)
    if draft.content_hash != seen:
        raise Refused(say("草稿在您打开之后已被修改。请重新核对后再发布。"), code="stale")
    if not Count.objects.filter(draft=draft, content_hash=seen, done_at__isnull=False).exists():
        raise Refused(say("请先测算发布后的影响，看清谁得谁失，再发布。"), code="uncounted")
    last = newest(draft.code)
    if (last.pk if last else None) != draft.base_id:
        raise Refused(say("起草之后已发布了别的版本。请作废草稿，从最新版本重新起草。"), code="stale")
    day = day_of(at)
    if effective_on < day or (last and last.effective_on and effective_on < last.effective_on):
        raise Refused(say("生效日期不能早于今天，也不能早于上一版本。"), code="past", field="effective_on")
    found = checked(draft.data, draft.code, max(day, effective_on))
    policy = found.policy
    boundaries.demand(policy, found.rule)
    draft.stage = Stage.PUBLISHED.value
    draft.effective_on, draft.published_at = effective_on, at
    draft.publisher_id, draft.published_by = person(by), by.ref
    draft.save()
    Unfinished.objects.filter(code=draft.code, fresh=False).delete()
    recheck.plan(draft, policy)
    body = {
        "policy": draft.code,
        "number": draft.number,
        "hash": draft.content_hash,
        "effective_on": effective_on,
        "author": draft.authored_by,
    }
    record(STREAM, "policy.published", by=by.ref, at=at, body=body)
    recheck.defer()
    return draft
