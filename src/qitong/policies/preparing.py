"""What one company has to prepare: of what comes, that which it can get, may get, or almost could.

Judged as of the day something begins or opens, by what is known of the company today; which answers will be
out of date by then is told beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.catalogue.calendar import current, newest_row
from qitong.catalogue.queries import edition, edition_pk
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar
from qitong.policies import asking, foresight, papers, queries
from qitong.policies.features import REGISTERED, derived
from qitong.policies.foresight import Item
from qitong.policies.logic import currency, quarters
from qitong.policies.logic.coming import MOST_LEAD, Sort, Span, begin_by
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.terms import Source
from qitong.policies.logic.turns import MET
from qitong.policies.matching import Match
from qitong.policies.outlooks import AHEAD
from qitong.policies.papers import Paper, Standing
from qitong.policies.queries import Mine
from qitong.policies.sections import Section, section_of


@dataclass(frozen=True, slots=True)
class Renewal:
    """A fact whose present answer is good for the last time on ``last``, before it is judged."""

    spec: FieldSpec
    last: dt.date


@dataclass(frozen=True, slots=True)
class Preparation:
    """One thing that comes, for one company.

    ``ask``: facts that are missing and worth giving, the best first. ``papers``: each with what is there of
    it. ``begin_by`` is None for what only ends; ``workdays``: how many that leaves;
    ``provisional``: counted in a year whose holidays are not announced yet.
    """

    item: Item
    match: Match
    section: Section
    ask: tuple[FieldSpec, ...]
    renew: tuple[Renewal, ...]
    papers: tuple[Paper, ...]
    begin_by: dt.date | None
    workdays: int
    provisional: bool

    @property
    def meets(self) -> bool:
        """Whether the rules are met, a person's judgement left at most."""
        return self.match.found.outcome in MET


@dataclass(frozen=True, slots=True)
class Plan:
    mine: Mine
    span: Span
    prepare: tuple[Preparation, ...]
    """What begins, changes or opens, by day."""
    ending: tuple[Preparation, ...]
    """What ends and it can get now, or could once something is known or reached."""

    def has_applied(self, one: Preparation) -> bool:
        """Whether an application was handed in since the window opened."""
        found = self.mine.applied.get(one.item.coming.policy)
        moment = found.case.submitted_at if found else None
        return moment is not None and day_of(moment) >= one.item.coming.first


def horizon(on: dt.date) -> Span:
    """This quarter and the next two."""
    now = quarters.quarter_of(on)
    return Span(now.first, now.later(AHEAD).until)


def of_company(enterprise: Enterprise, *, by: Actor, on: dt.date) -> Plan:
    """What the company has to prepare; Refused (``forbidden``) for who does not act for it.

    Left out is what was declared unsuitable, and what its facts say no to by more than one condition.
    """
    mine = queries.of_company(enterprise, by=by, on=on)
    span = horizon(on)
    judged = [
        (item, match)
        for item in _concerning(mine, foresight.published(span, on, mine.edition))
        if section_of(match := _judged(mine, item)) is not Section.NOT
    ]
    row = Enterprise.objects.filter(pk=enterprise.pk).values_list(newest_row(), edition_pk(on)).get()
    calendar, catalogue = current(row[0]), edition(row[1]) if row[1] else None
    held = papers.of(enterprise.pk, (item.entry.policy for item, _ in judged), catalogue)
    plans = [_prepared(mine, item, match, held[item.entry.policy.id], calendar) for item, match in judged]
    return Plan(
        mine,
        span,
        tuple(one for one in plans if one.item.coming.sort is not Sort.ENDS),
        tuple(one for one in plans if one.item.coming.sort is Sort.ENDS),
    )


def _concerning(mine: Mine, items: Sequence[Item]) -> Iterator[Item]:
    """What is not over and not unwanted; of a policy that begins with a window, the window."""
    ahead = [item for item in items if not item.coming.is_over(mine.on)]
    windows = {one.coming.policy for one in ahead if one.coming.sort in (Sort.WINDOW, Sort.EXPECTED)}
    for item in ahead:
        code, sort = item.coming.policy, item.coming.sort
        by_window = code in windows and sort in (Sort.BEGINS, Sort.CHANGES)
        if code not in mine.unsuitable and not by_window:
            yield item


MOST_COMPANIES = 20


def windows(actor: Actor, on: dt.date) -> Iterator[tuple[Enterprise, Preparation]]:
    """The announced windows that a person's companies can use and have not applied in yet, by company."""
    companies = Enterprise.objects.filter(pk__in=actor.enterprise_ids).order_by("pk")
    for company in companies[:MOST_COMPANIES]:
        plan = of_company(company, by=actor, on=on)
        for one in plan.prepare:
            if one.item.coming.sort is Sort.WINDOW and one.meets and not plan.has_applied(one):
                yield company, one


def _given(mine: Mine) -> dict[str, Any]:
    return {name: one.value for name, one in mine.known.items() if one.value is not None}


def _judged(mine: Mine, item: Item) -> Match:
    on = item.coming.judged_on(mine.on)
    facts = derived(_given(mine), on, mine.edition.library)
    return Match(item.entry, item.entry.standing(on), item.entry.matcher.explain(facts))


def _prepared(
    mine: Mine, item: Item, match: Match, held: tuple[Paper, ...], calendar: Calendar
) -> Preparation:
    ask = tuple(_asked(mine, match))
    renew = tuple(_renewals(mine, item))
    begin, left, provisional = None, 0, False
    if item.coming.sort is not Sort.ENDS:
        lacking = len(ask) + len(renew) + sum(paper.standing is Standing.MISSING for paper in held)
        begin, left, provisional = _begin(calendar, item.coming.ready_by, lacking, mine.on)
    return Preparation(item, match, section_of(match), ask, renew, held, begin, left, provisional)


def _asked(mine: Mine, match: Match) -> Iterator[FieldSpec]:
    """What to give, simpler facts before what follows from them; also what only a coming policy asks for."""
    found = asking.worth_asking(mine.edition.library, [match], match.found.facts, ())
    known = {**match.entry.rule.fields, **mine.edition.library.fields}
    names = [question.fact for question in found] or list(match.found.missing)
    yield from (known[name] for name in names if name in known)


def _renewals(mine: Mine, item: Item) -> Iterator[Renewal]:
    judged_on = item.coming.judged_on(mine.on)
    for name in _read(mine, item.entry.rule.asked):
        one = mine.known.get(name)
        if one is None or one.value is None:
            continue
        days = currency.span(one.spec, year=one.year, as_of=one.as_of)
        until = days[1] if days else None
        if until is not None and until <= judged_on and one.source is not Source.PROFILE:
            yield Renewal(one.spec, until - dt.timedelta(days=1))


def _read(mine: Mine, asked: Collection[str]) -> list[str]:
    """What the policy asks for, and what that follows from."""
    sizes = mine.edition.library.sizes
    simpler = list(sizes.fields) if sizes and "size" in asked else []
    return list(dict.fromkeys([*asked, *simpler, REGISTERED]))


def _begin(calendar: Calendar, ready_by: dt.date, lacking: int, on: dt.date) -> tuple[dt.date, int, bool]:
    try:
        day = begin_by(calendar, ready_by=ready_by, lacking=lacking, on=on)
        return day, calendar.between(day, ready_by), calendar.touches_provisional(day, ready_by)
    except Refused:  # beyond every calendar
        return max(on, ready_by - dt.timedelta(days=60)), MOST_LEAD, True


__all__ = ["Plan", "Preparation", "Renewal", "horizon", "of_company"]
