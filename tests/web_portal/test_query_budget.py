"""No page of the company asks more than twelve times, however much there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.casework import conversation, deferral, delivery, intake, supplements, tasks
from qitong.casework.models import Case, Project
from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN, LIN

MOST = 12


def asked(client: Client, where: str) -> int:
    """Of a second look: what a process reads once (catalogue, calendar) was read by the first."""
    client.get(where)
    with CaptureQueriesContext(connection) as found:
        assert client.get(where).status_code == 200, where
    return len(found)


def submitted(stage: Stage) -> Case:
    return stage.submit(stage.apply(GREEN, "construction_permit", LIN), LIN)


def corrected(stage: Stage) -> Case:
    case = stage.submit(stage.apply(GREEN, "business_licence", LIN, leave=frozenset({"articles"})), LIN)
    return intake.notify_correction(case_id=case.pk, text="签字", by=stage.owner(case), at=stage.tick())


def supplemented(stage: Stage) -> Case:
    case = stage.submit(stage.apply(GREEN, "food_business_licence", LIN, food_business=True), LIN)
    stage.accept(case)
    task = case.tasks.exclude(kind__in=["acceptance", "decision"]).filter(state="enabled")[0]
    by = stage.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    supplements.ask(task_id=task.pk, question="请提供平面图", by=by, at=stage.tick())
    return case


def delivered(stage: Stage) -> Case:
    """Noted on by both sides, delivered."""
    case = stage.accept(stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN))
    for row in case.materials.all():
        deferral.verify(
            case_id=case.pk, key=row.key, correct=True, remark="", by=stage.owner(case), at=stage.tick(1)
        )
    conversation.write(case_id=case.pk, text="何时取？", by=stage.who(LIN), at=stage.tick())
    conversation.write(case_id=case.pk, text="明天。", by=stage.owner(case), at=stage.tick())
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    return case


def reopened(stage: Stage) -> Case:
    case = delivered(stage)
    stage.confirm(case, LIN)
    delivery.reopen(case_id=case.pk, reason="住所写错了", by=stage.who(LIN), at=stage.tick())
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    return case


@pytest.mark.parametrize("made", [submitted, corrected, supplemented, delivered, reopened])
def test_a_case_page_asks_twelve_times_at_most(
    lin: Client, stage: Stage, made: Callable[[Stage], Case]
) -> None:
    case = made(stage)
    case.refresh_from_db()
    at = f"/my/cases/{case.number}"
    pages = [at, f"{at}/receipt", f"{at}/notes", f"{at}/withdraw", f"{at}/reopen"]
    pages += [f"{at}/supplements/{one.pk}" for one in case.supplements.all()]
    assert {page: n for page in pages if (n := asked(lin, page)) > MOST} == {}


def test_lists_and_plans_ask_twelve_times_at_most(lin: Client, stage: Stage) -> None:
    corrected(stage)
    supplemented(stage)
    company = stage.cast.company(GREEN).pk
    for name in ("一期", "二期"):
        typed = {"name": name, "goal": "M_START_PRODUCE", "enterprise": company, "client_key": name}
        lin.post("/my/projects/new", typed)
    project = Project.objects.latest("pk").pk
    pages = ["/my", "/my/cases", "/my/cases?show=finished", "/my/projects", f"/my/projects/{project}"]
    pages += [f"/my/projects/{project}/facts", "/my/projects/new", "/my/consents", "/messages"]
    pages += ["/my/start", "/my/start?item=business_licence", "/my/tell"]
    pages += ["/items", "/items/construction_permit", "/progress", f"/p/{Case.objects.latest('pk').number}"]
    assert {page: n for page in pages if (n := asked(lin, page)) > MOST} == {}


def test_bringing_a_promised_material_asks_twelve_times_at_most(lin: Client, stage: Stage) -> None:
    draft = stage.apply(GREEN, "construction_permit", LIN, leave=frozenset({"injury_ins"}))
    stage.commit(draft, LIN, ["injury_ins"], within=5)
    case = stage.submit(draft, LIN)
    assert asked(lin, f"/my/cases/{case.number}/materials/injury_ins") <= MOST
    assert asked(lin, f"/my/cases/{case.number}") <= MOST
