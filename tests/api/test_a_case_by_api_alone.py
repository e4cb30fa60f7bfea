from __future__ import annotations

from qitong.accounts.actors import Role
from qitong.casework.models import Case
from tests.api.caller import REQUEST, Caller, Callers, fill, open_application, pdf


def test_a_food_licence_from_draft_to_closed(company: Caller, window: Caller, callers: Callers) -> None:
    reviewer = callers.officer("scjg.reviewer", Role.REVIEWER, "scjg")
    head = callers.officer("scjg.head", Role.DEPARTMENT_HEAD, "scjg")
    case = open_application(company, contact={"name": "林小雨", "phone": "13800000001"})
    at = f"/cases/{case['id']}"

    fill(company, case, leave=frozenset({"manager_cert"}))
    due = str(company.stage.working_day(3))
    company.ok(
        company.post(f"{at}/deeds/commit", {"keys": ["manager_cert"], "due_on": due, "signer_name": "林小雨"})
    )
    number = company.ok(company.post(f"{at}/deeds/submit"))["number"]

    window.ok(window.post(f"/cases/{number}/deeds/contact", {"note": "电话核实"}))
    accepted = window.ok(window.post(f"/cases/{number}/deeds/accept"))
    assert accepted["state"]["code"] == "in_review"
    assert accepted["promises"]["counted_from"] == "2026-03-03"

    while board := reviewer.ok(reviewer.get("/tasks"))["tasks"]:
        if board[0]["key"] == "decide":
            break
        task = f"/tasks/{board[0]['id']}/deeds"
        reviewer.ok(reviewer.post(f"{task}/claim"))
        reviewer.ok(reviewer.post(f"{task}/finish", {"outcome": "concur", "opinion": "符合要求"}))

    company.ok(company.upload(f"{at}/materials/manager_cert", pdf(company.stage, "manager_cert")))
    decided = head.ok(head.post(f"{at}/deeds/approve", {"grounds": ""}))
    assert decided["state"]["code"] == "approved"
    window.ok(window.post(f"{at}/deeds/deliver"))
    closed = company.ok(company.post(f"{at}/deeds/confirm"))
    assert closed["state"]["code"] == "closed"

    certificate = closed["certificates"][0]["number"]
    paper = company.get(f"{at}/certificates/{certificate}/file")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert Case.objects.get().state == "closed"


def test_a_request_from_draft_to_answer(company: Caller, window: Caller, callers: Callers) -> None:
    builder = callers.officer("zjw.reviewer", Role.REVIEWER, "zjw")
    at = f"/cases/{company.ok(company.post('/cases', {**REQUEST, 'submit': True}))['number']}/deeds"
    window.ok(window.post(f"{at}/accept"))
    ask = {"department": "zjw", "ask": "修复信号灯", "days": 3}
    tasks = window.ok(window.post(f"{at}/dispatch", ask))["tasks"]
    task = next(t for t in tasks if t["ask"] == "修复信号灯")
    assert task["department"]["code"] == "zjw"

    early = window.post(f"{at}/complete_review")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/tasks_open")

    builder.ok(builder.post(f"/tasks/{task['id']}/deeds/claim"))
    builder.ok(
        builder.post(f"/tasks/{task['id']}/deeds/finish", {"outcome": "finished", "opinion": "已修复"})
    )
    ready = window.ok(window.post(f"{at}/complete_review"))
    assert ready["state"]["code"] == "awaiting_decision"
    window.ok(window.post(f"{at}/approve", {"grounds": "信号灯已于今日修复。"}))
    window.ok(window.post(f"{at}/deliver"))
    assert company.ok(company.post(f"{at}/confirm"))["state"]["code"] == "closed"
    again = company.ok(company.post(f"{at}/reopen", {"reason": "又坏了"}))
    assert again["state"]["code"] == "in_review"


def test_a_correction_is_told_once_and_answered(company: Caller, window: Caller) -> None:
    case = open_application(company)
    at = f"/cases/{case['id']}"
    company.ok(company.post(f"{at}/deeds/submit"))
    told = window.ok(window.post(f"{at}/deeds/notify_correction", {"text": "请补齐材料"}))
    assert "请补齐材料" in told["correction_notice"]
    again = window.post(f"{at}/deeds/notify_correction", {"text": "还有"})
    assert again.status_code == 409
    fill(company, case)
    assert company.ok(company.post(f"{at}/deeds/answer_correction"))["state"]["code"] == "submitted"
    assert window.ok(window.post(f"{at}/deeds/accept"))["state"]["code"] == "in_review"


def test_a_colleague_is_added_and_the_owner_stays(company: Caller, window: Caller) -> None:
    case = company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    at = f"/cases/{case['number']}/deeds/transfer"
    added = window.ok(window.post(at, {"to": "li.qiang@qitong.example", "reason": "协助现场"}))
    assert added["owner"]["name"] == "王芳"
    clerk = window.post(at, {"to": "13800000002", "reason": "协助"})
    assert clerk.status_code == 422
    assert clerk.json()["errors"][0]["field"] == "to"


def test_not_accepting_needs_a_listed_reason(company: Caller, window: Caller) -> None:
    case = company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    at = f"/cases/{case['number']}/deeds/refuse_acceptance"
    assert window.post(at, {"reason": "no_time", "grounds": "忙"}).status_code == 422
    refused = window.ok(window.post(at, {"reason": "before_court", "grounds": "已诉至法院，请待判决。"}))
    assert refused["state"]["code"] == "not_accepted"


def test_a_company_gives_up_a_draft_and_takes_back_a_case(company: Caller) -> None:
    draft = open_application(company)
    assert company.ok(company.post(f"/cases/{draft['id']}/deeds/discard"))["state"]["code"] == "withdrawn"
    sent = company.ok(company.post("/cases", {**REQUEST, "submit": True}))
    assert company.ok(company.post(f"/cases/{sent['id']}/deeds/withdraw", {}))["state"]["code"] == "withdrawn"
