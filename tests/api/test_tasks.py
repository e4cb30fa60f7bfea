from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries

from qitong.accounts.actors import Role
from qitong.casework.models import Case, Task
from tests.api.caller import GREEN, GREEN_CLERK, ITEM, Caller, Callers, pdf


@pytest.fixture
def reviewer(callers: Callers) -> Caller:
    return callers.officer("scjg.reviewer", Role.REVIEWER, "scjg")


@pytest.fixture
def case(callers: Callers) -> Case:
    """In review; the market regulator's tasks are enabled."""
    stage = callers.stage
    return stage.accept(stage.submit(stage.apply(GREEN, ITEM, GREEN_CLERK), GREEN_CLERK))


def _first(reviewer: Caller) -> dict[str, Any]:
    found: dict[str, Any] = reviewer.get("/tasks").json()["tasks"][0]
    return found


def test_the_board_shows_what_the_department_has_to_do(reviewer: Caller, case: Case) -> None:
    row = _first(reviewer)
    assert row["case"]["number"] == case.number
    assert row["department"]["code"] == "scjg"
    assert row["state"] == {"code": "enabled", "word": "待领取"}
    assert row["light"]["colour"] == "green"


def test_pages_of_the_board_neither_skip_nor_repeat(callers: Callers, reviewer: Caller, case: Case) -> None:
    stage = callers.stage
    stage.accept(stage.submit(stage.apply(GREEN, ITEM, GREEN_CLERK), GREEN_CLERK))
    read, cursor = [], ""
    while True:
        page = reviewer.get("/tasks", limit=1, cursor=cursor).json()
        read += [row["id"] for row in page["tasks"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert read == [row["id"] for row in reviewer.get("/tasks").json()["tasks"]]
    assert len(read) == len(set(read)) >= 2


def test_the_board_takes_a_fixed_number_of_queries(
    callers: Callers, reviewer: Caller, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage = callers.stage
    stage.accept(stage.submit(stage.apply(GREEN, ITEM, GREEN_CLERK), GREEN_CLERK))
    reviewer.get("/tasks")
    for limit in (1, 100):
        with django_assert_num_queries(6):  # one counts the request itself
            reviewer.get("/tasks", limit=limit)


def test_a_task_is_claimed_once_and_by_the_department(
    callers: Callers, company: Caller, reviewer: Caller, case: Case
) -> None:
    at = f"/tasks/{_first(reviewer)['id']}"
    assert company.post(f"{at}/deeds/claim").status_code == 403
    claimed = reviewer.ok(reviewer.post(f"{at}/deeds/claim"))
    assert (claimed["state"]["code"], claimed["assignee"]) == ("claimed", "市场监管局审核员")
    assert reviewer.ok(reviewer.post(f"{at}/deeds/claim"))["state"]["code"] == "claimed"
    assert reviewer.ok(reviewer.post(f"{at}/deeds/release"))["state"]["code"] == "enabled"
    late = reviewer.post(f"{at}/deeds/release")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong_state")


def test_an_objection_needs_its_reason(reviewer: Caller, case: Case) -> None:
    at = f"/tasks/{_first(reviewer)['id']}/deeds"
    reviewer.ok(reviewer.post(f"{at}/claim"))
    answer = reviewer.post(f"{at}/finish", {"outcome": "object"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "opinion"
    done = reviewer.ok(reviewer.post(f"{at}/finish", {"outcome": "object", "opinion": "布局不合规范"}))
    assert done["outcome"]["code"] == "object"


def test_a_returned_task_is_rerouted_by_the_owner(
    window: Caller, reviewer: Caller, callers: Callers, case: Case
) -> None:
    at = f"/tasks/{_first(reviewer)['id']}/deeds"
    reviewer.ok(reviewer.post(f"{at}/return", {"reason": "不属本部门"}))
    assert reviewer.post(f"{at}/reroute", {"to": "hg"}).status_code == 403
    unknown = window.post(f"{at}/reroute", {"to": "nobody"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "to")
    assert window.ok(window.post(f"{at}/reroute", {"to": "hg"}))["department"]["code"] == "hg"


def test_a_department_is_reminded_once_a_working_day(window: Caller, reviewer: Caller, case: Case) -> None:
    at = f"/tasks/{_first(reviewer)['id']}/deeds/remind"
    window.ok(window.post(at, {"note": "请抓紧"}))
    again = window.post(at, {})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already_reminded")


def test_a_leader_may_stop_waiting_but_never_at_a_red_line(
    callers: Callers, reviewer: Caller, case: Case
) -> None:
    leader = callers.officer("zhou.jun", Role.LEADER)
    at = f"/tasks/{_first(reviewer)['id']}/deeds/waive"
    by_reviewer = reviewer.post(at, {"grounds": "不等了"})
    assert (by_reviewer.status_code, by_reviewer.json()["type"]) == (403, "/problems/not_allowed")
    by_leader = leader.post(at, {"grounds": "已超期两周"})
    assert (by_leader.status_code, by_leader.json()["type"]) == (422, "/problems/red_line")


def test_the_company_answers_what_a_department_asks(company: Caller, reviewer: Caller, case: Case) -> None:
    at = f"/tasks/{_first(reviewer)['id']}"
    reviewer.ok(reviewer.post(f"{at}/deeds/claim"))
    asked = reviewer.ok(reviewer.post(f"{at}/deeds/ask_supplement", {"question": "请补充后厨照片"}))
    assert asked["supplement"]["question"] == "请补充后厨照片"
    assert asked["light"]["colour"] == "paused"
    assert company.form(f"{at}/supplement").status_code == 422
    assert reviewer.form(f"{at}/supplement", answer="见附件").status_code == 403
    photos = [SimpleUploadedFile(f"{n}.pdf", pdf(company.stage, f"照片{n}")) for n in (1, 2)]
    answered = company.ok(company.form(f"{at}/supplement", answer="见附件", files=photos))
    assert answered["supplement"]["answer"] == "见附件"
    assert Task.objects.get(pk=answered["id"]).supplement.documents.count() == 2
    again = company.form(f"{at}/supplement", answer="再次")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answered")


def test_the_clock_is_stopped_only_for_a_reason_the_item_allows(reviewer: Caller, case: Case) -> None:
    at = f"/tasks/{_first(reviewer)['id']}/deeds"
    reviewer.ok(reviewer.post(f"{at}/claim"))
    answer = reviewer.post(f"{at}/pause", {"reason": "auction"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")
    assert reviewer.post(f"{at}/resume").status_code == 409


def test_what_nobody_asked_for_cannot_be_answered(company: Caller, case: Case) -> None:
    task = case.tasks.first()
    assert task is not None
    assert company.form(f"/tasks/{task.pk}/supplement", answer="好").status_code == 404


def test_a_claimed_task_is_handed_to_a_colleague_and_to_nobody_else(
    callers: Callers, reviewer: Caller, case: Case
) -> None:
    at = f"/tasks/{_first(reviewer)['id']}/deeds"
    reviewer.post(f"{at}/claim")
    stranger = reviewer.post(f"{at}/assign", {"to": "fgw.reviewer@qitong.example"})
    assert (stranger.status_code, stranger.json()["type"]) == (422, "/problems/other_department")
    handed = reviewer.post(f"{at}/assign", {"to": "scjg.head@qitong.example"})
    assert handed.status_code == 200
    task = Task.objects.select_related("assignee").get(pk=handed.json()["id"])
    assert task.assignee is not None
    assert task.assignee.login == "scjg.head@qitong.example"


def test_a_company_that_owes_nothing_is_not_reminded(window: Caller, case: Case) -> None:
    refused = window.post(f"/cases/{case.number}/deeds/remind_company")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not_allowed")


def test_a_company_is_reminded_of_its_correction_once_a_working_day(window: Caller, callers: Callers) -> None:
    stage = callers.stage
    case = stage.submit(stage.apply(GREEN, ITEM, GREEN_CLERK), GREEN_CLERK)
    window.post(f"/cases/{case.number}/deeds/notify_correction", {"text": "请补交平面图。"})
    first, again = (window.post(f"/cases/{case.number}/deeds/remind_company") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 403)
