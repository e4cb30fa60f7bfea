"""A program of the company reads its package and answers it; no other token finds it."""

from __future__ import annotations

import pytest

from qitong.accounts.company import edit_contact
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.policies import proposing
from qitong.policies.models import ServicePackage
from tests.api.caller import GREEN, GREEN_CLERK, TIDE, TIDE_CLERK, Caller, Callers
from tests.policies.played import published

SOLAR = "pv_grid_connection"


@pytest.fixture(autouse=True)
def sent(stage: Stage) -> ServicePackage:
    published(stage)
    company, by = stage.cast.company(GREEN), stage.who("wang.fang")
    edit_contact(
        enterprise=company,
        phone=GREEN_CLERK,
        industry_code="C3569",
        by=stage.who(GREEN_CLERK),
        at=stage.tick(1),
    )
    proposing.propose(enterprise_id=company.pk, by=by, at=stage.tick(1))
    return proposing.send(enterprise_id=company.pk, by=by, at=stage.tick(1))


def test_it_reads_what_is_proposed_and_why(company: Caller) -> None:
    found = company.ok(company.get("/package"))["package"]
    assert found["officer"] == "王芳"
    assert found["stage"]["code"] == "sent"
    line = next(line for line in found["lines"] if line["code"] == SOLAR)
    assert line["reason"] == "厂房屋顶可以装光伏，自用电价更低。"
    assert line["answer"] is None
    assert ServicePackage.objects.get().stage == "sent"


def test_taken_up_it_is_a_draft_and_declined_it_is_kept(company: Caller) -> None:
    accepted = {"thing": "item", "code": SOLAR, "answer": "accepted"}
    for _ in range(2):
        found = company.ok(company.post("/package/answers", accepted))["package"]
    line = next(line for line in found["lines"] if line["code"] == SOLAR)
    assert line["case"] == str(Case.objects.get().pk)
    declined = {"thing": "policy", "code": "rd_super_deduction", "answer": "unsuitable"}
    assert company.post("/package/answers", declined).status_code == 422
    found = company.ok(company.post("/package/answers", {**declined, "reason": "no_need"}))["package"]
    assert (
        next(line for line in found["lines"] if line["code"] == "rd_super_deduction")["answer"]
        == "unsuitable"
    )


def test_other_companies_and_officers_find_nothing(callers: Callers, company: Caller, window: Caller) -> None:
    answer = {"thing": "item", "code": SOLAR, "answer": "accepted"}
    other = callers.company(TIDE, TIDE_CLERK)
    assert other.ok(other.get("/package"))["package"] is None
    assert other.post("/package/answers", answer).status_code == 404
    assert window.get("/package").status_code == 404
    assert window.post("/package/answers", answer).status_code == 404
    assert company.post("/package/answers", {**answer, "code": "energy_review"}).status_code == 404
    assert not Case.objects.exists()
