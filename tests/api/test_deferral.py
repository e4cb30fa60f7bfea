from __future__ import annotations

from typing import Any

from tests.api.caller import Caller, fill, open_application


def _commit(company: Caller, keys: list[str], days: int = 3) -> Any:
    case = open_application(company)
    fill(company, case, leave=frozenset(keys))
    due = str(company.stage.working_day(days))
    body = {"keys": keys, "due_on": due, "signer_name": "林小雨"}
    return company.post(f"/cases/{case['id']}/deeds/commit", body)


def test_a_red_line_is_never_deferred_and_the_sentence_says_so(company: Caller) -> None:
    answer = _commit(company, ["food_safety"])
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "/problems/not_deferrable"
    assert problem["detail"].endswith("涉及安全或环境，是红线材料，不能容缺。")
    assert problem["errors"] == [{"field": "keys", "detail": problem["detail"]}]


def test_a_cure_date_beyond_the_limit_is_refused_in_the_readers_language(company: Caller) -> None:
    zh = _commit(company, ["manager_cert"], days=30).json()["detail"]
    company.language = "en"
    en = _commit(company, ["manager_cert"], days=30).json()["detail"]
    assert "2026年3月" in zh
    assert "March 2026" in en


def test_a_deferrable_material_may_follow_and_shows_its_date(company: Caller) -> None:
    case = _commit(company, ["manager_cert"]).json()
    material = next(m for m in case["materials"] if m["key"] == "manager_cert")
    assert material["state"]["code"] == "deferred"
    assert material["due_on"] == str(company.stage.working_day(3))
