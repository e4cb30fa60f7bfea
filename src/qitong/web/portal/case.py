"""One case as its company sees it: how it stands, what to do next, what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.casework import delivery, permissions, queries
from qitong.casework.logic.flow import CaseState, Deed
from qitong.casework.logic.story import Line
from qitong.casework.logic.terms import CommitmentState
from qitong.casework.models import Case, Commitment
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.web.common import conversation, step_graph
from qitong.web.common.dates import today
from qitong.web.common.http import acting, company_required
from qitong.web.common.parts import Event
from qitong.web.common.shelf import language
from qitong.web.portal import drawing, own, steps

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
    case = own.case_by_number(request, number)
    if case.state == CaseState.DRAFT:
        return redirect("portal:draft", case.pk)
    actor, lines = acting(request), steps.material_lines(case)
    detail = queries.detail(case, today=today())
    nodes = drawing.nodes((row.task for row in detail.tasks), case.round)
    commitment = case.commitments.select_related("document").exclude(state=CommitmentState.VOID).last()
    shown = {
        "case": case,
        "detail": detail,
        "next": _next(case, detail, lines, commitment),
        "lines": lines,
        "nodes": nodes,
        "wide": step_graph.svg(nodes, lang=language()),
        "tall": step_graph.svg(nodes, lang=language(), vertical=True),
        "tasks": [row for row in detail.tasks if row.task.round == case.round],
        "events": events(case, actor),
        "thread": conversation.thread(actor, case, surface="portal", at=detail.standing),
        "commitment": commitment,
        "certificates": list(case.certificates.select_related("document").order_by("-pk")),
        "decision": case.decisions.order_by("-round").first() if case.decided_at else None,
        "may_withdraw": not permissions.why_not(actor, Deed.WITHDRAW, case, detail.standing),
        "reopen_until": _reopen_until(case),
    }
    return render(request, "portal/case.html", shown)


def _reopen_until(case: Case) -> dt.date | None:
    until = delivery.reopen_until(case) if case.state in _CHALLENGEABLE else None
    return until if until is not None and until >= today() else None


def _next(
    case: Case, detail: queries.Detail, lines: Iterable[steps.MaterialLine], commitment: Commitment | None
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
        until = delivery.auto_confirm_on(case.delivered_at) if case.delivered_at else None
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


def events(case: Case, actor: Actor) -> list[Event]:
    """What happened, newest first. Officers other than the owner appear by what they did, not by name."""
    lines = queries.timeline(case)
    names = _names(case, lines)
    return [Event(line.at, line.sentence, names.get(line.by, ""), line.detail) for line in lines]


def _names(case: Case, lines: Iterable[Line]) -> dict[str, str | Sentence]:
    refs = {line.by for line in lines if line.by.startswith("user:")}
    users = User.objects.filter(
        pk__in=[int(ref.removeprefix("user:")) for ref in refs], memberships__enterprise_id=case.enterprise_id
    )
    names: dict[str, str | Sentence] = {
        line.by: say("系统") for line in lines if line.by.startswith("system:")
    }
    names |= {user.ref: user.name for user in users}
    if case.owner is not None:
        names[case.owner.ref] = case.owner.name
    return names
