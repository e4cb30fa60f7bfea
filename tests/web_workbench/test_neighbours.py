"""Of the company's other cases an officer reads those they may open, and no others."""

from __future__ import annotations

from django.test import Client

from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk


def test_a_reviewer_does_not_learn_of_cases_of_other_departments(stage: Stage) -> None:
    reviewed = stage.accept(stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK))
    other = stage.submit(stage.request(GREEN, CLERK, "甲方厂门积水", "下雨就积水"), CLERK)
    at_the_window = Desk(stage, "wang.fang").page(reviewed)
    at_the_department = Desk(stage, "jw.reviewer").page(reviewed)
    for secret in (str(other.number), "甲方厂门积水"):
        assert secret in at_the_window
        assert secret not in at_the_department


def test_who_may_not_correct_a_licence_does_not_learn_whether_a_company_is_registered(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.cast.user("zhou.jun"))
    for path in (f"/desk/licence/{GREEN}", "/desk/licence/91110000600037341L", f"/desk/licence?uscc={GREEN}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "只有部门工作人员可以" in answer.content.decode()
        assert stage.cast.company(GREEN).name not in answer.content.decode()
