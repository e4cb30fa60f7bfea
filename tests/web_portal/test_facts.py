from __future__ import annotations

from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_portal.test_applying import begin


def facts(client: Client, case: Case, **given: str) -> str:
    typed = {f"fact.{name}": value for name, value in given.items()}
    return client.post(f"/my/drafts/{case.pk}/facts", typed)["Location"]


def test_an_item_without_conditions_asks_nothing(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    assert lin.get(f"/my/drafts/{case.pk}/facts")["Location"] == f"/my/drafts/{case.pk}/materials"


def test_an_answer_that_raises_a_question_brings_the_page_back(lin: Client, stage: Stage) -> None:
    case = begin(lin, "eia_approval")
    assert "环境影响评价分类管理名录" not in lin.get(f"/my/drafts/{case.pk}/facts").content.decode()
    assert facts(lin, case, has_construction_project="true") == f"/my/drafts/{case.pk}/facts"
    assert "环境影响评价分类管理名录" in lin.get(f"/my/drafts/{case.pk}/facts").content.decode()
    onwards = facts(lin, case, has_construction_project="true", eia_category="report_form")
    assert onwards == f"/my/drafts/{case.pk}/materials"
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "报告表" in check


def test_an_answer_that_makes_the_item_needless_is_said(lin: Client, stage: Stage) -> None:
    case = begin(lin, "food_business_licence")
    facts(lin, case, food_business="false")
    assert "可能不需要办理" in lin.get(f"/my/drafts/{case.pk}/check").content.decode()


def test_no_answer_is_neither_yes_nor_no(lin: Client, stage: Stage) -> None:
    case = begin(lin, "food_business_licence")
    facts(lin, case)
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "还不清楚" in check
    assert "可能不需要办理" not in check


def test_a_number_that_is_none_is_said_at_its_question(lin: Client, stage: Stage) -> None:
    case = begin(lin, "energy_review")
    facts(lin, case, has_construction_project="true")
    typed = {"fact.has_construction_project": "true", "fact.annual_energy_tce": "很多"}
    answer = lin.post(f"/my/drafts/{case.pk}/facts", typed)
    assert answer.status_code == 422
    assert '<a href="#id_fact.annual_energy_tce">' in answer.content.decode()
    assert 'value="很多"' in answer.content.decode()
