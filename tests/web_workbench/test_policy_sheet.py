"""A policy filled in as a sheet: what is typed stays, mistakes stand at their fields, saving is whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.accounts.actors import Role
from qitong.accounts.officers import create_user, grant_role
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.policies.models import PolicyVersion, Unfinished
from qitong.policies.written import as_yaml
from tests.accounts import cast
from tests.policies import desk as play
from tests.policies.desk import CODE
from tests.web_workbench.conftest import Desk
from tests.web_workbench.sheets import Sent, errors_of, form_of, summary_of

pytestmark = pytest.mark.django_db
SHEET = f"/desk/policies/{CODE}/draft/sheet"
NEW = "/desk/policies/new"


@pytest.fixture
def editor(stage: Stage) -> Desk:
    play.loaded(dt.datetime(2026, 3, 3, 9, tzinfo=ZONE))
    desk = Desk(stage, "policy")
    assert desk.client.post(f"/desk/policies/{CODE}/begin").status_code == 302
    return desk


def second(stage: Stage) -> Desk:
    person = create_user(person=cast.newcomer("沈复核", login="17790000001"), by=play.SYSTEM, at=stage.at)
    grant_role(user=person, role=Role.POLICY_EDITOR, by=play.SYSTEM, at=stage.at)
    other = Desk(stage, "policy")
    other.client = Client()
    other.client.force_login(person)
    return other


def send(desk: Desk, form: Sent, do: str, path: str = SHEET, **changed: str) -> HttpResponse:
    """Send the form with these fields changed (``__`` for a dot), by the button ``do``."""
    for name, value in changed.items():
        form[name.replace("__", ".")] = [value]
    return desk.post(path, {**form, "do": do})


def draft() -> PolicyVersion:
    return PolicyVersion.objects.get(code=CODE, stage="draft")


def test_saving_a_sheet_as_it_was_opened_changes_nothing(editor: Desk) -> None:
    before = draft().content_hash
    answer = send(editor, form_of(editor.get(SHEET)), "save")
    assert answer.status_code == 302, errors_of(answer)
    assert draft().content_hash == before


def test_the_day_on_which_an_example_is_judged_stays(editor: Desk) -> None:
    data = draft().data
    data["examples"][0]["on"] = "2026-06-15"
    text = {"seen": draft().content_hash, "text": as_yaml(data)}
    assert editor.client.post(f"/desk/policies/{CODE}/draft/text", text).status_code == 302
    answer = send(editor, form_of(editor.get(SHEET)), "save", name__zh="绿色投入补助")
    assert answer.status_code == 302, errors_of(answer)
    assert draft().data["examples"][0]["on"] == "2026-06-15"
    assert "on" not in draft().data["examples"][1]


def test_a_condition_a_fact_and_an_example_are_added_without_a_script(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    form = form_of(send(editor, form, "add:inputs"))
    fact = {
        "inputs__2__name__zh": "员工人数",
        "inputs__2__name__en": "Staff of the company",
        "inputs__2__question__zh": "有多少员工？",
        "inputs__2__question__en": "How many people are employed?",
        "inputs__2__unit": "persons",
    }
    form = form_of(send(editor, form, "add:conditions", **fact))
    assert form["inputs.2.name.zh"] == ["员工人数"], "what was typed stays"
    form["inputs.2.key"] = ["staff"]
    form = form_of(send(editor, form, "refresh:conditions.1"))
    answer = send(
        editor,
        form,
        "refresh:conditions.1",
        conditions__1__rows__0__term="staff",
        conditions__1__rows__0__relation="at_least",
    )
    assert "数值（人）" in answer.content.decode(), "the unit of the fact stands at the value"
    answer = send(editor, form_of(answer), "refresh", conditions__1__rows__0__value="30")
    assert "员工人数应不低于30人。" in answer.content.decode()
    form = form_of(send(editor, form_of(answer), "add:examples"))
    last = len(draft().data["examples"])
    for index, value in enumerate(["1000", "60", "29"]):  # turnover, spending, staff
        form[f"examples.{last}.facts.{index}.value"] = [value]
    answer = send(editor, form, f"work:examples.{last}")
    form = form_of(answer)
    assert form[f"examples.{last}.expect"] == ["not_eligible"]
    assert form[f"examples.{last}.benefit"] == ["6"]
    for index in range(last):  # the other examples say nothing of the new fact yet
        form = form_of(send(editor, form, f"open:examples.{index}"))
        if form[f"examples.{index}.like"] == [""]:
            form = form_of(send(editor, form, f"add:examples.{index}.facts"))
            fresh = max(int(n.split(".")[3]) for n in form if n.startswith(f"examples.{index}.facts."))
            form[f"examples.{index}.facts.{fresh}.fact"] = ["staff"]
            form[f"examples.{index}.facts.{fresh}.value"] = ["30"]
    answer = send(editor, form, "save")
    assert answer.status_code == 302, errors_of(answer)
    saved = draft()
    assert saved.data["conditions"][1]["rule"] == "staff >= 30"
    assert saved.data["inputs"]["staff"]["question"]["zh"] == "有多少员工？"
    assert saved.data["examples"][last]["name"] == "case_1"
    entry = Entry.objects.filter(kind="policy.draft_written").latest("pk")
    assert entry.body["hash"] == saved.content_hash


def test_a_row_is_taken_away_and_all_else_stays(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    answer = send(editor, form, "del:windows.0", name__zh="绿色投入新奖励")
    after = form_of(answer)
    assert answer.status_code == 200, "nothing is judged yet"
    assert after["name.zh"] == ["绿色投入新奖励"]
    assert "windows.0.open" not in after
    assert "examples.2" in after, "what is folded stays as it was"
    assert draft().data["name"]["zh"] == "绿色投入奖励", "nothing is kept yet"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name__zh": ""}, "name.zh"),
        ({"documents__0__number": "没有数"}, "documents.0.number"),
        ({"valid__from": ""}, "valid.from"),
        ({"windows__0__close": "2026-10-01"}, "windows.0.open"),
        ({"level": ""}, "level"),
        ({"status": "superseded"}, "status"),
        ({"conditions__0__rows__0__value": "百分之五"}, "conditions.0.rows.0.value"),
        ({"conditions__0__rows__0__term": ""}, "conditions.0.rows.0.term"),
        ({"conditions__0__id": "第一"}, "conditions.0.id"),
        ({"applies_when": "green_sale > 5万元"}, "applies_when"),
        ({"benefit__amount": "green_spent * 5"}, ""),
        ({"benefit__amount": "green_spent / green_sales"}, "benefit.amount"),
        ({"benefit__ceiling": "五十"}, "benefit.ceiling"),
    ],
)
def test_a_mistake_stands_at_its_field_and_in_the_summary(
    editor: Desk, changed: dict[str, str], field: str
) -> None:
    before = draft().content_hash
    answer = send(editor, form_of(editor.get(SHEET)), "save", **changed)
    assert answer.status_code == 422
    assert draft().content_hash == before, "nothing of it is kept"
    if field:
        assert field in errors_of(answer)
        assert any(link.startswith(f"id_{field}") for link in summary_of(answer))
    for name, value in changed.items():
        if value:
            assert form_of(answer)[name.replace("__", ".")] == [value], "what was typed stays"


def test_what_is_missing_and_what_does_not_read_is_said_at_once(editor: Desk) -> None:
    form = form_of(send(editor, form_of(editor.get(SHEET)), "add:figures"))
    form = form_of(send(editor, form, "refresh", conditions__0__join="formula"))
    wrong = {"conditions.0.rule": "green_spend > 5万元", "figures.0.amount": "很多", "benefit.amount": "一半"}
    answer = send(editor, form | {name: [text] for name, text in wrong.items()}, "save", name__zh="")
    found = errors_of(answer)
    assert {"name.zh", *wrong} <= found.keys()
    assert "green_spend" in found["conditions.0.rule"]


def test_what_is_wrong_in_a_folded_row_opens_it(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    form = form_of(send(editor, form, "open:inputs.0"))
    form = form_of(send(editor, form, "fold:inputs.0", inputs__0__question__en=""))
    assert "inputs.0.question.en" not in form
    assert "inputs.0.question.en" in errors_of(send(editor, form, "save"))


def test_examples_that_come_out_otherwise_say_what_came_and_are_accepted(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    answer = send(editor, form, "save", conditions__0__rows__0__value="9")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "按规则是：有条件不符合。" in page
    digest = page.partition('name="accepted" value="')[2].partition('"')[0]
    assert send(editor, form_of(answer), "save", accepted=digest).status_code == 302
    assert draft().data["examples"][0]["expect"] == "not_eligible"


def test_what_no_example_holds_is_listed_and_added_for_its_author_to_look_at(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    for index in reversed(range(1, len(draft().data["examples"]))):
        form = form_of(send(editor, form, f"del:examples.{index}"))
    assert send(editor, form, "save").status_code == 302
    page = editor.get(SHEET)
    assert "条件C1中的“≥ 5%”" in page.content.decode()
    answer = send(editor, form_of(page), "edges")
    assert "新加的，结果按规则算出，请核对。" in answer.content.decode()
    assert [it["name"] for it in draft().data["examples"]] == ["at"], "nothing is kept yet"
    assert send(editor, form_of(answer), "save").status_code == 302
    assert len(draft().data["examples"]) == 3
    page = editor.get(SHEET)
    assert "还没有例子守住的地方" not in page.content.decode()
    assert "都有例子守住" in send(editor, form_of(page), "edges").content.decode()


def test_missing_examples_are_looked_for_only_once_the_others_hold(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    answer = send(editor, form, "edges", conditions__0__rows__0__value="9")
    assert "请先逐个“算出结果”或改正" in answer.content.decode()
    answer = send(editor, form, "edges", conditions__0__rows__0__value="九")
    assert "规则还没有写完" in answer.content.decode()


def test_beside_a_formula_stand_the_names_that_it_may_use(editor: Desk) -> None:
    form = form_of(send(editor, form_of(editor.get(SHEET)), "add:scores"))
    typed = {"scores__0__label__en": "Green points", "scores__0__label__zh": "绿色分"}
    page = send(editor, form, "refresh", conditions__0__join="formula", **typed).content.decode()
    beside = page.partition('name="conditions.0.rule"')[2].partition("</details>")[0]
    assert '<details class="fact-codes" open>' in beside
    assert ">green_spent</code> 绿色投入" in beside
    assert ">score_green_points</code> 绿色分" in beside
    amount = page.partition('name="benefit.amount"')[2].partition("</details>")[0]
    assert ">green_spent</code>" in amount
    assert "score_green_points" not in amount, "an amount does not speak of scores"


def test_a_condition_becomes_a_formula_and_rows_again(editor: Desk) -> None:
    form = form_of(send(editor, form_of(editor.get(SHEET)), "refresh", conditions__0__join="formula"))
    assert form["conditions.0.rule"] == ["green_spent / green_sales >= 5%"]
    form = form_of(send(editor, form, "refresh", conditions__0__join="all"))
    assert form["conditions.0.rows.0.per"] == ["green_sales"]
    form = form_of(send(editor, form, "refresh", conditions__0__join="formula"))
    rule = "green_spent >= 5万元 if green_sales > 50万元 else green_spent >= 1万元"
    answer = send(editor, form, "refresh", conditions__0__join="any", conditions__0__rule=rule)
    assert "写不成几行" in answer.content.decode()
    assert form_of(answer)["conditions.0.rule"] == [rule]


def test_one_fact_is_compared_with_another_and_only_with_what_is_measured_alike(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    assert form["conditions.0.rows.0.than"] == [""]
    form |= {"conditions.0.rows.0.per": [""], "conditions.0.rows.0.value": [""]}
    answer = send(
        editor,
        form,
        "refresh",
        conditions__0__rows__0__relation="less",
        conditions__0__rows__0__than="green_sales",
    )
    page = answer.content.decode()
    assert "绿色投入应低于上年度营业额。" in page
    assert 'type="hidden" name="conditions.0.rows.0.value"' in page, "there is no value to type"
    form = form_of(send(editor, form_of(answer), "refresh", conditions__0__join="formula"))
    assert form["conditions.0.rule"] == ["green_spent < green_sales"]
    form = form_of(send(editor, form, "refresh", conditions__0__join="all"))
    assert form["conditions.0.rows.0.than"] == ["green_sales"]
    answer = send(editor, form, "save", conditions__0__rows__0__per="green_sales")
    assert "以同一种单位" in errors_of(answer)["conditions.0.rows.0.than"]


def test_what_is_no_amount_is_neither_divided_nor_compared(editor: Desk) -> None:
    form = form_of(send(editor, form_of(editor.get(SHEET)), "add:inputs"))
    fact = {"inputs__2__name__en": "Green", "inputs__2__key": "green", "inputs__2__unit": "bool"}
    form = form_of(send(editor, form, "add:conditions", **fact))
    page = send(editor, form, "refresh", conditions__1__rows__0__term="green").content.decode()
    for name in ("per", "than"):
        assert f'<select name="conditions.0.rows.0.{name}"' in page
        assert f'type="hidden" name="conditions.1.rows.0.{name}"' in page


def test_a_row_is_moved_up_and_down_with_all_that_is_in_it(editor: Desk) -> None:
    form = form_of(send(editor, form_of(editor.get(SHEET)), "add:conditions"))
    form = form_of(send(editor, form, "refresh", conditions__1__id="C9", conditions__0__clause="第三条"))
    answer = send(editor, form, "up:conditions.1", name__zh="挪了")
    form = form_of(answer)
    assert (form["conditions.0.id"], form["conditions.1.id"]) == (["C9"], ["C1"])
    assert form["conditions.1.clause"] == ["第三条"]
    assert form["name.zh"] == ["挪了"], "what was typed stays"
    page = answer.content.decode()
    assert 'value="down:conditions.0" autofocus' in page, "by keyboard it is moved on"
    assert 'value="up:conditions.0"' not in page
    names = [it["name"] for it in draft().data["examples"]]
    form = form_of(send(editor, form, "down:examples.0"))
    form = form_of(send(editor, form, "down:conditions.0"))
    form = form_of(send(editor, form, "del:conditions.1"))
    assert send(editor, form, "save").status_code == 302
    moved = [it["name"] for it in draft().data["examples"]]
    assert moved == [names[1], names[0], *names[2:]]


def test_a_sheet_put_by_is_there_again_on_another_device(editor: Desk, stage: Stage) -> None:
    answer = send(editor, form_of(editor.get(SHEET)), "later", name__zh="")
    assert answer.status_code == 302
    elsewhere = Desk(stage, "policy")
    page = elsewhere.get(SHEET)
    assert form_of(page)["name.zh"] == [""]
    assert "还没有写入草稿" in page.content.decode()
    assert Entry.objects.filter(kind="policy.sheet_put_by").count() == 1
    assert send(elsewhere, form_of(page), "save", name__zh="绿色投入大奖").status_code == 302
    assert not Unfinished.objects.exists()


def test_what_was_put_by_is_thrown_away_when_its_author_says_so(editor: Desk) -> None:
    send(editor, form_of(editor.get(SHEET)), "later", name__zh="别的")
    assert editor.post(SHEET, {"do": "anew"}).status_code == 302
    assert form_of(editor.get(SHEET))["name.zh"] == ["绿色投入奖励"]


def test_a_sheet_that_follows_an_older_content_is_not_saved(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    assert send(editor, dict(form), "save", name__zh="甲").status_code == 302
    answer = send(editor, form, "save", name__zh="乙")
    assert answer.status_code == 422
    assert "草稿在您打开之后已被修改" in answer.content.decode()
    assert draft().data["name"]["zh"] == "甲"


def test_a_copy_becomes_a_new_policy(editor: Desk) -> None:
    answer = editor.post(NEW, {"source": CODE, "code": "blue_share"})
    assert answer["Location"] == f"{NEW}/blue_share/sheet"
    assert "没写完的" in editor.get(NEW).content.decode()
    path = answer["Location"]
    form = form_of(editor.get(path))
    answer = send(editor, form, "save", path, name__zh="蓝色投入奖励", name__en="Award for blue spending")
    assert answer.status_code == 302, errors_of(answer)
    made = PolicyVersion.objects.get(code="blue_share")
    assert (made.stage, made.data["name"]["zh"]) == ("draft", "蓝色投入奖励")
    assert not Unfinished.objects.exists()
    assert editor.get(path).status_code == 404


def test_an_empty_sheet_asks_for_everything(editor: Desk) -> None:
    path = editor.post(NEW, {"source": "-", "code": "own_share"})["Location"]
    found = errors_of(send(editor, form_of(editor.get(path)), "save", path))
    asked = {"name.zh", "theme", "level", "basis.zh", "valid.from", "benefit.type"}
    assert asked | {"documents.0.number", "conditions.0.join"} <= set(found)
    assert found["theme"] == "请选择主题。"


@pytest.mark.parametrize(("code", "says"), [(CODE, "已有代码为"), ("Zwei", "小写英文字母"), ("", "请填写")])
def test_a_code_that_is_none_or_taken_is_refused(editor: Desk, code: str, says: str) -> None:
    answer = editor.post(NEW, {"source": "-", "code": code})
    assert answer.status_code == 422
    assert says in errors_of(answer)["code"]


def test_a_fact_that_another_policy_asks_is_taken_over(editor: Desk) -> None:
    path = editor.post(NEW, {"source": "-", "code": "own_share"})["Location"]
    form = form_of(editor.get(path))
    page = send(editor, form, "known", path, known="green_spent")
    assert '"key": "green_spent"' in form_of(page)["inputs.0"][0]
    assert 'name="known" autofocus' in page.content.decode(), "the next one is taken from there"


def test_only_its_author_fills_in_a_draft_and_only_editors_at_all(editor: Desk, stage: Stage) -> None:
    form = form_of(editor.get(SHEET))
    other = second(stage)
    assert other.get(SHEET).status_code == 302
    for deed in ("save", "later"):
        assert send(other, form, deed, name__zh="丙")["Location"].endswith("/draft")
    assert draft().data["name"]["zh"] == "绿色投入奖励"
    assert not Unfinished.objects.exists()
    for path in (SHEET, NEW):
        assert Desk(stage, "wang.fang").get(path).status_code == 403
    assert Desk(stage, "wang.fang").post("/desk/policies/sheet/words", form).status_code == 403


def test_the_sentences_are_made_anew_from_what_is_typed(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    form["conditions.0.rows.0.value"] = ["7"]
    page = editor.post("/desk/policies/sheet/words", form).content.decode()
    assert "绿色投入 ÷ 上年度营业额应不低于7%。" in page
    form["conditions.0.rows.0.value"] = ["七"]
    page = editor.post("/desk/policies/sheet/words", form).content.decode()
    assert "还不成句：" in page


def test_the_sheet_asks_the_database_little(editor: Desk) -> None:
    form = form_of(editor.get(SHEET))
    posts = {
        SHEET: 7,
        "/desk/policies/sheet/words": 4,
    }
    for path, most in posts.items():
        with CaptureQueriesContext(connection) as asked:
            editor.post(path, {**form, "do": ["refresh"]})
        assert len(asked) == most, [it["sql"][:90] for it in asked]
    with CaptureQueriesContext(connection) as asked:
        editor.get(SHEET)
    assert len(asked) == 7, [it["sql"][:90] for it in asked]
