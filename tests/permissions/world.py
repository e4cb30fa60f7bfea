"""One company with something of everything, each with words that nobody else has."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.utils import timezone

from qitong.accounts import absences, officers, people
from qitong.accounts.actors import Actor, Role, actor_for
from qitong.accounts.models import Absence, Department, Enterprise, Jurisdiction, User
from qitong.accounts.people import NewPerson
from qitong.casework import bulk, conversation, phrases, projects, saved_filters, supplements, tasks
from qitong.casework.indexing import index
from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Case, Note, Phrase, Project, SavedFilter, Supplement
from qitong.datashare.models import Consent, Document
from qitong.demo.cast import MAIL
from qitong.demo.stage import Stage
from qitong.insight import exports, walls
from qitong.insight.export_rows import Export
from qitong.insight.models import WallLink
from qitong.policies import drafting, proposing, unfinished
from qitong.policies.facts import answer
from qitong.policies.logic.package import Thing
from qitong.policies.suitability import declare
from qitong.privacy import erasure
from qitong.privacy.models import Erasure
from qitong.web.workbench.policy_sheet_typed import empty
from tests.automation.queue import react_to_all
from tests.policies.played import published
from tests.world import build

MORNING = dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)  # a Tuesday: Wang Fang is on duty
GREEN, LIN = "91310151MA1JK0001T", "13800000001"
TIDE, HE = "91310151MA1JK0002X", "13800000002"
ITEM = "energy_review"  # fgw leads; jw reviews beside it
FILE, TITLE, STORY = "甲方机密图纸", "甲方厂门积水", "甲方叉车出不去"
FIGURE, NOT_OURS, PROPOSAL = "73921.57", "甲方嫌手续多", "甲方下半年要出口"
NOTE, PAPER, PLAN, OPINION = "甲方问何时办好", "甲方补充说明", "甲方二期车间", "甲方能耗达标"

OFFICERS = {
    "owner": "wang.fang",
    "same window": "chen.jing",
    "reviewer at work": "jw.reviewer",
    "head at work": "fgw.head",
    "reviewer elsewhere": "hg.reviewer",
    "head elsewhere": "hg.head",
    "leader": "zhou.jun",
    "leader elsewhere": "leader.elsewhere",
    "auditor": "wu.hong",
    "system administrator": "admin",
    "security administrator": "security",
    "policy editor": "policy",
    "closed account": "swj.reviewer",
    "stands in for the owner": "rs.reviewer",
    "stands in for the leader": "gjj.reviewer",
}
COMPANIES = {"company": LIN, "another company": HE}
PEOPLE = {**COMPANIES, **OFFICERS}


@dataclass
class World:
    stage: Stage
    draft: Case
    review: Case
    done: Case
    asked: Case
    project: Project
    note: Note
    supplement: Supplement
    consent: Consent
    kept: SavedFilter
    phrase: Phrase
    export: Export
    batch: UUID
    absence: Absence
    wall: WallLink
    asking: Erasure
    secrets: tuple[str, ...] = field(default=())

    @property
    def company(self) -> Enterprise:
        return self.stage.cast.company(GREEN)

    def user(self, who: str) -> User:
        return User.objects.get(login=self.login(who))

    def login(self, who: str) -> str:
        return COMPANIES.get(who) or f"{OFFICERS[who]}@{MAIL}"

    def actor(self, who: str) -> Actor:
        return actor_for(self.user(who), on=self.stage.day()) if who != "visitor" else Actor.visitor()

    def handed_in(self) -> tuple[Case, ...]:
        return (self.review, self.done, self.asked)

    def signed_in(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        if who != "visitor":
            client.force_login(self.user(who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    def documents(self) -> list[Document]:
        """All of the company's that hang on something."""
        return list(Document.objects.filter(enterprise=self.company).order_by("pk"))


