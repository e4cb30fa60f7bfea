"""A company from its credit code to its licence: both languages, phone and desk, keyboard, no script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qitong.casework import supplements, tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, NewPage, axe, registration_code
from tests.journeys.test_company import _code
from tests.journeys.walking import (
    Walk,
    answer_questions,
    bring_papers,
    file,
    press,
    sign_in,
    tab_to,
    type_into,
    walker,
)

pytestmark = pytest.mark.journey

LIN, GREEN = "13800000001", "91310151MA1JK0001T"
EVERYDAY = {"zh-hans": "开餐厅", "en": "open a restaurant"}


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_from_registration_to_the_licence(new_page: NewPage, stage: Stage, size: str, lang: str) -> None:
    walk = walker(new_page, size, lang)
    _register(walk)
    _find(walk)
    _fill_in(walk, stage)
    number = walk.page.locator(".case-number").inner_text()
    _follow_signed_out(walker(new_page, size, lang), number)
    walk.link("看这个办件").click()
    walk.seen("company-case-submitted")
    case = Case.objects.get(number=number)
    stage.accept(case)
    _answer(walk, stage, case)
    _write(walk, case)
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    walk.page.goto(f"/my/cases/{number}")
    walk.seen("company-case-delivered")
    walk.button("确认办结").click()
    walk.told("已确认办结。证照和材料随时可以在这里下载。")
    walk.seen("company-case-closed")


def _register(walk: Walk) -> None:
    page = walk.page
    page.goto("/")
    walk.seen("front")
    walk.link("注册企业").click()
    walk.seen("register")
    for name, value in {
        "uscc": _code(),
        "name": "崇明芦苇新能源有限公司",
        "legal_representative": "陈潮",
        "address": "崇明示范园区芦苇路1号",
        "contact_name": "陈潮",
        "phone": "13900000009",
        "password": "Reed-bed-2026",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=jurisdiction]").select_option(index=1)
    page.locator("main").get_by_role("button", name=walk.word("注册"), exact=True).click()
    expect(page.locator("[name=code]")).to_be_visible()
    walk.seen("register-code")
    page.locator("[name=code]").fill(registration_code("13900000009"))
    page.locator("main").get_by_role("button", name=walk.word("完成注册")).click()
    expect(page.get_by_role("banner")).to_contain_text("陈潮")
    walk.seen("company-home-empty")


def _find(walk: Walk) -> None:
    """By everyday words, not by the name of the licence."""
    page = walk.page
    walk.link("办一件事").click()
    walk.seen("company-start")
    page.locator("main").get_by_role("searchbox").fill(EVERYDAY[walk.lang])
    page.locator("main").get_by_role("button", name=walk.word("搜索")).click()
    walk.seen("items-found")
    page.locator("main a[href*='food_business_licence']").first.click()
    walk.seen("guide")
    walk.link("开始办理").click()
    walk.seen("company-start-item")
    walk.button("开始填写").click()


def _fill_in(walk: Walk, stage: Stage) -> None:
    walk.seen("draft")
    answer_questions(walk, seen="question")
    walk.seen("draft-materials")
    bring_papers(walk, stage)
    if walk.link("去核对").is_visible():
        walk.link("去核对").click()
    else:
        walk.link("继续").click()
    walk.heading("提交前请核对")
    walk.seen("draft-check")
    walk.button("提交").click()
    walk.heading("已提交")
    walk.seen("receipt")


def _follow_signed_out(walk: Walk, number: str) -> None:
    walk.page.goto("/progress")
    walk.seen("progress")
    walk.page.locator("main [name=number]").fill(number.lower())
    walk.button("查询").click()
    expect(walk.page.locator("main")).to_contain_text(number)
    walk.seen("stage")


def _answer(walk: Walk, stage: Stage, case: Case) -> None:
    """A department asks for more; what waits is on top of the company's own page."""
    task = case.tasks.exclude(kind__in=["acceptance", "decision"]).filter(state="enabled")[0]
    by = stage.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    asked = supplements.ask(task_id=task.pk, question="请补充股东名册。", by=by, at=stage.tick())
    walk.page.goto("/my")
    walk.seen("company-home-waiting")
    walk.page.locator(f"main a[href$='/supplements/{asked.pk}']").first.click()
    walk.seen("supplement")
    walk.page.locator("[name=answer]").fill("股东名册见附件。")
    walk.button("提交答复").click()
    walk.told()
    tasks.finish(task_id=task.pk, outcome=TaskOutcome.CONCUR, opinion="符合要求", by=by, at=stage.tick())


