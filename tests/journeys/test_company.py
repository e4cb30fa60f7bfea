"""A company on a phone: from its credit code to the receipt, and progress without signing in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from qitong.casework import intake, supplements, tasks
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import PHONE, NewPage, look, registration_code
from tests.journeys.walking import follow

pytestmark = pytest.mark.journey

PASSWORD = "Reed-bed-2026"
LIN, GREEN = "13800000001", "91310151MA1JK0001T"


def _code() -> str:
    """A code that nobody in the cast has, with the right check character (GB 32100-2015)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    first = "91310151MA1JK0009"
    total = sum(letters.index(c) * w for c, w in zip(first, weights, strict=True))
    return first + letters[(31 - total % 31) % 31]


def _register(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="注册企业").click()
    page.get_by_label("统一社会信用代码").fill(_code())
    page.get_by_label("企业名称").fill("崇明芦苇新能源有限公司")
    page.get_by_label("法定代表人").fill("陈潮")
    page.get_by_label("住所").fill("崇明示范园区芦苇路1号")
    page.get_by_label("所在园区或区县").select_option(index=1)
    page.get_by_label("联系人姓名").fill("陈潮")
    page.get_by_label("联系人手机号").fill("13900000009")
    page.get_by_label("设置密码").fill(PASSWORD)
    page.get_by_role("button", name="注册", exact=True).click()
    page.get_by_label("验证码").fill(registration_code("13900000009"))
    page.get_by_role("button", name="完成注册").click()
    expect(page.get_by_role("banner")).to_contain_text("陈潮")


def _sign_in(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("手机号或邮箱").fill(login)
    page.get_by_label("密码").fill("Correct-horse-7")
    page.get_by_role("button", name="登录").click()


def _papers(page: Page, today: Stage) -> None:
    """Each material in turn: what can be generated is, the rest is uploaded, shared papers too."""
    while True:
        onwards = page.get_by_role("link", name=re.compile("^下一份"))
        if onwards.count():
            follow(page, onwards)
        generate = page.get_by_role("button", name="生成并签署")
        instead = page.locator("summary", has_text="改为上传文件")
        if instead.count() and not generate.count():
            instead.click()  # a department could share it; this company brings its own
        if generate.count():
            follow(page, generate)
            follow(page, page.get_by_role("link", name="用这一份，继续"))
        elif page.get_by_role("button", name="上传").count():
            content = today.paper("章程").read()
            file = FilePayload(name="章程.pdf", mimeType="application/pdf", buffer=content)
            page.get_by_label("选择文件").set_input_files(file)
            follow(page, page.get_by_role("button", name="上传"))
        else:
            return


def _apply(page: Page, today: Stage, *, looking: bool) -> str:
    def seen(name: str) -> None:
        if looking:
            look(page, name)

    _register(page)
    seen("company-home-empty")
    page.get_by_role("link", name="办一件事").click()
    seen("company-start")
    page.get_by_role("searchbox").fill("注册公司")
    page.get_by_role("button", name="搜索").click()
    seen("items-found")
    page.get_by_role("link", name="企业设立登记（营业执照）").click()
    seen("guide")
    page.get_by_role("link", name="开始办理").first.click()
    seen("company-start-item")
    page.get_by_role("button", name="开始填写").click()
    expect(page.get_by_role("heading", name="需要这些材料")).to_be_visible()
    seen("draft-materials")
    page.get_by_role("link", name=re.compile("^下一份")).click()
    seen("draft-material-generated")
    page.get_by_role("button", name="生成并签署").click()
    seen("draft-material-done")
    page.get_by_role("link", name="用这一份，继续").click()
    page.get_by_role("link", name=re.compile("^下一份")).click()
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择文件。")
    seen("draft-material-error")
    _papers(page, today)
    page.get_by_role("link", name="继续").click()
    expect(page.get_by_role("heading", name="提交前请核对")).to_be_visible()
    seen("draft-check")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    seen("receipt")
    number = page.locator(".case-number").inner_text()
    page.get_by_role("link", name="看这个办件").click()
    seen("company-case")
    page.goto("/my")
    seen("company-home")
    return number


def test_a_new_company_applies_on_a_phone_and_follows_its_case_signed_out(
    phone: Page, new_page: NewPage, today: Stage
) -> None:
    number = _apply(phone, today, looking=True)
    stranger = new_page(PHONE)
    stranger.goto("/")
    look(stranger, "public-home")
    stranger.get_by_role("link", name="查进度").first.click()
    look(stranger, "progress")
    stranger.get_by_label("办件编号").fill(number.lower())
    stranger.get_by_role("button", name="查询").click()
    expect(stranger.get_by_role("heading", name="已提交，待受理")).to_be_visible()
    look(stranger, "stage")
    stranger.goto("/p/QT26-AAAA-BBBB")
    look(stranger, "stage-unknown")
    stranger.goto("/items")
    look(stranger, "items")
    stranger.goto("/items/construction_permit")
    look(stranger, "guide-long")


def test_the_whole_way_works_without_javascript(new_page: NewPage, today: Stage) -> None:
    number = _apply(new_page(PHONE, java_script_enabled=False), today, looking=False)
    assert Case.objects.get(number=number).state == "submitted"


def test_what_is_typed_is_kept_without_pressing_anything(phone: Page, today: Stage) -> None:
    draft = today.apply(GREEN, "seal_filing", LIN)
    _sign_in(phone, LIN)
    phone.goto(f"/my/drafts/{draft.pk}/q/contact_name")
    phone.get_by_label("联系人姓名").fill("顾海")
    phone.get_by_label("联系人姓名").press("Tab")
    expect(phone.get_by_role("status").first).to_contain_text("已保存")
    phone.goto(f"/my/drafts/{draft.pk}/check")
    expect(phone.get_by_text("顾海")).to_be_visible()


def test_a_company_signs_for_later_and_answers_what_is_asked(phone: Page, today: Stage) -> None:
    draft = today.apply(GREEN, "business_licence", LIN, leave=frozenset({"premises"}))
    _sign_in(phone, LIN)
    phone.goto(f"/my/drafts/{draft.pk}/deferral")
    look(phone, "deferral")
    phone.get_by_role("button", name="下一步").click()
    look(phone, "deferral-day")
    phone.get_by_role("button", name="看承诺书").click()
    look(phone, "deferral-letter")
    phone.get_by_label("输入您的姓名，作为签署").fill("林小雨")
    phone.get_by_role("button", name="签署承诺书").click()
    phone.get_by_role("button", name="提交", exact=True).click()
    phone.get_by_role("link", name="看这个办件").click()
    phone.get_by_role("link", name="补齐材料").click()
    look(phone, "cure")

    case = today.submit(today.apply(GREEN, "food_business_licence", LIN, food_business=True), LIN)
    today.accept(case)
    task = case.tasks.exclude(kind__in=["acceptance", "decision"]).filter(state="enabled")[0]
    by = today.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=today.tick())
    supplements.ask(task_id=task.pk, question="请补充油烟净化设施的安装位置图。", by=by, at=today.tick())
    phone.goto("/my")
    look(phone, "company-home-waiting")
    phone.get_by_role("link", name=re.compile("补充要求")).click()
    look(phone, "supplement")
    phone.get_by_label("答复").fill("位置图见附件。")
    phone.get_by_role("button", name="提交答复").click()
    expect(phone.get_by_role("status").first).to_contain_text("已答复")
    look(phone, "company-case-review")
    phone.goto(f"/my/cases/{case.number}/withdraw")
    look(phone, "withdraw")


