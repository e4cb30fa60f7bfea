"""A ledger entry together with what has to be known to tell somebody of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qitong.accounts.actors import Role
from qitong.accounts.logic.substitutes import resolve
from qitong.accounts.models import Department, Jurisdiction, User
from qitong.accounts.queries import absences_on, leaders_of, members, officers_of
from qitong.casework.models import Case, Task
from qitong.ledger.models import Entry

USER = "user:"
CASE = "case:"


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry; ``case`` and ``task`` are as they are now, which may be later than the entry."""

    id: int
    kind: str
    stream: str
    by: str
    at: dt.datetime
    body: Mapping[str, Any]
    case: Case | None
    task: Task | None


@dataclass(slots=True)
class People:
    """Who holds what on the day ``on``; each question is asked of the database once."""

    on: dt.date
    _officers: dict[tuple[int, tuple[Role, ...]], frozenset[int]] = field(default_factory=dict)
    _members: dict[int, frozenset[int]] = field(default_factory=dict)
    _leaders: dict[int, frozenset[int]] = field(default_factory=dict)
    _departments: dict[str, Department] = field(default_factory=dict)
    _absent: dict[int, int] | None = None

    def department(self, name: object) -> Department | None:
        """The department of a name as entries keep it, ``{"zh": …, "en": …}``."""
        if not self._departments:
            self._departments = {d.name_zh: d for d in Department.objects.all()}
        return self._departments.get(name.get("zh", "")) if isinstance(name, Mapping) else None

    def officers(self, department: Department, *roles: Role) -> frozenset[int]:
        """Who holds one of the roles there, and who stands in for those who are absent."""
        asked = department.pk, roles
        if asked not in self._officers:
            found = officers_of(department, roles, self.on)
            self._officers[asked] = self.with_substitutes(user.pk for user in found)
        return self._officers[asked]

    def leaders(self, jurisdiction: Jurisdiction) -> frozenset[int]:
        """The leaders in charge, and who stands in for those who are absent."""
        if jurisdiction.pk not in self._leaders:
            found = leaders_of(jurisdiction, self.on)
            self._leaders[jurisdiction.pk] = self.with_substitutes(user.pk for user in found)
        return self._leaders[jurisdiction.pk]

    def company(self, case: Case) -> frozenset[int]:
        return self.company_of(case.enterprise_id)

    def company_of(self, enterprise_id: int) -> frozenset[int]:
        if enterprise_id not in self._members:
            found = members(enterprise_id)
            self._members[enterprise_id] = frozenset(m.user_id for m in found)
        return self._members[enterprise_id]

    def with_substitutes(self, users: Iterable[int]) -> frozenset[int]:
        """These people and, for who is absent today, whoever does their work."""
        if self._absent is None:
            self._absent = absences_on(self.on)
        asked = frozenset(users)
        standing_in = {resolve(user, self._absent) for user in asked if user in self._absent}
        return asked | frozenset(user for user in standing_in if user is not None)


def facts_of(entries: Sequence[Entry]) -> list[Fact]:
    """The entries with their cases and tasks, in order; three queries however many there are."""
    cases = _cases(entries)
    tasks = _tasks(entries)
    found = []
    for entry in entries:
        task = tasks.get(_task_id(entry) or 0)
        case = cases.get(_case_id(entry) or 0)
        if task is not None and case is not None:
            task.case = case
        found.append(
            Fact(entry.id, entry.kind, entry.stream, entry.by, entry.at, entry.body, case=case, task=task)
        )
    return found


def user_of(ref: object) -> frozenset[int]:
    """The primary key in ``user:7``; nothing for a token, the system or a visitor."""
    text = str(ref)
    number = text.removeprefix(USER)
    return frozenset({int(number)}) if text.startswith(USER) and number.isdigit() else frozenset()


def _case_id(entry: Entry) -> int | None:
    number = entry.stream.removeprefix(CASE)
    return int(number) if entry.stream.startswith(CASE) and number.isdigit() else None


def _task_id(entry: Entry) -> int | None:
    found = entry.body.get("task")
    return found if isinstance(found, int) else None


def _cases(entries: Sequence[Entry]) -> dict[int, Case]:
    wanted = {number for entry in entries if (number := _case_id(entry)) is not None}
    known = Case.objects.select_related("owner", "enterprise", "item_version", "window__jurisdiction")
    return known.in_bulk(wanted)


def _tasks(entries: Sequence[Entry]) -> dict[int, Task]:
    wanted = {number for entry in entries if (number := _task_id(entry)) is not None}
    return Task.objects.select_related("department").in_bulk(wanted) if wanted else {}


def readable_by(users: Iterable[int]) -> dict[int, User]:
    """Those whose account is open: a message nobody can read is no message."""
    return User.objects.filter(is_active=True).in_bulk(set(users))