def _write(walk: Walk, case: Case) -> None:
    walk.page.goto(f"/my/cases/{case.number}/notes")
    walk.page.locator("[name=text]").fill("营业执照可以邮寄吗？")
    walk.button("发送留言").click()
    expect(walk.page.locator("main")).to_contain_text("营业执照可以邮寄吗？")
    walk.seen("notes")


def test_an_application_by_keyboard_alone(new_page: NewPage, stage: Stage) -> None:
    """Tab, Enter, Space and letters; at every stop one sees where one is."""
    walk = walker(new_page, "desktop", "zh-hans", look=False)
    page = walk.page
    page.goto("/login?next=/items/food_business_licence")
    type_into(page, page.locator("[name=login]"), LIN)
    type_into(page, page.locator("[name=password]"), "Correct-horse-7")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, walk.link("开始办理"))
    press(page, walk.button("开始填写"))
    tab_to(page, page.locator("[type=radio]:focus"))
    for _ in range(3):  # the arrows go round the choices
        if not page.get_by_role("radio", name="是", exact=True).is_checked():
            page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="是", exact=True)).to_be_checked()
    press(page, page.get_by_role("button", name="保存这一部分").first)
    press(page, walk.button("生成并签署"))
    expect(walk.button("生成并签署")).to_be_hidden()
    upload = page.locator("form:visible", has=walk.button("上传"))
    page.on(
        "filechooser", lambda _: None
    )  # somebody listens all the time: choosers are not switched off between
    for left in (2, 1, 0):
        tab_to(page, upload.first.locator("[type=file]"))
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(file(stage, "章程"))
        press(page, upload.first.get_by_role("button", name="上传"))
        expect(upload).to_have_count(left)  # the next page is there
    press(page, walk.link("去核对"))
    press(page, page.locator("main form button.primary").first)
    walk.heading("已提交")
    press(page, walk.link("看这个办件"))
    assert Case.objects.get(state="submitted").enterprise.uscc == GREEN
    press(page, page.locator("main a[href$='/withdraw']"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_first_tab_skips_to_the_content(new_page: NewPage, stage: Stage) -> None:
    walk = walker(new_page, "phone", "zh-hans", look=False)
    sign_in(walk, LIN)
    press(walk.page, walk.page.locator(".skip"))
    expect(walk.page.locator("main")).to_be_focused()


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_submitting_and_reading_without_javascript(new_page: NewPage, stage: Stage, lang: str) -> None:
    walk = walker(new_page, "phone", lang, look=False, scripts=False)
    _register(walk)
    _find(walk)
    _fill_in(walk, stage)
    number = walk.page.locator(".case-number").inner_text()
    walk.link("看这个办件").click()
    case = Case.objects.get(number=number)
    assert case.state == "submitted"
    _write(walk, case)
    walk.way("消息")
    walk.heading("消息")


def test_the_company_s_pages_in_the_dark(new_page: NewPage, stage: Stage) -> None:
    case = stage.accept(stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN))
    draft = stage.apply(GREEN, "food_business_licence", LIN)
    page = new_page(DESKTOP, color_scheme="dark")
    sign_in(Walk(page, "zh-hans"), LIN)
    for address in ("/", "/my", "/items", f"/my/cases/{case.number}", f"/my/drafts/{draft.pk}", "/nowhere"):
        page.goto(address)
        axe(page)
