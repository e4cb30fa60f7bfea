"""One case as its company sees it: how it stands, what to do next, what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor
from qitong.casework import delivery, permissions, personal, queries
from qitong.casework.conversation import why_late
from qitong.casework.delivery import LastDays
from qitong.casework.logic.flow import CaseState, Deed
from qitong.casework.logic.story import Line
from qitong.casework.logic.terms import CommitmentState
from qitong.casework.models import Case, Commitment, Decision
from qitong.kernel.masking import Veil
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.web.common import conversation, step_graph
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, number_of
from qitong.web.common.parts import Event
from qitong.web.common.shelf import language
from qitong.web.portal import drawing, own, steps

TIMELINE = 20
EVERYTHING = 1000
"""What is shown for printing; nobody prints more."""
_CHALLENGEABLE = (CaseState.DELIVERED, CaseState.CLOSED, CaseState.REFUSED)


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do now; without ``href`` there is nothing, and ``text`` says who acts."""

    text: Sentence
    label: Sentence = NOTHING
    href: str = ""
    post: bool = False


@company_required
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponseBase:
    case = own.case_page(request, number)
    actor, lines = acting(request), steps.material_lines(case)
    detail = queries.detail(case, today=today())
    commitment = _commitment(lines)
    decisions, last_days = _decisions(case), delivery.last_days(case)
    everything = request.GET.get("print") == "all"
    veil = personal.veil_of(actor, case, at=now())
    history = _history(case, veil, "" if everything else request.GET.get("before", ""), everything=everything)
    thread = _thread(actor, detail, last_days, everything=everything)
    shown = {
        "case": case,
        "contact": " ".join(personal.contact_of(case, veil)),
        "detail": detail,
        "next": _next(case, detail, lines, commitment, last_days),
        "lines": lines,
        **_steps(case, detail),
        **history,
        "thread": thread,
        "all": everything,
        "folded": bool(thread.more or history["earlier"] or history["is_earlier"]),
        "commitment": commitment,
        "certificates": [d.certificate for d in decisions if hasattr(d, "certificate")],
        "decision": decisions[0] if decisions and case.decided_at else None,
        "may_withdraw": not permissions.why_not(actor, Deed.WITHDRAW, case, detail.standing),
        "reopen_until": _reopen_until(case, last_days),
        "progress_url": request.build_absolute_uri(reverse("public:stage", args=[number])),
    }
    return render(request, "portal/case.html", shown)


def _commitment(lines: Iterable[steps.MaterialLine]) -> Commitment | None:
    """The letter in force; it always names materials of the case."""
    signed = {line.row.commitment for line in lines if line.row.commitment is not None}
    return max(
        (one for one in signed if one.state != CommitmentState.VOID), key=lambda one: one.pk, default=None
    )


def _decisions(case: Case) -> list[Decision]:
    """Newest first, with what was delivered; nothing is asked before there can be one."""
    if case.decided_at is None and case.round == 1:
        return []
    return list(case.decisions.select_related("certificate__document").order_by("-round"))


def _steps(case: Case, detail: queries.Detail) -> dict[str, Any]:
    """The steps of the present round, drawn and in words."""
    nodes = drawing.nodes((row.task for row in detail.tasks), case.round)
    return {
        "nodes": nodes,
        "wide": step_graph.svg(nodes, lang=language()),
        "tall": step_graph.svg(nodes, lang=language(), vertical=True),
        "tasks": [row for row in detail.tasks if row.task.round == case.round],
    }


def _thread(
    actor: Actor, detail: queries.Detail, last_days: LastDays | None, *, everything: bool
) -> conversation.Thread:
    why_not = permissions.why_not(actor, Deed.NOTE, detail.case, detail.standing)
    why_not = why_not or why_late(last_days, on=today())
    return conversation.thread(
        actor,
        detail.case,
        surface="portal",
        at=detail.standing,
        why_not=why_not,
        newest=EVERYTHING if everything else conversation.NEWEST,
    )


def _reopen_until(case: Case, last_days: LastDays | None) -> dt.date | None:
    until = last_days.reopen_until if last_days and case.state in _CHALLENGEABLE else None
    return until if until is not None and until >= today() else None


def _next(
    case: Case,
    detail: queries.Detail,
    lines: Iterable[steps.MaterialLine],
    commitment: Commitment | None,
    last_days: LastDays | None,
) -> Next:
    """The first thing that waits for the company, in the order in which it hurts to be late."""
    number = case.number
    if case.state == CaseState.CORRECTION:
        return Next(
            say("窗口一次性告知了需要补正的内容，补齐后重新提交。"),
            say("去补正"),
            reverse("portal:materials", args=[case.pk])
            if case.item_version_id
            else reverse("portal:draft", args=[case.pk]),
        )
    for row in detail.tasks:
        asked = row.supplement
        if asked is not None and asked.answered_at is None and case.state in own.RUNNING:
            return Next(
                say(
                    "{department}需要您补充，请在{due}前答复。",
                    department=row.task.department.label,
                    due=asked.due_on,
                ),
                say("去答复"),
                reverse("portal:supplement", args=[number, asked.pk]),
            )
    owed = next((line for line in lines if line.is_owed and not line.is_coming), None)
    if owed is not None and case.state in own.RUNNING:
        return _owed(case, owed, commitment)
    if case.state == CaseState.DELIVERED:
        until = last_days.confirm_by if last_days else None
        return Next(
            say("结果已经送达。核对无误请确认；{until}前没有意见的，自动办结。", until=until),
            say("确认办结"),
            reverse("portal:confirm", args=[number]),
            post=True,
        )
    return Next(
        say("现在不需要您做什么。有需要您办的事，会通知联系人。") if case.state in own.RUNNING else NOTHING
    )


def _owed(case: Case, owed: steps.MaterialLine, commitment: Commitment | None) -> Next:
    href = reverse("portal:cure", args=[case.number, owed.row.key])
    if owed.row.remark:
        text = say("“{name}”不符合要求：{why}", name=owed.name, why=owed.row.remark)
        return Next(text, say("重新提供"), href)
    due = commitment.due_on if commitment else None
    return Next(say("您承诺在{due}前补齐“{name}”。", due=due, name=owed.name), say("补齐材料"), href)


def _history(case: Case, veil: Veil, asked: str, *, everything: bool) -> dict[str, Any]:
    """What happened, newest first. Officers other than the owner appear by what they did, not by name."""
    before = number_of(asked)
    most = EVERYTHING if everything else TIMELINE
    found = queries.timeline(case, veil=veil, before=before, limit=most + 1)
    lines, more = found[:most], len(found) > most
    names: dict[str, str | Sentence] = {**own.people_of(case)}
    if case.owner is not None:
        names[case.owner.ref] = case.owner.name
    return {
        "events": [Event(line.at, line.sentence, _name(line, names), line.detail) for line in lines],
        "earlier": f"?before={lines[-1].number}#history" if more else "",
        "is_earlier": before is not None,
    }


def _name(line: Line, names: Mapping[str, str | Sentence]) -> str | Sentence:
    return say("系统") if line.by.startswith("system:") else names.get(line.by, "")
