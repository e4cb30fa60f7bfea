from __future__ import annotations

from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_portal.test_applying import begin


def facts(client: Client, case: Case, **given: str) -> str:
    """Send the whole part, as a wide screen does."""
    typed = {f"fact.{name}": value for name, value in given.items()}
    where = client.get(f"/my/drafts/{case.pk}/q/facts")["Location"]
    return client.post(where, {**typed, "part": "facts"})["Location"]


def test_an_item_without_conditions_asks_nothing(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    assert "/materials" in lin.get(f"/my/drafts/{case.pk}/q/facts")["Location"]


def test_an_answer_that_raises_a_question_leads_to_it(lin: Client, stage: Stage) -> None:
    case = begin(lin, "eia_approval")
    first, raised = (f"/my/drafts/{case.pk}/q/fact.{f}" for f in ("has_construction_project", "eia_category"))
    assert "环境影响评价分类管理名录" not in lin.get(first).content.decode()
    assert facts(lin, case, has_construction_project="true") == f"{raised}#q-fact.eia_category"
    assert "环境影响评价分类管理名录" in lin.get(raised).content.decode()
    onwards = lin.post(raised, {"fact.eia_category": "report_form"})["Location"]
    assert onwards.startswith(f"/my/drafts/{case.pk}/materials")
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "报告表" in check


def test_an_answer_that_makes_the_item_needless_is_said(lin: Client, stage: Stage) -> None:
    case = begin(lin, "food_business_licence")
    facts(lin, case, food_business="false")
    assert "可能不需要办理" in lin.get(f"/my/drafts/{case.pk}/check").content.decode()


def test_no_answer_is_neither_yes_nor_no(lin: Client, stage: Stage) -> None:
    case = begin(lin, "food_business_licence")
    facts(lin, case, food_business="")
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "还不清楚" in check
    assert "可能不需要办理" not in check


def test_a_number_that_is_none_is_said_at_its_question(lin: Client, stage: Stage) -> None:
    case = begin(lin, "energy_review")
    where = facts(lin, case, has_construction_project="true")
    assert "fact.annual_energy_tce" in where
    answer = lin.post(where, {"fact.annual_energy_tce": "很多"})
    assert answer.status_code == 422
    assert '<a href="#id_fact.annual_energy_tce">' in answer.content.decode()
    assert 'value="很多"' in answer.content.decode()
    assert 'value="很多"' in lin.get(where).content.decode()
    assert "“很多”不是数字" in lin.get(f"/my/drafts/{case.pk}/check").content.decode()
