"""Companies that stand everywhere to the packaged policies: of their worked examples, some facts left out."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from qitong.accounts.enterprises import Registration
from qitong.policies import examples, publish, recheck
from qitong.policies.check import packaged
from qitong.policies.logic import keeping
from qitong.policies.logic.currency import year_of
from qitong.policies.logic.terms import Source
from qitong.policies.logic.units import Kind
from qitong.policies.models import CompanyFact
from tests.policies.desk import SYSTEM, new_company

LEFT_OUT = 0.12


def people(count: int, at: dt.datetime, seed: int = 1) -> list[Registration]:
    """So many companies, the packaged policies published and everybody judged."""
    made = [new_company(number) for number in range(1, count + 1)]
    publish.load(packaged(), by=SYSTEM, at=at - dt.timedelta(days=30))
    fields, random = packaged().fields, Random(seed)
    for one in made:
        CompanyFact.objects.bulk_create(
            CompanyFact(
                enterprise=one.enterprise,
                name=name,
                year=None if fields[name].kind is Kind.DATE else year_of(fields[name], at.date()),
                value=keeping.kept(fields[name], value),
                unit=fields[name].unit,
                source=Source.ANSWER.value,
                as_of=at.date(),
                given_by=one.administrator,
                given_at=at,
            )
            for name, value in _some_facts(random).items()
            if name in fields and random.random() > LEFT_OUT
        )
    recheck.run(by=SYSTEM, at=at)
    return made


def _some_facts(random: Random) -> dict[str, Any]:
    """One example of each policy; where two name a fact, the first to come is believed."""
    found: dict[str, Any] = {}
    entries = list(packaged().entries.values())
    random.shuffle(entries)
    for entry in entries:
        example = random.choice(entry.policy.examples)
        found = {**examples.known(entry.policy, entry.rule, example), **found}
    return found
