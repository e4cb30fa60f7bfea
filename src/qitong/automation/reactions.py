"""On event: what follows from what. The whole choreography is this table.

A kind of ledger entry on the left, the functions that follow from it on the right. An entry of a
kind that is not here defers nothing. Each function gets the entries of its kinds and may be run
again for the same ones: it does nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from qitong.automation import stale
from qitong.casework.indexing import reindex
from qitong.ledger.models import Entry
from qitong.notifications.compose import tell
from qitong.policies.recheck import facts_changed


class Reaction(Protocol):
    def __call__(self, entries: Sequence[Entry], *, at: dt.datetime) -> None: ...


def messages(entries: Sequence[Entry], *, at: dt.datetime) -> None:
    """Tell whom it concerns; who hears what is ``notifications/tells.py``."""
    tell(entries, at=at)


def look_again(entries: Sequence[Entry], *, at: dt.datetime) -> None:
    """Let search and the figures read the cases that moved: ``stale.py``.

    What is a company's or an officer's own, search reads again in all their cases.
    """
    cases = [entry.stream for entry in entries if entry.stream.startswith("case:")]
    if cases:
        stale.catch_up(cases)
    reindex(entry for entry in entries if not entry.stream.startswith("case:"))


def who_gains(entries: Sequence[Entry], *, at: dt.datetime) -> None:
    """Judge companies against the policies that read what was said of them; new ones against all."""
    facts_changed(entries, at=at)


ON_EVENT: dict[str, tuple[Reaction, ...]] = {
    # the company's case, from submission to its end
    "case.submit": (messages,),
    "case.notify_correction": (messages,),
    "case.answer_correction": (messages,),
    "case.accept": (messages,),
    "case.deem_accepted": (messages,),
    "case.refuse_acceptance": (messages,),
    "case.withdraw": (messages,),
    "case.complete_review": (messages,),
    "case.send_back": (messages,),
    "case.approve": (messages,),
    "case.refuse": (messages,),
    "case.deliver": (messages,),
    "case.confirm": (messages,),
    "case.auto_confirm": (messages,),
    "case.reopen": (messages,),
    "case.end": (messages,),
    "case.cure": (messages,),
    "case.extend": (messages,),
    "case.answer_supplement": (messages,),
    "case.remind_company": (messages,),
    "case.recompute": (messages,),
    "case.note": (messages,),
    # hand-overs: both sides are told
    "case.transfer": (messages,),
    "case.owner": (messages,),
    "task.enable": (messages,),
    "task.assign": (messages,),
    "task.release": (messages,),
    "task.return": (messages,),
    "task.reroute": (messages,),
    "desk.handed_over": (messages,),
    "absence.recorded": (messages,),
    "absence.cancelled": (messages,),
    # who acts for a company
    "member.added": (messages,),
    "member.removed": (messages,),
    "member.role_changed": (messages,),
    # what was done about somebody's account
    "visit.started": (messages,),
    "second_factor.reset": (messages,),
    "user.address_changed": (messages,),
    # the departments' work
    "task.finish": (messages,),
    "task.drop": (messages,),
    "task.waive": (messages,),
    "task.ask_supplement": (messages,),
    "task.pause": (messages,),
    "task.resume": (messages,),
    "task.remind": (messages,),
    # tables that were made meanwhile
    "export.made": (messages,),
    "export.failed": (messages,),
    # what companies can get: that they are here, what they said, and what it brought them
    "enterprise.registered": (who_gains,),
    "policy.fact_given": (who_gains,),
    "policy.facts_shared": (who_gains,),
    "enterprise.contact_changed": (who_gains,),
    "consent.revoked": (who_gains,),
    "policy.gained": (messages,),
    "policy.window_opens": (messages,),
    "policy.window_closes": (messages,),
    # service packages: the company is told once, its officer when all is answered
    "package.sent": (messages,),
    "package.answered": (messages,),
    "package.officer": (messages,),
    # what the sweep raised
    "reminder.acceptance_due": (messages,),
    "reminder.contact_overdue": (messages,),
    "reminder.plan_overdue": (messages,),
    "reminder.promise_near": (messages,),
    "reminder.promise_overdue": (messages,),
    "reminder.correction_waiting": (messages,),
    "reminder.task_near": (messages,),
    "reminder.task_overdue": (messages,),
    "reminder.department_silent": (messages,),
    "reminder.reroute_overdue": (messages,),
    "reminder.commitment_near": (messages,),
}

# What changes the words of a case or who may see it, and is read again by search.
CHANGES_WORDS = (
    "case.submit",
    "case.notify_correction",
    "case.answer_correction",
    "case.refuse_acceptance",
    "case.withdraw",
    "case.send_back",
    "case.approve",
    "case.refuse",
    "case.deliver",
    "case.reopen",
    "case.end",
    "case.commit",
    "case.cure",
    "case.verify",
    "case.fetch",
    "case.contact",
    "case.note",
    "case.plan",
    "case.transfer",
    "case.owner",
    "case.answer_supplement",
    "case.remind_company",
    "task.assign",
    "task.claim",
    "task.release",
    "task.finish",
    "task.return",
    "task.reroute",
    "task.drop",
    "task.waive",
    "task.ask_supplement",
    "enterprise.contact_changed",
    "enterprise.licence_corrected",
    "user.renamed",
    "ledger.texts_erased",
)
# What changes a state, a date that counts or whose turn it is, and is measured again for the dashboard.
CHANGES_FIGURES = (
    "case.submit",
    "case.notify_correction",
    "case.answer_correction",
    "case.accept",
    "case.deem_accepted",
    "case.refuse_acceptance",
    "case.withdraw",
    "case.complete_review",
    "case.send_back",
    "case.approve",
    "case.refuse",
    "case.deliver",
    "case.confirm",
    "case.auto_confirm",
    "case.reopen",
    "case.end",
    "case.extend",
    "case.answer_supplement",
    "case.recompute",
    "task.enable",
    "task.claim",
    "task.assign",
    "task.release",
    "task.return",
    "task.reroute",
    "task.finish",
    "task.drop",
    "task.waive",
    "task.ask_supplement",
    "task.pause",
    "task.resume",
)
for _kind in dict.fromkeys((*CHANGES_WORDS, *CHANGES_FIGURES)):
    ON_EVENT[_kind] = (*ON_EVENT.get(_kind, ()), look_again)


def wanted(entries: Sequence[Entry]) -> list[Entry]:
    """Those from which something follows."""
    return [entry for entry in entries if entry.kind in ON_EVENT]


def outdated(entries: Sequence[Entry]) -> list[tuple[str, bool, bool]]:
    """The streams of cases in which words (the first) or figures (the second) have changed."""
    moved = [(entry.stream, entry.kind in CHANGES_WORDS, entry.kind in CHANGES_FIGURES) for entry in entries]
    return [m for m in moved if (m[1] or m[2]) and m[0].startswith("case:")]


def react(entry_ids: Sequence[int], *, at: dt.datetime) -> None:
    """Do what follows from these entries, function by function, entries in the order of the ledger."""
    entries = list(Entry.objects.filter(pk__in=entry_ids).order_by("pk"))
    for reaction in dict.fromkeys(fn for entry in entries for fn in ON_EVENT.get(entry.kind, ())):
        reaction([entry for entry in entries if reaction in ON_EVENT.get(entry.kind, ())], at=at)
