"""What a company says of itself: a new answer is a new row, and what was said before stays."""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.policies import editions, lapsing
from qitong.policies.logic import keeping
from qitong.policies.logic.currency import year_of
from qitong.policies.logic.keeping import Given
from qitong.policies.logic.terms import Source
from qitong.policies.models import CompanyFact
from qitong.policies.permissions import demand_member

GIVEN = "policy.fact_given"


@transaction.atomic
def answer(*, enterprise_id: int, name: str, value: Given | None, by: Actor, at: dt.datetime) -> CompanyFact:
    """Keep what a member says of the company today; None: they do not know, and are not asked again soon.

    The same answer twice on one day is one. Refused: who does not act for the company (``forbidden``), a fact
    no policy asks for (``not_found``), a value that cannot be it (``fact``, with the fact as ``field``). The
    ledger has what was answered, not the figure: that stands beside it and can be erased.
    """
    demand_member(by, enterprise_id)
    on = day_of(at)
    spec = editions.on_day(on).library.fields.get(name)
    if spec is None:
        raise Refused(say("没有政策问到“{name}”。", name=name), code="not_found", field="name")
    kept = None if value is None else keeping.kept(spec, keeping.value(spec, value))
    year = year_of(spec, on)
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)  # one answer at a time
    before = CompanyFact.objects.filter(enterprise_id=enterprise_id, name=name, year=year)
    last = before.order_by("-given_at", "-pk").first()
    if last and (last.value, last.unit, last.as_of, last.source) == (kept, spec.unit, on, Source.ANSWER):
        return last
    fact = CompanyFact.objects.create(
        enterprise_id=enterprise_id,
        name=name,
        year=year,
        value=kept,
        unit=spec.unit,
        source=Source.ANSWER.value,
        as_of=on,
        given_by_id=by.user_id,
        given_at=at,
    )
    lapsing.plan([enterprise_id], [name], on=on)
    body = {"fact": name, "year": year, "unit": spec.unit, "source": fact.source, "known": kept is not None}
    text = {"value": json.dumps(kept, ensure_ascii=False)} if kept is not None else None
    record(f"enterprise:{enterprise_id}", GIVEN, by=by.ref, at=at, body=body, personal=text)
    return fact
