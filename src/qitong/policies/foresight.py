"""What is coming: the policies that begin, change, end or open in a span of days, and drafts in preparation.

Read from the published versions as they will be, so it needs no table of its own and changes with them. For
how many companies it would be is counted by :mod:`outlooks`; what one has to prepare says :mod:`preparing`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qitong.casework.logic.clock import day_of
from qitong.policies import editions
from qitong.policies.compiling import validity
from qitong.policies.consequences import entry_of
from qitong.policies.editions import Edition
from qitong.policies.foresight_models import Estimate, Outlook
from qitong.policies.library import Entry
from qitong.policies.logic import coming
from qitong.policies.logic.coming import Coming, Sort, Span
from qitong.policies.logic.quarters import Quarter
from qitong.policies.logic.terms import Sort as What
from qitong.policies.logic.terms import Stage
from qitong.policies.logic.tree import canonical
from qitong.policies.models import PolicyVersion

MOST_DRAFTS = 200
LOOK_ON = dt.timedelta(days=731)
"""So far it is looked for what comes next after a quarter in which nothing does."""
_DAY = dt.timedelta(days=1)
Key = tuple[str, str, dt.date]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that comes, and the policy as it will be then.

    ``mark`` names what companies are judged by: the key of a version, the content of a draft.
    """

    coming: Coming
    entry: Entry
    number: int
    mark: str
    draft: PolicyVersion | None = None
    successor: Entry | None = None

    @property
    def key(self) -> Key:
        return self.coming.policy, self.coming.sort.value, self.coming.first


def of_quarter(quarter: Quarter, on: dt.date) -> list[Item]:
    """All of a quarter as known today (``on``), by day; drafts after what is published."""
    return [*published(quarter.span, on), *drafts(quarter.span, on)]


def published(span: Span, on: dt.date, today: Edition | None = None) -> list[Item]:
    """What is published, by day. ``today``: the edition to begin with, if it is read already."""
    seen = editions.known()
    after = editions.on_day(span.last, seen)
    before = today or editions.on_day(span.first - _DAY, seen)
    fresh = _versions(span, seen)
    found = coming.within({code: entry.validity for code, entry in after.library.entries.items()}, span, on)
    begun = {one.policy for one in found if one.sort is Sort.BEGINS}
    for code, rows in fresh.items():
        for day, row in rows.items() if code not in begun and code in after.library.entries else ():
            found.append(Coming(Sort.BEGINS if row[1] == 1 else Sort.CHANGES, code, day))
    return [_item(one, before, after, fresh.get(one.policy, {})) for one in coming.in_order(found)]


Version = tuple[int, int]
"""Its key and its number."""


@lru_cache(maxsize=16)
def _versions(span: Span, seen: editions.Known) -> dict[str, dict[dt.date, Version]]:
    """Versions that take effect in the span, the last of each day; of first ones those published ahead.

    What is published never changes: while the same is ``seen``, they are read once in a process.
    """
    rows = PolicyVersion.objects.filter(
        stage=Stage.PUBLISHED, sort=What.POLICY, effective_on__gte=span.first, effective_on__lt=span.until
    ).only("code", "number", "effective_on", "published_at")
    found: dict[str, dict[dt.date, Version]] = {}
    for row in rows.order_by("effective_on", "number"):
        if row.effective_on is None or row.published_at is None:
            continue
        if row.number > 1 or day_of(row.published_at) < row.effective_on:
            found.setdefault(row.code, {})[row.effective_on] = row.pk, row.number
    return found


def _item(one: Coming, before: Edition, after: Edition, fresh: Mapping[dt.date, Version]) -> Item:
    """With the version that is in effect on the day it begins."""
    begun = [row for day, row in fresh.items() if day <= one.first]
    if begun:
        pk, number = begun[-1]
    elif one.policy in before.library.entries:
        pk, number = before.versions[one.policy]
    else:
        pk, number = after.versions[one.policy]
    policy, rule, matcher = editions.of_version(pk)
    successor = after.library.entries.get(policy.superseded_by or "")
    held = validity(policy, successor.policy if successor else None)
    return Item(one, Entry(policy, rule, matcher, held), number, f"version:{pk}", successor=successor)


def next_after(quarter: Quarter, on: dt.date) -> Item | None:
    """The first thing published or expected after a quarter, within :data:`LOOK_ON`; None: there is none."""
    until = quarter.until
    found = published(Span(until, until + LOOK_ON), on)
    return next((item for item in found if item.coming.first >= until), None)


def drafts(span: Span, on: dt.date) -> list[Item]:
    """Drafts that would hold in the span: they may come otherwise, later or not at all."""
    rows = PolicyVersion.objects.filter(stage=Stage.DRAFT, sort=What.POLICY).select_related("author")
    found = []
    for row in rows.order_by("code")[:MOST_DRAFTS]:
        entry = _drafted(row)
        first, end = max(span.first, entry.validity.since), coming.end_of(entry.validity)
        if first < span.until and (end is None or end > max(first, on)):
            one = Coming(Sort.DRAFT, row.code, first)
            found.append(Item(one, entry, row.number, row.content_hash, draft=row))
    return found


def windows_ahead(on: dt.date) -> list[tuple[Coming, Entry]]:
    """Every window that is not over, announced or expected, of what is published for today, by day."""
    library = editions.on_day(on).library
    validities = {code: entry.validity for code, entry in library.entries.items()}
    found = coming.within(validities, Span(on, dt.date.max), on)
    return [(one, library.entries[one.policy]) for one in found if one.sort in (Sort.WINDOW, Sort.EXPECTED)]


_DRAFTED: dict[str, Entry] = {}


def _drafted(row: PolicyVersion) -> Entry:
    """Compiled once for each content."""
    if row.content_hash not in _DRAFTED:
        if len(_DRAFTED) >= MOST_DRAFTS:
            _DRAFTED.clear()
        _DRAFTED[row.content_hash] = entry_of(row)
    return _DRAFTED[row.content_hash]


def contents(items: Sequence[Item]) -> str:
    """Names what there is to count, in 64 characters."""
    told = [[*map(str, item.key), str(item.coming.last), item.mark] for item in items]
    return hashlib.sha256(canonical(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Counted:
    """The newest count of a quarter that is done, and whether another is under way."""

    outlook: Outlook | None
    under_way: Outlook | None
    estimates: Mapping[Key, Estimate]

    def of(self, item: Item) -> Estimate | None:
        """The estimate of what is there now; None while the policy or draft has changed since."""
        found = self.estimates.get(item.key)
        return found if found is not None and found.mark == item.mark else None


def counted(quarter: Quarter) -> Counted:
    rows = list(Outlook.objects.filter(quarter=str(quarter)).order_by("-pk")[:2])
    done = next((row for row in rows if row.done_at is not None), None)
    found = Estimate.objects.filter(outlook=done) if done else Estimate.objects.none()
    return Counted(
        done,
        next((row for row in rows if row.done_at is None), None),
        {(row.policy, row.sort, row.first): row for row in found},
    )


__all__ = [
    "Counted",
    "Item",
    "contents",
    "counted",
    "drafts",
    "next_after",
    "of_quarter",
    "published",
    "windows_ahead",
]
