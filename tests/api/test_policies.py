"""A program of the company asks what it can get and gives facts; the answer changes. Its own company only."""

from __future__ import annotations

from typing import Any

import pytest

from qitong.demo.stage import Stage
from qitong.policies.models import CompanyFact
from tests.api.caller import GREEN, TIDE, TIDE_CLERK, Caller, Callers
from tests.policies.played import published


@pytest.fixture(autouse=True)
def _policies(stage: Stage) -> None:
    published(stage)


def test_a_fact_changes_the_answer(company: Caller) -> None:
    before = company.ok(company.get("/policies/match"))
    assert [fact["name"] for fact in before["facts"]] == ["district"]  # of its own entry
    fact = company.ok(company.post("/policies/facts", {"name": "core_ip_owned", "value": 0}))
    assert (fact["value"], fact["unit"], fact["source"]["code"]) == (0, "count", "answer")
    after: dict[str, Any] = company.ok(company.get("/policies/match", section="not"))
    hi_tech = next(p for p in after["policies"] if p["id"] == "hi_tech_enterprise")
    assert hi_tech["outcome"] == "not_eligible"
    failing = next(c for c in hi_tech["conditions"] if c["result"] is False)
    assert "还差1项" in failing["says"][0]


def test_the_questions_come_with_unit_and_year(company: Caller) -> None:
    first = company.ok(company.get("/policies/match"))["questions"][0]
    assert first["question"]["zh"]
    assert first["unit"]
    assert first["helps"]


def test_exact_figures_come_as_text_and_go_as_text(company: Caller) -> None:
    company.ok(company.post("/policies/facts", {"name": "sales_last", "value": "4321.123456"}))
    assert CompanyFact.objects.get().value == "4321.123456"
    refused = company.post("/policies/facts", {"name": "sales_last", "value": 4321.5})
    assert refused.status_code == 422


@pytest.mark.parametrize("value", ["a\u0000b", "\ud800", "长" * 61])
def test_what_is_no_text_is_refused(company: Caller, value: str) -> None:
    assert company.post("/policies/facts", {"name": "industry_code", "value": value}).status_code in (
        400,
        422,
    )


def test_pages_follow_each_other(company: Caller) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = company.ok(company.get("/policies/match", limit=7, after=after))
        seen += [p["id"] for p in page["policies"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [p["id"] for p in company.ok(company.get("/policies/match", limit=100))["policies"]]
    assert len(seen) == len(set(seen)) > 20


def test_nobody_reads_another_company(callers: Callers, company: Caller, window: Caller) -> None:
    company.ok(company.post("/policies/facts", {"name": "employees", "value": 80}))
    other = callers.company(TIDE, TIDE_CLERK).get("/policies/match").json()["facts"]
    assert [fact["name"] for fact in other] == ["district"]
    assert window.get("/policies/match").status_code == 404
    assert window.post("/policies/facts", {"name": "employees", "value": 1}).status_code == 404


def test_what_comes_with_what_to_prepare(company: Caller, window: Caller) -> None:
    found = company.ok(company.get("/policies/coming"))
    assert found["company"] == GREEN
    window_of = {one["id"]: one for one in found["coming"] if one["sort"] == "window"}
    one = window_of["tech_sme"]
    assert (one["first"], one["last"], one["judged_on"]) == ("2026-06-01", "2026-08-31", "2026-06-01")
    assert (one["outcome"], one["section"]) == ("unknown", "ask")
    assert one["ask"]
    assert "2026-07-01" < one["begin_by"] < one["last"]
    assert window.get("/policies/coming").status_code == 404
