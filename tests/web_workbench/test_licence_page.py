"""A company brings a new licence, and the window takes over what it says."""

from __future__ import annotations

from django.test import Client

from qitong.demo.stage import Stage

GREEN = "91310151MA1JK0001T"
NEW = {"name": "崇明绿源新能源有限公司", "legal_representative": "顾江", "address": "东滩路20号"}


def signed_in(stage: Stage, login: str) -> Client:
    client = Client()
    client.force_login(stage.cast.user(login))
    return client


def test_the_code_leads_to_the_company_and_the_new_data_are_kept(stage: Stage) -> None:
    wang = signed_in(stage, "wang.fang")
    assert wang.get("/desk/licence", {"uscc": GREEN.lower()})["Location"] == f"/desk/licence/{GREEN}"
    assert wang.post(f"/desk/licence/{GREEN}", NEW).status_code == 302
    company = stage.cast.company(GREEN)
    company.refresh_from_db()
    assert {name: getattr(company, name) for name in NEW} == NEW


def test_what_is_missing_is_said_beside_the_field_and_the_rest_is_kept(stage: Stage) -> None:
    wang = signed_in(stage, "wang.fang")
    answer = wang.post(f"/desk/licence/{GREEN}", {**NEW, "address": " "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<a href="#id_address">请填写住所。' in page
    assert NEW["name"] in page


def test_a_code_that_is_wrong_or_unknown_is_said_so(stage: Stage) -> None:
    wang = signed_in(stage, "wang.fang")
    for code, said in ((GREEN[:-1] + "0", "校验位"), ("91110000600037341L", "没有以这个代码注册")):
        answer = wang.get("/desk/licence", {"uscc": code})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert wang.get("/desk/licence/91110000600037341L").status_code == 404


def test_a_company_and_a_leader_cannot(stage: Stage) -> None:
    assert signed_in(stage, "13800000001").get(f"/desk/licence/{GREEN}").status_code == 403
    leader = signed_in(stage, "zhou.jun")
    assert "只有部门工作人员可以" in leader.get(f"/desk/licence/{GREEN}").content.decode()
    assert leader.post(f"/desk/licence/{GREEN}", NEW).status_code == 422
