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

from django.db.models import F

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import FINAL_STATES, CaseState
from qitong.catalogue import queries as catalogue
from qitong.kernel.words import Named
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
    """A fact with where it comes from. ``value`` in base units; None: they said they do not know.

    ``department``: who shared it, where that was kept; ``consent_id``: under which consent.
    """

    spec: FieldSpec
    value: Any
    source: Source
    as_of: dt.date
    year: int | None = None
    department: Named | None = None
    consent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """``withheld``: what would count, had the consent under which alone it was shared not ended."""

    known: Mapping[str, Known]
    withheld: Mapping[str, Known]


@dataclass(frozen=True, eq=False)
class Mine:
    """One company on one day. ``applied``: the newest application of each policy."""

    enterprise: Enterprise
    on: dt.date
    edition: Edition
    spoken: Spoken
    unsuitable: Mapping[str, Unsuitable]
    applied: Mapping[str, Application]

    @property
    def known(self) -> Mapping[str, Known]:
        return self.spoken.known

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
        spoken_of(enterprise, edition.library.fields, on),
        {row.code: row for row in unsuitable},
        {row.version.code: row for row in applied.defer("version__data").order_by("case_id")},
    )


def known_of(enterprise: Enterprise, fields: Mapping[str, FieldSpec], on: dt.date) -> Mapping[str, Known]:
    """Of each fact what is newest and still says something on the day."""
    return spoken_of(enterprise, fields, on).known


def spoken_of(enterprise: Enterprise, fields: Mapping[str, FieldSpec], on: dt.date) -> Spoken:
    """What is known of a company on the day, and what is withheld: one query, or two."""
    rows = CompanyFact.objects.filter(enterprise=enterprise, as_of__lte=on)
    rows = rows.annotate(ended=F("consent__revoked_at"))
    newest = rows.order_by("name", "year", "ended", "-given_at", "-pk").distinct("name", "year", "ended")
    each = list(newest)
    names = _departments(on) if any(row.department for row in each) else {}
    current = [(row, one) for row in each if (one := _known(row, fields, names, on)) is not None]
    known = dict(_of_profile(enterprise, fields))
    known |= {row.name: one for row, one in current if row.ended is None}
    withheld = {row.name: one for row, one in current if row.ended is not None and row.name not in known}
    return Spoken(known, withheld)


def _departments(on: dt.date) -> Mapping[str, Named]:
    edition = catalogue.edition_or_none(on)
    return edition.department_names if edition else {}


def _known(
    row: CompanyFact, fields: Mapping[str, FieldSpec], names: Mapping[str, Named], on: dt.date
) -> Known | None:
    """A row as what is known; None when it no longer says anything on the day."""
    spec = fields.get(row.name)
    if spec is None or not is_current(spec, year=row.year, as_of=row.as_of, on=on):
        return None
    value = keeping.known(spec, row.unit, row.value)
    if value is None and (row.value is not None or on - row.as_of > ASK_AGAIN):
        return None
    return Known(
        spec, value, Source(row.source), row.as_of, row.year, names.get(row.department), row.consent_id
    )


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
