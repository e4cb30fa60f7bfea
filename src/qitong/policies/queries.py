"""What a company can get on a day and why: its facts, every policy explained, the next question.

Four queries, whatever the number of policies: the versions of the day, the facts, what was declared
unsuitable, what was applied for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import FINAL_STATES, CaseState
from qitong.policies import asking, editions, matching, sections
from qitong.policies.editions import Edition
from qitong.policies.features import REGISTERED, derived, district_of
from qitong.policies.gathering import MONTHS, SIZE
from qitong.policies.logic import keeping
from qitong.policies.logic.choice import Group
from qitong.policies.logic.currency import ASK_AGAIN, is_current
from qitong.policies.logic.package import Thing
from qitong.policies.logic.question import Question
from qitong.policies.logic.rule import DISTRICT, FieldSpec
from qitong.policies.logic.terms import Source
from qitong.policies.matching import Match
from qitong.policies.models import Application, CompanyFact, Unsuitable
from qitong.policies.permissions import demand_member
from qitong.policies.sections import Section
from qitong.policies.sizing import INDUSTRY


@dataclass(frozen=True, slots=True)
class Known:
    """A fact with where it comes from. ``value`` in base units; None: they said they do not know."""

    spec: FieldSpec
    value: Any
    source: Source
    as_of: dt.date
    year: int | None = None


@dataclass(frozen=True, eq=False)
class Mine:
    """One company on one day. ``applied``: the newest application of each policy."""

    enterprise: Enterprise
    on: dt.date
    edition: Edition
    known: Mapping[str, Known]
    unsuitable: Mapping[str, Unsuitable]
    applied: Mapping[str, Application]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What is known, in base units, with what follows from it."""
        given = {name: one.value for name, one in self.known.items() if one.value is not None}
        return derived(given, self.on, self.edition.library)

    def behind(self, name: str) -> list[Known]:
        """What a fact that was not given follows from, as far as that is known; itself when it was given."""
        library = self.edition.library
        if self._says(name):
            return [self.known[name]]
        simpler = {MONTHS: [REGISTERED], SIZE: [INDUSTRY, *(library.sizes.fields if library.sizes else ())]}
        found = [other for each in simpler.get(name, [name]) for other in library.alike_to(each)]
        return [self.known[each] for each in dict.fromkeys(found) if each != name and self._says(each)]

    def _says(self, name: str) -> bool:
        return name in self.known and self.known[name].value is not None

    @cached_property
    def matches(self) -> list[Match]:
        """Every policy in force on the day."""
        return matching.match(self.edition.library, self.facts, self.on)

    @cached_property
    def proposed(self) -> list[Match]:
        """Those that were not declared unsuitable."""
        return [m for m in self.matches if m.entry.policy.id not in self.unsuitable]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The best choice among those that exclude each other."""
        return matching.choices(self.edition.library, self.proposed)

    @cached_property
    def sections(self) -> dict[Section, list[Match]]:
        return sections.sorted_out(self.matches, set(self.unsuitable))

    @cached_property
    def questions(self) -> list[Question]:
        """What is worth asking, the best first; without what they said they do not know."""
        declined = {name for name, one in self.known.items() if one.value is None}
        return asking.worth_asking(self.edition.library, self.proposed, self.facts, declined)

    def match(self, code: str) -> Match | None:
        """One policy, in force or not; None when there is none of that code."""
        if code not in self.edition.library.entries:
            return None
        found = next((m for m in self.matches if m.entry.policy.id == code), None)
        return found or matching.match(self.edition.library, self.facts, self.on, only=[code])[0]


def of_company(enterprise: Enterprise, *, by: Actor, on: dt.date) -> Mine:
    """What the company can get on ``on``; Refused (``forbidden``) for who does not act for it."""
    demand_member(by, enterprise.pk)
    edition = editions.on_day(on)
    unsuitable = Unsuitable.objects.filter(enterprise=enterprise, thing=Thing.POLICY, taken_back_at=None)
    applied = Application.objects.filter(case__enterprise=enterprise).select_related("case", "version")
    return Mine(
        enterprise,
        on,
        edition,
        known_of(enterprise, edition.library.fields, on),
        {row.code: row for row in unsuitable},
        {row.version.code: row for row in applied.defer("version__data").order_by("case_id")},
    )


def known_of(enterprise: Enterprise, fields: Mapping[str, FieldSpec], on: dt.date) -> dict[str, Known]:
    """Of each fact what is newest and still says something on the day."""
    found = dict(_of_profile(enterprise, fields))
    rows = CompanyFact.objects.filter(enterprise=enterprise, as_of__lte=on, consent__revoked_at=None)
    newest = rows.order_by("name", "year", "-given_at", "-pk").distinct("name", "year")
    for row in newest:
        spec = fields.get(row.name)
        if spec is None or not is_current(spec, year=row.year, as_of=row.as_of, on=on):
            continue
        value = keeping.known(spec, row.unit, row.value)
        if value is None and (row.value is not None or on - row.as_of > ASK_AGAIN):
            continue
        found[row.name] = Known(spec, value, Source(row.source), row.as_of, row.year)
    return found


def _of_profile(enterprise: Enterprise, fields: Mapping[str, FieldSpec]) -> dict[str, Known]:
    """The entry in this system. When it was made is not when the company was founded: that is asked."""
    since = day_of(enterprise.registered_at)
    values = {
        INDUSTRY: enterprise.industry_code,
        DISTRICT: district_of(enterprise.jurisdiction.code, enterprise.uscc),
    }
    return {
        name: Known(fields[name], value, Source.PROFILE, since)
        for name, value in values.items()
        if value and name in fields
    }


def is_open(application: Application) -> bool:
    """Whether its case is a draft or under way."""
    return CaseState(application.case.state) not in FINAL_STATES
