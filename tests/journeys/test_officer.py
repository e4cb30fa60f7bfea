from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, NewPage, look, picture

pytestmark = pytest.mark.journey

GREEN, CLERK, ITEM = "91310151MA1JK0001T", "13800000001", "energy_review"
PASSWORD = "Correct-horse-7"


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)


def _sign_in(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("手机号或邮箱").fill(f"{login}@qitong.example")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(page.url.split("/desk")[0] + "/desk")


def _concur(page: Page, number: str, picture: str = "") -> None:
    """Claim from the board, give the opinion at the case."""
    page.goto("/desk/tasks")
    if picture:
        look(page, "desk-board")
    page.get_by_role("row").get_by_role("button", name="领取").first.click()
    expect(page.locator(".notice.green")).to_contain_text("任务已领取")
    page.get_by_role("link", name=number).first.click()
    page.get_by_label("同意", exact=True).check()
    if picture:
        look(page, picture)
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_role("status")).to_contain_text("意见已提交")


def test_a_case_goes_from_the_inbox_to_delivery(new_page: NewPage, case: Case) -> None:
    number = str(case.number)
    owner = new_page(DESKTOP)
    _sign_in(owner, "wang.fang")
    look(owner, "desk-inbox")
    owner.get_by_role("link", name=number).click()
    look(owner, "desk-case-submitted")
    owner.get_by_role("button", name="受理", exact=True).click()
    expect(owner.get_by_role("status")).to_contain_text("已受理")

    reviewer, second, head = new_page(DESKTOP), new_page(DESKTOP), new_page(DESKTOP)
    _sign_in(reviewer, "fgw.reviewer")
    _concur(reviewer, number, "desk-case-review")
    _sign_in(second, "jw.reviewer")
    _concur(second, number)

    _sign_in(head, "fgw.head")
    head.get_by_role("link", name="本部门").click()
    head.get_by_role("link", name=number).click()
    look(head, "desk-case-decide")
    head.get_by_role("button", name="准予").click()
    expect(head.get_by_role("status")).to_contain_text("准予")

    owner.reload()
    owner.get_by_role("button", name="送达结果").click()
    expect(owner.get_by_role("status")).to_contain_text("已送达")
    look(owner, "desk-case-delivered")
    owner.get_by_role("link", name="查看台账链").click()
    expect(owner.get_by_text("链条完整")).to_be_visible()
    look(owner, "desk-ledger")
    owner.get_by_role("link", name="请假与代班").click()
    look(owner, "desk-absences")


def test_a_refusal_is_read_where_it_was_typed(desktop: Page, case: Case) -> None:
    _sign_in(desktop, "wang.fang")
    desktop.goto(f"/desk/cases/{case.number}")
    desktop.locator("#refuse-acceptance > summary").click()
    desktop.get_by_label("具体说明").fill("项目在外省")
    desktop.get_by_role("button", name="不予受理").click()
    alert = desktop.get_by_role("alert")
    expect(alert).to_contain_text("请填写“理由”")
    expect(desktop.get_by_label("具体说明")).to_have_value("项目在外省")
    alert.get_by_role("link").first.click()
    expect(desktop.get_by_role("radio").first).to_be_focused()
    look(desktop, "desk-case-refused")


def test_a_deed_is_done_with_the_keyboard_alone(desktop: Page, case: Case) -> None:
    _sign_in(desktop, "wang.fang")
    desktop.goto(f"/desk/cases/{case.number}")
    summary = desktop.locator("#contact > summary")
    for _ in range(40):
        desktop.keyboard.press("Tab")
        if summary.evaluate("it => it === document.activeElement"):
            break
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type("电话联系，核实材料")
    send = desktop.locator("#contact button")
    for _ in range(3):
        desktop.keyboard.press("Tab")
        if send.evaluate("it => it === document.activeElement"):
            break
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("status")).to_contain_text("已登记")


def test_the_desk_works_without_javascript_in_english(new_page: NewPage, stage: Stage, case: Case) -> None:
    page = new_page(DESKTOP, java_script_enabled=False, locale="en-GB")
    page.goto("/login")
    page.locator("input[name=login]").fill("wang.fang@qitong.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[value=password]").click()
    picture(page, "desk-inbox-en")
    page.get_by_role("link", name=str(case.number)).click()
    page.locator('form[action$="/do/accept"] button').click()
    expect(page).to_have_url(page.url.split("/do/")[0])
    case.refresh_from_db()
    assert case.accepted_at is not None
    picture(page, "desk-case-en")


def test_a_busy_desk_can_be_read(desktop: Page, stage: Stage) -> None:
    """Many cases of many kinds, some late: for the eye (QITONG_SCREENS) and for axe."""
    for item in ("tax_registration", ITEM, "joint_acceptance", "talent_apartment"):
        stage.accept(stage.submit(stage.apply(GREEN, item, CLERK), CLERK))
        stage.days(3)
    asked = stage.request(GREEN, CLERK, "门口道路积水", "下雨就积水，叉车出不去，上次已经起诉物业。")
    asked = stage.submit(asked, CLERK)
    _sign_in(desktop, "wang.fang")
    desktop.goto("/desk?scope=all")
    look(desktop, "busy-inbox")
    desktop.goto("/desk?scope=all&light=red")
    expect(desktop.get_by_role("row")).to_have_count(2)
    desktop.goto(f"/desk/cases/{asked.number}")
    look(desktop, "busy-request")
    stage.accept(asked)
    desktop.reload()
    look(desktop, "busy-request-accepted")
    desktop.goto(f"/desk/cases/{Case.objects.get(item_version__code='joint_acceptance').number}")
    for others in desktop.locator("details.others").all():
        others.locator("summary").click()
    desktop.evaluate("scrollTo(0, 0)")  # nothing lies half under the head that stays
    look(desktop, "busy-joint")
