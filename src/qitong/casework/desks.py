"""A whole desk changes hands when somebody leaves: everything in one action, nothing with nobody.

An absence moves nothing: the owner stays the owner and the substitute acts. Who leaves for good hands
over: cases get a new owner by rule and keep the old one as a participant, tasks a new assignee.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, QuerySet

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import DutyShift, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.accounts.queries import roles_on
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import OPEN_STATES, CaseState, TaskState
from qitong.casework.logic.ownership import OwnerReason, share
from qitong.casework.logic.terms import Side
from qitong.casework.models import Case, Participant, Task
from qitong.casework.move import facts_of
from qitong.casework.notes import unread_for
from qitong.casework.routing import WINDOW_ROLES
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import Sentence, say
from qitong.ledger.record import NewEntry, record_many

LEFT = "原首问负责人"
_WITH_SOMEBODY = (*OPEN_STATES, CaseState.DELIVERED)
Places = Mapping[int, set[tuple[str, int | None]]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on somebody's desk; ``news`` is how many of the cases have an unread note."""

    owned: list[Case]
    helped: list[Case]
    tasks: list[Task]
    shifts: list[DutyShift]
    news: int

    @property
    def is_empty(self) -> bool:
        return not (self.owned or self.helped or self.tasks or self.shifts)


@dataclass(slots=True)
class Plan:
    """Who receives what, by primary key; ``problems``: why it cannot be done so."""

    owned: dict[int, int] = field(default_factory=dict)
    helped: dict[int, int] = field(default_factory=dict)
    tasks: dict[int, int] = field(default_factory=dict)
    shifts: dict[int, int] = field(default_factory=dict)
    problems: list[Sentence] = field(default_factory=list)

    def count(self, receiver: int) -> dict[str, int]:
        parts = {"cases": self.owned, "helped": self.helped, "tasks": self.tasks, "shifts": self.shifts}
        return {name: Counter(part.values())[receiver] for name, part in parts.items()}


def _helping(user: User) -> QuerySet[Participant, int]:
    """The cases in which ``user`` helps and has not handed that over: the row itself stays for ever."""
    return Participant.objects.filter(user=user, handed_over_at=None).values_list("case_id", flat=True)


def of(user: User, *, on: dt.date) -> Desk:
    """Everything that waits for ``user``: what is open, what they have claimed, what they are on duty for."""
    open_cases = Case.objects.filter(state__in=_WITH_SOMEBODY)
    cases = open_cases.select_related("enterprise", "item_version", "window")
    seen = cases.annotate(has_news=unread_for(Side.OFFICE)).order_by("promise_due_on", "pk")
    owned = list(seen.filter(owner=user))
    helped = list(cases.filter(pk__in=_helping(user)).exclude(owner=user).order_by("pk"))
    tasks = Task.objects.filter(assignee=user, state=TaskState.CLAIMED)
    shifts = DutyShift.objects.filter(officer=user, on__gte=on).select_related("department").order_by("on")
    return Desk(
        owned=owned,
        helped=helped,
        tasks=list(tasks.select_related("department", "case__enterprise").order_by("due_on", "pk")),
        shifts=list(shifts),
        news=sum(getattr(case, "has_news", False) for case in owned),
    )


def plan(user: User, to: Sequence[User], desk: Desk, *, on: dt.date) -> Plan:
    """Spread the desk over ``to``: each thing to who may have it and has the least."""
    made = Plan()
    receivers = list(dict.fromkeys(person.pk for person in to))
    if not receivers or user.pk in receivers:
        made.problems.append(say("请选择至少一位接手的同事，不能是本人。"))
        return made
    places = _places(receivers, on)
    if away := [person.name for person in to if not places.get(person.pk)]:
        made.problems.append(say("{names}不是在岗的工作人员，请另选。", names=tuple(away)))
        return made
    open_cases = Case.objects.open().filter(owner__in=receivers).order_by().values_list("owner")
    loads = dict(open_cases.annotate(n=Count("pk")))
    window = {case.pk: _with_role(places, WINDOW_ROLES, case.window_id) for case in desk.owned}
    made.owned = share(window, loads)
    made.tasks = share({task.pk: _in(places, task.department_id) for task in desk.tasks}, {})
    made.helped = share({case.pk: receivers for case in desk.helped}, {})
    duty = {it.pk: _with_role(places, (Role.DUTY_OFFICER,), it.department_id) for it in desk.shifts}
    made.shifts = share(duty, {})
    _say_problems(made, desk)
    return made


def _places(receivers: Sequence[int], on: dt.date) -> Places:
    """By receiver: the roles they hold, and where."""
    found: dict[int, set[tuple[str, int | None]]] = {}
    held = roles_on(on).filter(user__in=receivers).values_list("user_id", "role", "department_id")
    for user, role, department in held:
        found.setdefault(user, set()).add((role, department))
    return found


def _with_role(places: Places, roles: Iterable[Role], department: int | None) -> list[int]:
    wanted = {(role.value, department) for role in roles}
    return [user for user, held in places.items() if held & wanted]


def _in(places: Places, department: int) -> list[int]:
    return [user for user, held in places.items() if any(place == department for _role, place in held)]


