"""What fills the places of a sentence, read from the fact it tells of."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Callable, Mapping

from qitong.accounts.models import Enterprise, User
from qitong.casework import delivery
from qitong.casework.logic.terms import OWED_WORDS, TASK_OUTCOME_WORDS, Owed, Side, TaskOutcome
from qitong.casework.models import Case, Supplement
from qitong.kernel.masking import mask_name
from qitong.kernel.words import Named, Sentence, say
from qitong.kernel.workdays import PauseReason
from qitong.notifications.facts import Fact, user_of
from qitong.policies import because


def filled(text: Sentence, fact: Fact) -> Sentence:
    """``text`` with exactly the places it names."""
    names = {name for _, name, _, _ in string.Formatter().parse(text.text) if name}
    return say(text.text, **{name: _place(name, fact) for name in names})


def _place(name: str, fact: Fact) -> object:
    if name in _PLACES:
        return _PLACES[name](fact)
    if fact.case is not None and name in _OF_CASE:
        return _OF_CASE[name](fact.case)
    return _plain(name, fact.body.get(name))


def _plain(name: str, value: object) -> object:
    """A value of the entry as it was given to the ledger."""
    if isinstance(value, Mapping) and {"zh", "en"} <= value.keys():
        return Named(str(value["zh"]), str(value["en"]))
    if isinstance(value, str) and name.endswith("_on"):
        return dt.date.fromisoformat(value)
    if isinstance(value, str):
        return value.strip().rstrip("。.")  # the sentence around it ends itself
    return value


_OF_CASE: dict[str, Callable[[Case], object]] = {
    "number": lambda case: case.number or "",
    "title": lambda case: case.label,
    "company": lambda case: case.enterprise.name,
    "owner": lambda case: case.owner.name if case.owner else "",
    "contact_due_on": lambda case: case.contact_due_on,
    "plan_due_on": lambda case: case.plan_due_on,
    "promise_due_on": lambda case: case.promise_due_on or case.plan_due_on,
    "reopen_until": delivery.reopen_until,
    "confirm_on": lambda case: delivery.auto_confirm_on(case.delivered_at) if case.delivered_at else None,
    "commitment_due_on": lambda case: (
        case.commitments.filter(state="open").values_list("due_on", flat=True).first()
    ),
}


def _department(fact: Fact) -> object:
    """As it was at the entry: the task may have been re-routed since."""
    if (recorded := fact.body.get("department")) is not None:
        return _plain("department", recorded)
    return fact.task.department.label if fact.task is not None else ""


def _task_name(fact: Fact) -> object:
    return fact.task.label if fact.task is not None else ""


def _outcome(fact: Fact) -> object:
    given = fact.body.get("outcome")
    return TASK_OUTCOME_WORDS[TaskOutcome(str(given))] if given else say("完成")


def _answer_due(fact: Fact) -> object:
    found = Supplement.objects.filter(task=fact.task).values_list("due_on", flat=True)
    return found.first() if fact.task is not None else None


def _name_of(ref: object) -> str:
    return User.objects.filter(pk__in=user_of(ref)).values_list("name", flat=True).first() or ""


def _enterprise_of(stream: str) -> str:
    number = stream.removeprefix("enterprise:")
    found = Enterprise.objects.filter(pk=int(number)) if number.isdigit() else Enterprise.objects.none()
    return found.values_list("name", flat=True).first() or ""


def _postscript(fact: Fact) -> object:
    """What was written along, where anything was."""
    note = _plain("note", fact.body.get("note"))
    return say("，附言“{note}”", note=note) if note else ""


def _writer(fact: Fact) -> object:
    """Who wrote a note; masked where it was one of the company: officers read it in a list."""
    name = _name_of(fact.body.get("author"))
    return mask_name(name) if fact.body.get("side") == Side.COMPANY else name


def _way_on(fact: Fact) -> object:
    dates = {name: _plain(name, fact.body[name]) for name in ("opens_on", "closes_on") if fact.body[name]}
    return because.way_on(fact.body, dates)


_PLACES: dict[str, Callable[[Fact], object]] = {
    "department": _department,
    "name": _task_name,
    "due_on": lambda fact: fact.task.due_on if fact.task is not None else None,
    "outcome": _outcome,
    "answer_due_on": _answer_due,
    "postscript": _postscript,
    "pause_reason": lambda fact: PauseReason(str(fact.body["reason"])).say(),
    "owed": lambda fact: OWED_WORDS[Owed(str(fact.body["owed"]))],
    "helper": lambda fact: _plain("name", fact.body.get("name")),
    "person": lambda fact: _name_of(fact.stream),
    "enterprise": lambda fact: _enterprise_of(fact.stream),
    "writer": _writer,
    "because": lambda fact: because.because(fact.body),
    "cause": lambda fact: because.cause(fact.body),
    "way_on": _way_on,
    "judged": lambda fact: say("（还须主管部门判断）") if fact.body.get("manual") else "",
    "officer": lambda fact: _name_of(fact.body.get("officer")),
    "visitor": lambda fact: _name_of(fact.body.get("visitor")),
    "substitute": lambda fact: _name_of(fact.body.get("substitute")),
    "reroute_due_on": lambda fact: (
        _plain("reroute_due_on", fact.body.get("reroute_due_on"))
        or (fact.task.reroute_due_on if fact.task is not None else None)
    ),
}
