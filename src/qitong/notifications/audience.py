"""Who is told: one small function per capacity, each from a fact to primary keys of users."""

from __future__ import annotations

from collections.abc import Callable

from qitong.accounts.actors import Role
from qitong.accounts.models import Department
from qitong.casework.logic.terms import Side, TaskOutcome
from qitong.casework.models import Case, Task
from qitong.notifications.facts import Fact, People, user_of

Audience = Callable[[Fact, People], frozenset[int]]
NOBODY: frozenset[int] = frozenset()
OWN_STEPS = ("acceptance", "decision")  # their owner or decider is told by the case's own entries


def company(fact: Fact, people: People) -> frozenset[int]:
    """Everybody who acts for the company."""
    return people.company(fact.case) if fact.case else NOBODY


def company_but_giver(fact: Fact, people: People) -> frozenset[int]:
    """Everybody who acts for the company of the stream, without who gave the fact and saw what it brought."""
    return company_of_stream(fact, people) - user_of(fact.body.get("given_by"))


def company_of_stream(fact: Fact, people: People) -> frozenset[int]:
    """Everybody who acts for the company whose stream it is."""
    number = fact.stream.removeprefix("enterprise:")
    return people.company_of(int(number)) if number.isdigit() else NOBODY


def company_when_sent(fact: Fact, people: People) -> frozenset[int]:
    """The company, of a package that lies with it."""
    return company_of_stream(fact, people) if fact.body.get("sent") else NOBODY


def officer_when_settled(fact: Fact, people: People) -> frozenset[int]:
    """The officer of a package of which every line is answered, and who stands in for them."""
    return people.with_substitutes(user_of(fact.body.get("officer"))) if fact.body.get("settled") else NOBODY


def owner(fact: Fact, people: People) -> frozenset[int]:
    """The owner, and who stands in for them today."""
    case = fact.case
    return people.with_substitutes({case.owner_id}) if case and case.owner_id else NOBODY


def helpers(fact: Fact, people: People) -> frozenset[int]:
    if fact.case is None:
        return NOBODY
    return people.with_substitutes(fact.case.participants.values_list("user_id", flat=True))


def company_if_from_office(fact: Fact, people: People) -> frozenset[int]:
    """The company, of a note that the officers wrote."""
    return company(fact, people) if fact.body.get("side") == Side.OFFICE else NOBODY


def office_if_from_company(fact: Fact, people: People) -> frozenset[int]:
    """The owner and the helpers, of a note that the company wrote."""
    return owner(fact, people) | helpers(fact, people) if fact.body.get("side") == Side.COMPANY else NOBODY


def window_head(fact: Fact, people: People) -> frozenset[int]:
    window = fact.case.window if fact.case else None
    return people.officers(window, Role.DEPARTMENT_HEAD) if window else NOBODY


def leader(fact: Fact, people: People) -> frozenset[int]:
    """The leader in charge: only for what is overdue or disputed."""
    window = fact.case.window if fact.case else None
    return people.leaders(window.jurisdiction) if window else NOBODY


def owner_of_step(fact: Fact, people: People) -> frozenset[int]:
    """The owner, for a department's step; of acceptance and decision the case's own entries tell."""
    return owner(fact, people) if _step(fact) else NOBODY


def department(fact: Fact, people: People) -> frozenset[int]:
    """Who works on the task: its assignee, or all who may claim it in the entry's department."""
    task = _step(fact)
    if task is None:
        return NOBODY
    if task.assignee_id is not None:
        return people.with_substitutes({task.assignee_id})
    return _desk(people.department(fact.body.get("department")) or task.department, people)


def at_work(fact: Fact, people: People) -> frozenset[int]:
    """Who is reminded of a task: its department, the owner of an acceptance, who may decide a decision."""
    task = fact.task
    if task is None or task.kind not in OWN_STEPS:
        return department(fact, people)
    return deciders(fact, people) if task.is_decision else owner(fact, people)


def department_head(fact: Fact, people: People) -> frozenset[int]:
    """The heads of the entry's department: the task may have been re-routed since."""
    found = people.department(fact.body.get("department"))
    return people.officers(found, Role.DEPARTMENT_HEAD) if found else NOBODY


def department_before(fact: Fact, people: People) -> frozenset[int]:
    """The heads of the department a re-routed task was taken from."""
    found = people.department(fact.body.get("was"))
    return people.officers(found, Role.DEPARTMENT_HEAD) if found else NOBODY


def departments_of_round(fact: Fact, people: People) -> frozenset[int]:
    """All departments with a task in the present round, whether it has started or still waits."""
    if fact.case is None:
        return NOBODY
    tasks = fact.case.tasks.filter(round=fact.case.round).exclude(kind__in=OWN_STEPS)
    told = (_desk(task.department, people) for task in tasks.select_related("department"))
    return NOBODY.union(*told)


def deciders(fact: Fact, people: People) -> frozenset[int]:
    """Who may decide: the heads of the leading department, or the owner of a free request."""
    if fact.case is None or fact.case.item_version is None:
        return owner(fact, people)
    lead = Department.objects.filter(code=fact.case.item_version.lead).first()
    return people.officers(lead, Role.DEPARTMENT_HEAD) if lead else NOBODY


def disputed_leader(fact: Fact, people: People) -> frozenset[int]:
    """The leader, once a department objects: over an objection only they may approve."""
    return leader(fact, people) if fact.case and _disputed(fact.case) else NOBODY


def leader_of_objection(fact: Fact, people: People) -> frozenset[int]:
    """The leader, told by the very entry with which a department objects."""
    return leader(fact, people) if fact.body.get("outcome") == TaskOutcome.OBJECT else NOBODY


def named(place: str) -> Audience:
    """Whoever the entry names under ``place`` (like ``user:7``)."""

    def of_entry(fact: Fact, people: People) -> frozenset[int]:
        return user_of(fact.body.get(place))

    return of_entry


def doer(fact: Fact, people: People) -> frozenset[int]:
    """Who did it: told of a hand-over as proof that it reached the other side."""
    return user_of(fact.by)


def of_stream(fact: Fact, people: People) -> frozenset[int]:
    """The person whose stream it is."""
    return user_of(fact.stream)


def _step(fact: Fact) -> Task | None:
    return fact.task if fact.task is not None and fact.task.kind not in OWN_STEPS else None


def _desk(department: Department, people: People) -> frozenset[int]:
    """Who may claim in a department; its head where nobody else works there."""
    workers = people.officers(department, Role.REVIEWER, Role.SERVICE_OFFICER, Role.DUTY_OFFICER)
    return workers or people.officers(department, Role.DEPARTMENT_HEAD)


def _disputed(case: Case) -> bool:
    return case.tasks.filter(round=case.round, outcome=TaskOutcome.OBJECT).exists()
