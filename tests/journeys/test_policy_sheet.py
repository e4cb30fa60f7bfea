"""An editor without YAML copies a policy, fills in its sheet by keyboard, and another publishes it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from qitong.accounts.actors import Role
from qitong.accounts.officers import create_user, grant_role
from qitong.demo.stage import Stage
from qitong.policies.models import PolicyVersion
from tests.accounts import cast
from tests.journeys.conftest import NewPage
from tests.journeys.walking import PASSWORD, Walk, follow, sign_in, walker
from tests.policies import desk as play

pytestmark = pytest.mark.journey

SECOND = "17790000001"


@pytest.fixture
def ready(stage: Stage) -> Stage:
    play.loaded(stage.at)
    newcomer = cast.newcomer("沈复核", login=SECOND, password=PASSWORD)
    person = create_user(person=newcomer, by=play.SYSTEM, at=stage.at)
    grant_role(user=person, role=Role.POLICY_EDITOR, by=play.SYSTEM, at=stage.at)
    return stage


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_a_policy_is_copied_changed_in_its_sheet_and_published_by_another(
    new_page: NewPage, ready: Stage, lang: str
) -> None:
    author = walker(new_page, "phone", lang)
    author.page.on("dialog", lambda asked: asked.accept())
    sign_in(author, "policy")
    author.page.goto("/desk/policies/new")
    author.page.locator("[name=source]").select_option(play.CODE)
    author.page.locator("[name=code]").fill("blue_share")
    author.seen("policy-new")
    follow(author.page, author.button("开始填写"))
    author.seen("policy-sheet-copied")
    _renamed(author)
    _condition(author)
    _band(author)
    _example(author)
    _edges(author)
    follow(author.page, author.button("保存草稿"))
    author.told("草稿已保存，例子全部通过。")
    author.button("测算影响").click()
    made = PolicyVersion.objects.get(code="blue_share")
    assert made.data["conditions"][1]["rule"] == "green_spent >= 20万元"
    assert made.data["scores"][0]["sum_of"][0]["bands"] == [["40万元", 20], ["20万元", 10]]

    other = walker(new_page, "phone", lang)
    other.page.on("dialog", lambda asked: asked.accept())
    sign_in(other, SECOND)
    other.page.goto("/desk/policies/blue_share/draft")
    follow(other.page, other.button("发布新版本"))
    assert PolicyVersion.objects.get(code="blue_share").stage == "published"


def _field(walk: Walk, name: str) -> Locator:
    return walk.page.locator(f"[name='{name}']")


def _renamed(walk: Walk) -> None:
    _field(walk, "name.zh").fill("蓝色投入奖励")
    _field(walk, "name.en").fill("Award for blue spending")


def _row_more(walk: Walk, where: str) -> None:
    """By keyboard alone; the first field of the new row has the focus then."""
    with walk.page.expect_navigation():
        walk.page.locator(f"button[value='add:{where}']").press("Enter")


def _condition(walk: Walk) -> None:
    """The sentence is there before anything is sent, and the value asks for the unit of its fact."""
    _row_more(walk, "conditions")
    expect(_field(walk, "conditions.1.join")).to_be_focused()
    keyboard = walk.page.keyboard
    _field(walk, "conditions.1.rows.0.term").focus()
    keyboard.type("绿色投入" if walk.lang == "zh-hans" else "Green")
    _field(walk, "conditions.1.rows.0.term").select_option("green_spent")
    value = walk.page.get_by_label(re.compile("数值（万元）|10,000 yuan")).last
    expect(value).to_be_visible()
    _field(walk, "conditions.1.rows.0.relation").select_option("at_least")
    _field(walk, "conditions.1.rows.0.value").fill("20")
    sentence = walk.page.locator("[data-words='conditions.1']")
    expect(sentence).to_contain_text(re.compile("绿色投入应不低于20万元|Green spending"))
    walk.seen("policy-sheet-condition")


def _band(walk: Walk) -> None:
    _row_more(walk, "scores")
    for name, text in (("label.zh", "投入"), ("label.en", "Spending"), ("max", "20")):
        _field(walk, f"scores.0.{name}").fill(text)
    for name, text in (("label.zh", "投入额"), ("label.en", "Amount"), ("measure", "green_spent")):
        _field(walk, f"scores.0.parts.0.{name}").fill(text)
    for index, (bound, points) in enumerate((("40万元", "20"), ("20万元", "10"))):
        _row_more(walk, "scores.0.parts.0.bands")
        expect(_field(walk, f"scores.0.parts.0.bands.{index}.bound")).to_be_focused()
        walk.page.keyboard.type(bound)
        walk.page.keyboard.press("Tab")
        walk.page.keyboard.type(points)
    walk.seen("policy-sheet-bands")


def _example(walk: Walk) -> None:
    _row_more(walk, "examples")
    rows = walk.page.locator("button[value^='del:examples.']:not([value*=facts])")
    last = f"examples.{rows.count() - 1}"
    for name, text in (("green_spent", "60"), ("green_sales", "100")):
        row = walk.page.locator(f"select[name^='{last}.facts']").filter(
            has=walk.page.locator(f"option[value={name}]:checked")
        )
        given = (row.get_attribute("name") or "").removesuffix("fact") + "value"
        _field(walk, given).fill(text)
    with walk.page.expect_navigation():
        walk.page.locator(f"button[value='work:{last}']").press("Enter")
    expect(_field(walk, f"{last}.expect")).to_have_value("eligible")
    expect(_field(walk, f"{last}.benefit")).to_have_value("6")
    walk.seen("policy-sheet-example")


def _edges(walk: Walk) -> None:
    """What no example holds gets one, for the author to look at."""
    before = walk.page.locator("button[value^='copy:examples']").count()
    follow(walk.page, walk.button("加上缺的例子"))
    assert walk.page.locator("button[value^='copy:examples']").count() > before
    walk.seen("policy-sheet-edges")
