"""A line of a package is answered where the company answers: in the package, or at the policy itself."""

from __future__ import annotations

import datetime as dt

from qitong.accounts.actors import Actor
from qitong.casework.models import Case
from qitong.casework.move import person
from qitong.policies.logic.package import WITH_COMPANY, Answer, Stage, Thing
from qitong.policies.models import PackageLine, ServicePackage
from qitong.policies.proposing import note


def settle(
    enterprise_id: int,
    thing: Thing,
    code: str,
    answer: Answer,
    *,
    case: Case | None = None,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Answer the line that proposes this thing, if there is one; with the last line the package is settled.

    The caller holds the company's lock, and is one of its people.
    """
    found = waiting(enterprise_id, thing, code)
    if found is None:
        return
    who = person(by)
    found.answer, found.answered_by_id, found.answered_at, found.case = answer.value, who, at, case
    found.save(update_fields=["answer", "answered_by", "answered_at", "case"])
    package = found.package
    opened(package, who, at)
    answers = list(package.lines.values_list("answer", flat=True))
    if all(answers):
        package.stage, package.ended_at = Stage.SETTLED.value, at
    package.save(update_fields=["stage", "opened_by", "opened_at", "ended_at"])
    body = {
        "line": f"{thing}:{code}",
        "answer": answer.value,
        "settled": all(answers),
        "officer": f"user:{package.officer_id}",
        "accepted": answers.count(Answer.ACCEPTED.value),
        "unsuitable": answers.count(Answer.UNSUITABLE.value),
    }
    note(package, "package.answered", by=by, at=at, body=body)


def waiting(enterprise_id: int, thing: Thing, code: str) -> PackageLine | None:
    """The line of a package that lies with the company, not answered yet."""
    lines = PackageLine.objects.filter(
        package__enterprise=enterprise_id, package__stage__in=WITH_COMPANY, thing=thing.value, code=code
    )
    return lines.filter(answer="").select_related("package").first()


def opened(package: ServicePackage, who: int, at: dt.datetime) -> bool:
    """Note who opened it first; whether that is new."""
    if package.stage != Stage.SENT:
        return False
    package.stage, package.opened_by_id, package.opened_at = Stage.OPENED.value, who, at
    return True