def test_a_correction_and_a_need_on_a_phone(phone: Page, today: Stage) -> None:
    case = today.submit(today.apply(GREEN, "business_licence", LIN, leave=frozenset({"articles"})), LIN)
    owner = today.owner(Case.objects.get(pk=case.pk))
    intake.notify_correction(case_id=case.pk, text="章程须全体股东签字。", by=owner, at=today.tick())
    _sign_in(phone, LIN)
    phone.goto(f"/my/cases/{case.number}")
    look(phone, "company-case-correction")
    phone.get_by_role("link", name="去补正").click()
    look(phone, "correction-materials")
    phone.goto(f"/my/drafts/{case.pk}/check")
    look(phone, "correction-check")

    phone.goto("/my/tell")
    look(phone, "tell")
    phone.get_by_label("一句话说明需求").fill("厂区门口公交班次太少")
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_label("具体情况").fill("合同纠纷已向法院起诉，员工上下班不便。")
    look(phone, "draft-need")
    for heading in ("联系人姓名", "联系电话"):
        phone.get_by_role("button", name="下一步").click()
        expect(phone.get_by_role("heading", name=heading)).to_be_visible()
    phone.get_by_role("button", name="下一步").click()
    look(phone, "request-check")
    phone.get_by_role("link", name=re.compile("上一步")).click()
    expect(phone.get_by_role("heading", name="联系电话")).to_be_visible()


def test_a_project_and_its_plan_on_a_phone(phone: Page, today: Stage) -> None:
    _sign_in(phone, LIN)
    phone.get_by_text("更多", exact=True).click()
    phone.get_by_role("link", name="项目", exact=True).click()
    look(phone, "projects-empty")
    phone.get_by_role("link", name="新建项目").click()
    look(phone, "project-new")
    phone.get_by_label("项目名称").fill("二期厂房建设")
    phone.get_by_role("button", name="下一步").click()
    look(phone, "project-facts")
    phone.get_by_role("group", name=re.compile("建设项目")).get_by_label("是", exact=True).check()
    phone.get_by_role("button", name="看路线图").click()
    phone.get_by_label(re.compile("投资额")).fill("3000")
    phone.get_by_role("button", name="看路线图").click()
    expect(phone.get_by_role("heading", name="现在可以开始")).to_be_visible()
    look(phone, "project")
    phone.get_by_role("button", name=re.compile("办理")).first.click()
    expect(phone).to_have_url(re.compile("/my/drafts/"))
    phone.goto("/my/cases")
    look(phone, "company-cases-empty")
