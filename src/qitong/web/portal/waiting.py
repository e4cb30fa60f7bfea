"""What only the company can do, most urgent first, and what it has begun: read in one query.

Each kind of thing has its own rule and its own ceiling, so a long list of one never hides another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseState
from qitong.casework.logic.terms import CommitmentState, Side
from qitong.casework.models import Case, Commitment, Supplement
from qitong.casework.notes import unread_for
from qitong.catalogue.queries import Edition
from qitong.kernel.words import Named, Sentence, say
from qitong.kernel.workdays import Calendar
from qitong.policies.logic.package import WITH_COMPANY
from qitong.policies.models import ServicePackage
from qitong.web.portal import own

MOST, DRAFTS = 20, 5


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that waits: what, of which case, by when."""

    what: Sentence
    name: Named | Sentence | str
    href: str
    due_on: dt.date | None = None
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    waiting: list[Thing]
    drafts: list[Thing]


def of(enterprises: Collection[int], calendar: Calendar, known: Edition | None) -> Found:
    """What waits for these companies."""
    cases = Case.objects.filter(enterprise_id__in=enterprises)
    asked = Supplement.objects.filter(
        case__enterprise_id__in=enterprises, case__state__in=own.RUNNING, answered_at=None
    ).order_by("due_on", "pk")
    promised = Commitment.objects.filter(
        case__enterprise_id__in=enterprises, state=CommitmentState.OPEN
    ).exclude(case__state__in=(CaseState.DRAFT, CaseState.WITHDRAWN))
    branches = [
        _rows(cases.filter(state=CaseState.CORRECTION).order_by("correction_at"), "correction")[:MOST],
        _rows(
            cases.filter(state=CaseState.DELIVERED).order_by("delivered_at"), "delivered", at="delivered_at"
        )[:MOST],
        _rows(cases.filter(state=CaseState.DRAFT).order_by("-pk"), "draft", at="created_at")[: DRAFTS + 1],
        _rows(cases.filter(unread_for(Side.COMPANY)).order_by("-pk"), "noted")[:MOST],
        _rows(asked, "asked", "case__", due="due_on", department="task__department__")[:MOST],
        _rows(promised.order_by("due_on", "pk"), "promised", "case__", due="due_on")[:MOST],
        _packages(enterprises)[:MOST],
    ]
    rows = list(branches[0].union(*branches[1:], all=True))
    things = [_thing(row, calendar, known) for row in rows if row["which"] != "draft"]
    return Found(
        sorted(things, key=lambda thing: thing.due_on or dt.date.max),
        [_draft(row) for row in rows if row["which"] == "draft"],
    )


def _rows(
    rows: QuerySet[Any], kind: str, case: str = "", *, due: str = "", at: str = "", department: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """One branch: the same columns whatever it is read from."""
    text = CharField()
    day = Cast(F(due) if due else Value(None), DateField())
    moment = Cast(F(at) if at else Value(None), DateTimeField())
    names = {
        f"department_{tongue}": F(f"{department}name_{tongue}") if department else Value("", text)
        for tongue in ("zh", "en")
    }
    return rows.values(
        which=Value(kind, text),
        key=F("pk"),
        of_number=F(f"{case}number"),
        of_title=F(f"{case}title"),
        item_zh=F(f"{case}item_version__name_zh"),
        item_en=F(f"{case}item_version__name_en"),
        until=day,
        moment=moment,
        **names,
    )


def _packages(enterprises: Collection[int]) -> QuerySet[Any, dict[str, Any]]:
    """Service packages to answer, in the same columns: the key is the company's, the title its name."""
    rows: QuerySet[Any] = ServicePackage.objects.filter(enterprise_id__in=enterprises, stage__in=WITH_COMPANY)
    text, nothing = CharField(), Value(None, CharField())
    names = {f"department_{tongue}": Value("", text) for tongue in ("zh", "en")}
    return rows.order_by("sent_at").values(
        which=Value("package", text),
        key=F("enterprise_id"),
        of_number=nothing,
        of_title=F("enterprise__name"),
        item_zh=nothing,
        item_en=nothing,
        until=Cast(Value(None), DateField()),
        moment=F("sent_at"),
        **names,
    )


def _name(row: dict[str, Any]) -> Named | Sentence | str:
    return Named(row["item_zh"], row["item_en"]) if row["item_zh"] else row["of_title"] or say("说说需求")


def _draft(row: dict[str, Any]) -> Thing:
    return Thing(say("未提交"), _name(row), reverse("portal:draft", args=[row["key"]]), at=row["moment"])


def _thing(row: dict[str, Any], calendar: Calendar, known: Edition | None) -> Thing:
    if row["which"] == "package":
        return Thing(say("答复园区的服务包"), _name(row), reverse("portal:package", args=[row["key"]]))
    page, due = reverse("portal:case", args=[row["of_number"]]), row["until"]
    match row["which"]:
        case "correction":
            return Thing(say("按一次性告知补正"), _name(row), page)
        case "delivered":
            days = known.promises.auto_confirm if known else None
            until = calendar.add(day_of(row["moment"]), days) if days is not None else None
            return Thing(say("核对结果并确认"), _name(row), page, until)
        case "noted":
            return Thing(say("读首问负责人的留言"), _name(row), f"{page}#notes")
        case "asked":
            department = Named(row["department_zh"], row["department_en"])
            href = reverse("portal:supplement", args=[row["of_number"], row["key"]])
            return Thing(say("答复{department}的补充要求", department=department), _name(row), href, due)
        case _:
            return Thing(say("补齐承诺的容缺材料"), _name(row), page, due)