@contextmanager
def standing(files: Path) -> Iterator[World]:
    """One world for a folder of tests, in a transaction that is rolled back; each test in a savepoint."""
    settings = {
        "FILES_DIR": files,
        "IDLE_MINUTES_OFFICERS": 60 * 24 * 365,
        "IDLE_MINUTES_COMPANIES": 60 * 24 * 365,
    }
    with override_settings(**settings), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        made = make()
        made.stage.days(1)  # the substitutes' day; from here on the clock stands still
        patch.setattr(timezone, "now", lambda: made.stage.at)
        yield made
        transaction.set_rollback(True)


def make() -> World:
    stage = build(MORNING, published)
    _people(stage)
    _policies(stage)
    lin, at = stage.who(LIN), stage.tick()
    project = projects.create(
        enterprise_id=stage.cast.company(GREEN).pk, name=PLAN, goal="M_START_PRODUCE", facts={}, by=lin, at=at
    )
    draft = stage.apply(GREEN, "tax_registration", LIN)
    review, supplement, note = _review(stage)
    done = _done(stage)
    asked = stage.submit(stage.request(GREEN, LIN, TITLE, STORY), LIN)
    _package(stage)
    react_to_all(stage.at)
    index(list(Case.objects.values_list("pk", flat=True)))
    world = World(stage, draft, review, done, asked, project, note, supplement, **_owners(stage, review))
    for case in world.handed_in():
        case.refresh_from_db()
    world.secrets = _secrets(world)
    return world


def _people(stage: Stage) -> None:
    """Who the fixed cast lacks: a leader of another park, a leaver, two who stand in today."""
    by, at = Actor.system("test"), stage.tick()
    district = Jurisdiction.objects.get(code="310151")
    other = Jurisdiction.objects.create(
        code="310151-P9", name_zh="另一园区", name_en="Another Park", level="park", parent=district
    )
    person = NewPerson(login=f"leader.elsewhere@{MAIL}", name="外区领导", password="Correct-horse-7")
    leader = officers.create_user(person=person, by=by, at=at)
    grant: dict[str, Any] = {"department": None, "from_on": stage.day(), "by": by, "at": at}
    officers.grant_role(user=leader, role=Role.LEADER, jurisdiction=other, **grant)
    people.close_user(user=stage.cast.user("swj.reviewer"), by=by, at=at)
    for absent, substitute in (("wang.fang", "rs.reviewer"), ("zhou.jun", "gjj.reviewer")):
        absences.record(
            user=stage.cast.user(absent),
            substitute=stage.cast.user(substitute),
            starts_on=stage.day() + dt.timedelta(days=1),
            ends_on=stage.day() + dt.timedelta(days=30),
            by=by,
            at=at,
        )


def _policies(stage: Stage) -> None:
    """A figure of the company, a policy it does not want, with its own words; and what an editor writes."""
    editor = stage.who("policy")
    drafting.begin(code="green_factory", by=editor, at=stage.tick())
    unfinished.begin(code="own_award", typed=empty(), by=editor, at=stage.tick())
    company, lin = stage.cast.company(GREEN).pk, stage.who(LIN)
    answer(enterprise_id=company, name="sales_last", value=FIGURE, by=lin, at=stage.tick())
    declare(
        enterprise_id=company,
        thing=Thing.POLICY,
        code="green_factory",
        reason="other",
        note=NOT_OURS,
        by=lin,
        at=stage.tick(),
    )


def _review(stage: Stage) -> tuple[Case, Supplement, Note]:
    """Under review: an opinion, a question to the company, a note with a paper, a consent."""
    case = stage.apply(GREEN, ITEM, LIN)
    first = case.materials.exclude(source="generated").order_by("position")[0]
    stage.attach(case, LIN, first.key, FILE)
    stage.submit(case, LIN)
    case = stage.accept(case)
    reviews = list(case.tasks.filter(state="enabled").exclude(kind__in=["acceptance", "decision"]))
    stage.review(case, reviews[0].key, opinion=OPINION)
    asking = reviews[1]
    by = stage.who(f"{asking.department.code}.reviewer")
    tasks.claim(task_id=asking.pk, by=by, at=stage.tick())
    supplement = supplements.ask(task_id=asking.pk, question=PAPER, by=by, at=stage.tick())
    note = conversation.write(
        case_id=case.pk,
        text=NOTE,
        files=[(f"{PAPER}.pdf", stage.paper(PAPER))],
        by=stage.who(LIN),
        at=stage.tick(),
    )
    return case, supplement, note