def _say_problems(made: Plan, desk: Desk) -> None:
    """What none of the receivers may have. Duty without an officer falls back on the rota's own rule."""
    windows = {c.window.label for c in desk.owned if c.window and c.pk not in made.owned}
    if windows:
        places = tuple(sorted(windows, key=str))
        made.problems.append(say("{places}的办件须由该窗口的同事接手，请加选一位。", places=places))
    departments = {task.department.label for task in desk.tasks if task.pk not in made.tasks}
    if departments:
        places = tuple(sorted(departments, key=str))
        made.problems.append(say("{places}的任务须由该部门的同事接手，请加选一位。", places=places))


@transaction.atomic
def hand_over(*, user: User, to: Sequence[User], reason: str, by: Actor, at: dt.datetime) -> Plan:
    """Move everything at once; one ledger entry a thing, and one a receiver, who are told with the date."""
    require_allowed(by, Deed.HAND_OVER_DESK, user)
    reason = require(reason, field="reason", what=say("移交原因"))
    on = day_of(at)
    _lock(user)
    desk = of(user, on=on)
    if desk.is_empty:
        raise Refused(say("{name}手上没有要移交的办件、任务和值班。", name=user.name), code="empty")
    made = plan(user, to, desk, on=on)
    if made.problems:
        raise Refused(made.problems[0], code="receivers", field="to")
    people = {person.pk: person for person in to}
    _write(user, desk, made, reason, by=by, at=at)
    entries = [*_entries(user, desk, made, people, reason, by=by, at=at)]
    record_many([*entries, *_summaries(user, desk, made, people, by=by, at=at)])
    return made


def _lock(user: User) -> None:
    """Every case of the desk, in one order: nothing moves on or off it meanwhile."""
    User.objects.select_for_update().get(pk=user.pk)
    owned = Case.objects.filter(owner=user, state__in=_WITH_SOMEBODY).values("pk")
    working = Task.objects.filter(assignee=user, state=TaskState.CLAIMED).values("case_id")
    helped = _helping(user)
    cases = Case.objects.filter(pk__in=owned.union(working, helped))
    list(cases.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _write(user: User, desk: Desk, made: Plan, reason: str, *, by: Actor, at: dt.datetime) -> None:
    """A handful of statements, however much there is."""
    for receiver in {*made.owned.values(), *made.tasks.values(), *made.shifts.values()}:
        cases = [pk for pk, got in made.owned.items() if got == receiver]
        Case.objects.filter(pk__in=cases).update(owner_id=receiver, owner_reason=OwnerReason.HANDED_OVER)
        tasks = [pk for pk, got in made.tasks.items() if got == receiver]
        Task.objects.filter(pk__in=tasks).update(assignee_id=receiver)
        shifts = [pk for pk, got in made.shifts.items() if got == receiver]
        DutyShift.objects.filter(pk__in=shifts).update(officer_id=receiver)
    added = [(pk, user.pk, LEFT) for pk in made.owned]
    added += [(pk, receiver, reason) for pk, receiver in made.helped.items()]
    rows = [
        Participant(case_id=case, user_id=person, added_at=at, added_by=by.ref, reason=why)
        for case, person, why in added
    ]
    Participant.objects.bulk_create(rows, ignore_conflicts=True)
    for receiver in set(made.helped.values()):  # some helped before, handed over, and have come back
        again = [pk for pk, got in made.helped.items() if got == receiver]
        Participant.objects.filter(user_id=receiver, case_id__in=again).update(handed_over_at=None)
    over = Participant.objects.filter(user=user, case_id__in=[*made.owned, *made.helped])
    over.update(handed_over_at=at)


def _entries(
    user: User,
    desk: Desk,
    made: Plan,
    people: Mapping[int, User],
    reason: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> Iterable[NewEntry]:
    for case in desk.owned:
        body: dict[str, object] = {"from": user.ref, "to": people[made.owned[case.pk]].ref}
        body["reason"] = OwnerReason.HANDED_OVER
        yield NewEntry(stream=case.stream, kind="case.owner", by=by.ref, at=at, body=body)
    for case in desk.helped:
        to = people[made.helped[case.pk]]
        body = {"to": to.ref, "name": to.name, "reason": reason}
        yield NewEntry(stream=case.stream, kind="case.transfer", by=by.ref, at=at, body=body)
    for task in desk.tasks:
        to = people[made.tasks[task.pk]]
        body = facts_of(task, before=task.state)
        body |= {"colleague": to.ref, "assignee": to.name, "before": user.ref}
        yield NewEntry(stream=task.case.stream, kind="task.assign", by=by.ref, at=at, body=body)


def _summaries(
    user: User, desk: Desk, made: Plan, people: Mapping[int, User], *, by: Actor, at: dt.datetime
) -> Iterable[NewEntry]:
    """One a receiver, in the stream of who leaves, with the first date that falls to them."""
    found: dict[int, list[dt.date]] = {pk: [] for pk in people}
    for case in desk.owned:
        if due := case.promise_due_on or case.plan_due_on:
            found[made.owned[case.pk]].append(due)
    for task in desk.tasks:
        if task.due_on:
            found[made.tasks[task.pk]].append(task.due_on)
    for shift in desk.shifts:
        if shift.pk in made.shifts:
            found[made.shifts[shift.pk]].append(shift.on)
    for pk, person in people.items():
        counts = made.count(pk)
        if any(counts.values()):
            first = min(found[pk], default=day_of(at))
            body = {"to": person.ref, "name": person.name, "first_on": first, **counts}
            yield NewEntry(stream=user.ref, kind="desk.handed_over", by=by.ref, at=at, body=body)
