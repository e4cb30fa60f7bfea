"""Home: what waits, most urgent on top; then how things stand; for a new company, where to begin."""

from __future__ import annotations

import re

from django.test import Client

from qitong.casework import delivery, supplements, tasks
from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN, LIN
from tests.web_portal.test_applying import begin
from tests.web_portal.test_case_page import delivered
from tests.web_portal.test_queries import project

NEW = "<h1>从哪里开始？</h1>"


def home(client: Client) -> str:
    return client.get("/my").content.decode()


def test_a_new_company_is_led_to_its_first_steps(lin: Client, stage: Stage) -> None:
    page = home(lin)
    assert NEW in page
    for way in ("/my/start", "/my/tell", "/my/policies", "/my/projects/new"):
        assert f'href="{way}"' in page
    begin(lin)
    assert NEW not in home(lin)


def test_what_is_due_first_stands_first_and_a_result_says_until_when(lin: Client, stage: Stage) -> None:
    result = delivered(stage)
    asked = stage.submit(stage.apply(GREEN, "food_business_licence", LIN, food_business=True), LIN)
    stage.accept(asked)
    task = asked.tasks.exclude(kind__in=["acceptance", "decision"]).filter(state="enabled")[0]
    by = stage.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    question = supplements.ask(task_id=task.pk, question="请提供平面图", by=by, at=stage.tick())
    page = home(lin)
    assert result.delivered_at is not None
    until = delivery.auto_confirm_on(result.delivered_at)
    places = {day: page.index(f"{day.month}月{day.day}日") for day in (until, question.due_on)}
    assert sorted(places, key=places.__getitem__) == sorted(places)
    assert len(places) == 2


def test_a_project_says_in_one_line_what_can_start_and_when_the_goal_is_reached(
    lin: Client, stage: Stage
) -> None:
    project(lin, stage)
    page = home(lin)
    assert "现在可以办：" in page
    assert re.search(r"最快<span class=.date.>20\d\d年\d+月\d+日", page)


def test_a_long_list_is_cut_and_leads_to_all(lin: Client, stage: Stage) -> None:
    for number in range(6):
        begin(lin, key=f"d{number}")
    page = home(lin)
    assert page.count('href="/my/drafts/') == 5
    assert 'href="/my/drafts"' in page
    assert lin.get("/my/drafts").content.decode().count('href="/my/drafts/') == 6


def test_nobody_elses_things_are_at_home(lin: Client, he: Client, stage: Stage) -> None:
    begin(lin)
    project(lin, stage)
    assert NEW in home(he)
    assert "/my/drafts/" not in he.get("/my/drafts").content.decode()
