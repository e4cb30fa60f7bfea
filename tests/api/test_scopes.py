"""A token does what its role may do, in its place, and nothing else exists for it."""

from __future__ import annotations

from typing import Any

import pytest

from qitong.accounts.actors import Actor, Role
from qitong.accounts.officers import grant_role
from qitong.accounts.tokens import revoke
from qitong.casework.logic.clock import day_of
from qitong.casework.models import Case, Participant
from tests.api.caller import REQUEST, TIDE, TIDE_CLERK, Caller, Callers, fill, open_application


@pytest.fixture
def case(company: Caller) -> dict[str, Any]:
    """A complete application that was handed in."""
    draft = open_application(company)
    fill(company, draft)
    handed_in: dict[str, Any] = company.ok(company.post(f"/cases/{draft['id']}/deeds/submit"))
    return handed_in


def _ways_to(case: dict[str, Any]) -> list[str]:
    at = f"/cases/{case['id']}"
    return [at, f"{at}/materials", f"{at}/materials/app_form/file", f"{at}/timeline"]


def test_another_companys_case_does_not_exist(callers: Callers, case: dict[str, Any]) -> None:
    other = callers.company(TIDE, TIDE_CLERK)
    assert other.get("/cases").json()["cases"] == []
    assert {other.get(way).status_code for way in _ways_to(case)} == {404}
    assert other.post(f"/cases/{case['number']}/deeds/withdraw", {}).status_code == 404
    assert other.get(f"/tasks/{case['tasks'][0]['id']}").status_code == 404
    assert Case.objects.get().state == "submitted"


def test_a_company_may_not_do_what_officers_do(company: Caller, case: dict[str, Any]) -> None:
    at = f"/cases/{case['number']}"
    tried = [
        company.post(f"{at}/deeds/accept"),
        company.post(f"{at}/deeds/contact", {}),
        company.post(f"{at}/deeds/transfer", {"to": "li.qiang@qitong.example", "reason": "协助"}),
        company.post(f"{at}/materials/app_form/verify", {"correct": True}),
    ]
    assert [t.status_code for t in tried] == [403] * 4
    assert tried[0].json()["detail"] == "“受理”由首问负责人办理。"
    assert company.get("/tasks").json()["tasks"] == []


def test_a_department_sees_only_cases_it_works_on(callers: Callers, case: dict[str, Any]) -> None:
    works_on_it = callers.officer("scjg.reviewer", Role.REVIEWER, "scjg")
    elsewhere = callers.officer("hg.reviewer", Role.REVIEWER, "hg")
    assert works_on_it.get(f"/cases/{case['id']}").status_code == 200
    assert {elsewhere.get(way).status_code for way in _ways_to(case)} == {404}


def test_a_reviewer_may_neither_accept_nor_decide(callers: Callers, case: dict[str, Any]) -> None:
    reviewer = callers.officer("scjg.reviewer", Role.REVIEWER, "scjg")
    assert reviewer.post(f"/cases/{case['id']}/deeds/accept").status_code == 403
    callers.stage.accept(Case.objects.get())
    callers.stage.review_all(Case.objects.get())
    answer = reviewer.post(f"/cases/{case['id']}/deeds/approve", {})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not_allowed")


def test_an_auditor_reads_with_names_masked_and_changes_nothing(
    callers: Callers, case: dict[str, Any]
) -> None:
    auditor = callers.officer("wu.hong", Role.AUDITOR)
    read = auditor.get(f"/cases/{case['number']}").json()
    assert read["contact"] == {"name": "林**", "phone": "138****0001"}
    assert not any(deed["allowed"] for deed in read["allowed_deeds"])
    assert auditor.post(f"/cases/{case['number']}/deeds/accept").status_code == 403
    assert auditor.post("/cases", REQUEST).status_code == 403
    assert auditor.get("/tasks").json()["tasks"] == []


def test_drafts_are_the_companys_own(callers: Callers, company: Caller, window: Caller) -> None:
    draft = open_application(company)
    auditor = callers.officer("wu.hong", Role.AUDITOR)
    assert {c.get(f"/cases/{draft['id']}").status_code for c in (auditor, window)} == {404}


def test_an_owner_is_no_owner_through_a_token_of_another_role(callers: Callers, case: dict[str, Any]) -> None:
    """Wang Fang owns the case and also reviews elsewhere; that token reviews and accepts nothing."""
    stage = callers.stage
    user = stage.cast.user("wang.fang")
    scjg = stage.department("scjg")
    grant_role(
        user=user,
        role=Role.REVIEWER,
        department=scjg,
        jurisdiction=None,
        from_on=day_of(stage.at),
        by=Actor.system("test"),
        at=stage.at,
    )
    reviewing = callers.officer("wang.fang", Role.REVIEWER, "scjg")
    assert reviewing.post(f"/cases/{case['id']}/deeds/accept").status_code == 403
    assert callers.window().post(f"/cases/{case['id']}/deeds/accept").status_code == 200


def test_a_token_sees_its_place_and_not_its_persons_desk(callers: Callers, case: dict[str, Any]) -> None:
    """Wang Fang owns the case, others help with it: their tokens for places apart know nothing of it."""
    stage = callers.stage
    for login, role, department in (
        ("wang.fang", Role.REVIEWER, "hg"),
        ("sw.reviewer", Role.REVIEWER, "sw"),
        ("policy", Role.POLICY_EDITOR, ""),
    ):
        user = stage.cast.user(login)
        if login == "wang.fang":
            grant_role(
                user=user,
                role=role,
                department=stage.department(department),
                jurisdiction=None,
                from_on=day_of(stage.at),
                by=Actor.system("test"),
                at=stage.at,
            )
        else:
            Participant.objects.create(
                case=Case.objects.get(), user=user, added_at=stage.at, added_by="test", reason="协助"
            )
        token = callers.officer(login, role, department)
        assert {token.get(way).status_code for way in _ways_to(case)} == {404}, login
        assert token.get("/cases").json()["cases"] == []
        assert token.get("/cases", q=case["number"]).json()["cases"] == []
        assert token.post(f"/cases/{case['id']}/deeds/contact", {}).status_code == 404
    assert callers.window().get(f"/cases/{case['id']}").status_code == 200


def test_a_revoked_or_expired_token_is_worth_nothing(callers: Callers, company: Caller) -> None:
    from qitong.accounts.models import ApiToken

    assert company.get("/cases").status_code == 200
    revoke(token=ApiToken.objects.get(), by=Actor.system("test"), at=callers.stage.at)
    assert company.get("/cases").status_code == 401
    second = callers.company()
    callers.stage.at = callers.stage.at.replace(year=2027, month=6)
    assert second.get("/cases").status_code == 401


def test_the_ledger_names_the_token_and_the_paper_the_person(company: Caller, case: dict[str, Any]) -> None:
    lines = company.get(f"/cases/{case['id']}/timeline").json()["lines"]
    assert {line["by"].partition(":")[0] for line in lines if line["kind"] == "case.submit"} == {"token"}
    assert case["contact"]["name"] == "林小雨"
