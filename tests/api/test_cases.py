from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from qitong.casework.indexing import index
from qitong.casework.models import Case
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from tests.api.caller import GREEN, REQUEST, Caller, fill, open_application


def test_a_draft_of_an_application_names_its_materials_and_what_may_be_done(company: Caller) -> None:
    case = open_application(company)
    assert (case["state"]["code"], case["number"], case["owner"]) == ("draft", None, None)
    assert case["company"]["uscc"] == GREEN
    assert len(case["materials"]) == 5
    deeds = {d["deed"]: d for d in case["allowed_deeds"]}
    assert deeds["submit"]["allowed"]
    assert not deeds["accept"]["allowed"]
    assert deeds["accept"]["why_not"] == "现在是“草稿”，不能“受理”。"
    assert "dispatch" not in deeds


def test_a_request_is_handed_in_at_once_with_number_owner_and_dates(company: Caller) -> None:
    contact = {"name": "林小雨", "phone": "13800000001"}
    answer = company.post("/cases", {**REQUEST, "contact": contact, "submit": True})
    assert answer.status_code == 201
    case = answer.json()
    assert case["state"] == {"code": "submitted", "word": "已提交，待受理"}
    assert case["contact"] == contact
    assert case["owner"]["name"] == "王芳"
    assert case["promises"]["contact_due_on"]
    assert case["light"]["colour"] == "green"
    assert "dispatch" in {d["deed"] for d in case["allowed_deeds"]}


def test_what_is_handed_in_at_once_is_as_if_it_had_been_a_draft_first(company: Caller) -> None:
    at_once = company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    draft = company.ok(company.post("/cases", REQUEST))
    company.ok(company.post(f"/cases/{draft['id']}/deeds/submit"))

    def kept(case: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        row = Case.objects.filter(pk=case["id"]).values().get()
        entries = Entry.objects.filter(stream=f"case:{case['id']}").order_by("number")
        own = {"id", "number", "created_at", "submitted_at"}
        said = [(e.number, e.kind, e.by, {**e.body, "number": ""}) for e in entries]
        return {name: value for name, value in row.items() if name not in own}, said

    assert kept(at_once) == kept(draft)
    assert [kind for _, kind, *_ in kept(at_once)[1]] == ["case.draft", "case.submit"]
    assert verify().whole


def test_a_submission_that_is_refused_leaves_no_draft_behind(company: Caller) -> None:
    answer = company.post("/cases", {**REQUEST, "title": "  ", "submit": True})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "title", "detail": "请填写需求标题。"}]
    assert not Case.objects.exists()


def test_a_case_is_found_by_number_and_by_id(company: Caller) -> None:
    case = company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    assert company.get(f"/cases/{case['number']}").json()["id"] == case["id"]
    assert company.get(f"/cases/{case['number'].lower()}").json()["id"] == case["id"]
    assert company.get(f"/cases/{case['id']}").json()["number"] == case["number"]


def test_the_list_is_narrowed_by_state_and_kind(company: Caller) -> None:
    draft = open_application(company)
    sent = company.ok(company.post("/cases", {**REQUEST, "submit": True}))

    def listed(**asked: object) -> list[int]:
        return [row["id"] for row in company.get("/cases", **asked).json()["cases"]]

    assert listed() == [sent["id"], draft["id"]]
    assert listed(state="draft") == [draft["id"]]
    assert listed(state=["draft", "submitted"]) == [sent["id"], draft["id"]]
    assert listed(kind="request") == [sent["id"]]
    assert company.get("/cases", state="lost").status_code == 422


def test_a_page_stays_where_it_is_while_cases_arrive(company: Caller) -> None:
    made = [open_application(company)["id"] for _ in range(5)]
    first = company.get("/cases", limit=2).json()
    open_application(company)
    second = company.get("/cases", limit=2, cursor=first["next"]).json()
    third = company.get("/cases", limit=2, cursor=second["next"]).json()
    read = [row["id"] for page in (first, second, third) for row in page["cases"]]
    assert read == made[::-1]
    assert third["next"] is None


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_holds_one_to_a_hundred(company: Caller, limit: int) -> None:
    assert company.get("/cases", limit=limit).status_code == 422


def test_a_forged_cursor_is_refused(company: Caller) -> None:
    answer = company.get("/cases", cursor="WyI5OTk5Il0:forged")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad_cursor")


def test_lists_carry_no_personal_numbers(company: Caller) -> None:
    company.ok(company.post("/cases", {**REQUEST, "contact": {"name": "林小雨", "phone": "13899998888"}}))
    text = company.get("/cases").content.decode()
    assert "13899998888" not in text
    assert "林小雨" not in text


def test_the_list_takes_a_fixed_number_of_queries(
    company: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    company.get("/cases")
    with django_assert_num_queries(QUERIES):
        company.get("/cases", limit=1)
    with django_assert_num_queries(QUERIES):
        company.get("/cases", limit=100)


QUERIES = 6  # one of them counts the request itself
"""Token, its member, its person (3); cases with their tasks and pauses (3); the calendar."""


def test_fields_are_saved_in_the_draft_only(company: Caller) -> None:
    case = open_application(company)
    saved = company.ok(
        company.post(
            f"/cases/{case['id']}/deeds/save", {"fields": {"contact_name": "何佳", "fact.seats": "40"}}
        )
    )
    assert saved["contact"]["name"] == "何佳"
    assert saved["facts"]["seats"] == "40"
    fill(company, case)
    company.ok(company.post(f"/cases/{case['id']}/deeds/submit"))
    late = company.post(f"/cases/{case['id']}/deeds/save", {"fields": {"contact_name": "别人"}})
    assert late.status_code == 409


def test_handing_in_twice_changes_nothing(company: Caller) -> None:
    case = company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    again = company.ok(company.post(f"/cases/{case['id']}/deeds/submit"))
    assert again["number"] == case["number"]


def test_the_list_is_narrowed_by_words(company: Caller, window: Caller) -> None:
    case = company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    assert company.get(f"/cases?q={case['number'][-4:]}").json()["cases"] == []  # a second, and it is read
    index([case["id"]])
    for caller in (company, window):
        [found] = caller.get(f"/cases?q={case['number'][-4:]}").json()["cases"]
        assert found["id"] == case["id"]
        assert caller.get("/cases?q=不存在").json()["cases"] == []
    assert company.get(f"/cases?q={'长' * 300}").status_code == 422
    assert company.get(f"/cases?q={'+'.join('一二三四五六七八九十百')}").status_code == 422