def _package(stage: Stage) -> None:
    """A package that lies with the company, with a sentence of the officer's."""
    company, wang = stage.cast.company(GREEN).pk, stage.who("wang.fang")
    proposing.propose(enterprise_id=company, by=wang, at=stage.tick())
    added = {"thing": "item", "code": "customs_filing", "reason": PROPOSAL}
    proposing.add(enterprise_id=company, **added, by=wang, at=stage.tick())
    proposing.send(enterprise_id=company, by=wang, at=stage.tick())


def _done(stage: Stage) -> Case:
    """Delivered with a certificate and closed."""
    case = stage.accept(stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN))
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    return stage.confirm(case, LIN)


def _owners(stage: Stage, review: Case) -> dict[str, Any]:
    """What the owner of the cases, and the leader, keep of their own."""
    from qitong.casework.logic.filters import Filter
    from qitong.datashare import consents

    wang, zhou, cut = stage.who("wang.fang"), stage.who("zhou.jun"), Filter()
    key = UUID(int=99)
    batch = bulk.order(key=key, deed="remind-company", ids=[review.pk], given={}, by=wang, at=stage.tick())
    bulk.run(batch, by=wang, at=stage.tick())
    export = exports.ask(cut, language="zh-hans", by=wang, at=stage.tick())
    exports.make(export.pk, by=Actor.system("test"), at=stage.tick())
    park = Jurisdiction.objects.get(code="310151-P1")
    return {
        "kept": saved_filters.save(name="甲方筛选", query=cut.query(), by=wang, at=stage.tick()),
        "phrase": phrases.save(name="甲方用语", text="甲方请等", by=wang, at=stage.tick()),
        "export": export,
        "batch": key,
        "absence": Absence.objects.get(user=stage.cast.user("wang.fang")),
        "wall": walls.create(name="大厅", jurisdiction_id=park.pk, days=30, by=zhou, at=stage.tick())[0],
        "asking": erasure.ask(subject=stage.cast.user(HE), by=stage.who(HE), at=stage.tick()),
        "consent": consents.give(
            enterprise_id=stage.cast.company(GREEN).pk,
            purpose="甲方授权",
            department_codes=["sw"],
            by=stage.who(LIN),
            at=stage.tick(),
        ),
    }


def _secrets(world: World) -> tuple[str, ...]:
    """What of the company nobody learns who may not see it."""
    company = world.company
    numbers = [str(case.number) for case in world.handed_in()]
    certificates = [c.number for c in world.done.certificates.all()]
    said = (
        FILE,
        TITLE,
        STORY,
        NOTE,
        PAPER,
        PLAN,
        OPINION,
        "甲方筛选",
        FIGURE,
        "73,921.57",
        NOT_OURS,
        PROPOSAL,
        "甲方用语",
        "甲方请等",
        "甲方授权",
    )
    person = (company.legal_representative, "林小雨", LIN)
    return (*said, *person, company.name, company.uscc, company.address, *numbers, *certificates)


def read(answer: HttpResponseBase) -> str:
    """Everything an answer says: its body (of a table every part), and its headers."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(parts.read(name) for name in parts.namelist())
    text = body.decode(errors="replace")
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return "\n".join([html.unescape(text), *(f"{name}: {value}" for name, value in answer.headers.items())])


_ONCE = (
    r'name="csrfmiddlewaretoken" value="[^"]*"',
    r'data-csrf="[^"]*"',
    r'data-time="[^"]*"',
    r'<div class="wrap print-header">.*',
    r"(?m)^(X-Request-Id|Content-Length|Set-Cookie|Expires|Last-Modified): .*$",
)


def same(text: str, *asked: str) -> str:
    """The answer without what differs at every asking, and without what was asked for."""
    for pattern in _ONCE:
        text = re.sub(pattern, "", text)
    for part in sorted(set(asked), key=len, reverse=True):
        text = text.replace(part, "<asked>")
    return text


def department(code: str) -> Department:
    return Department.objects.get(code=code)
