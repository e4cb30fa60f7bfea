"""An officer prepares a package and sends it; the company answers it on a phone, in either language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qitong.accounts.company import edit_contact
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import TIDE, TIDE_CLERK
from qitong.policies import proposing
from qitong.policies.models import ServicePackage
from tests.journeys.conftest import DESKTOP, NewPage, look
from tests.policies.played import published

pytestmark = pytest.mark.journey

AT = f"/desk/demand/{TIDE}"


@pytest.fixture
def ready(stage: Stage) -> Stage:
    """Policies are published, and the company has said what its industry is."""
    published(stage)
    edit_contact(
        enterprise=stage.cast.company(TIDE),
        phone=TIDE_CLERK,
        industry_code="C3569",
        by=stage.who(TIDE_CLERK),
        at=stage.tick(1),
    )
    return stage


def _sign_in(page: Page, login: str, at: str) -> None:
    page.goto(f"/login?next={at}")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill("Correct-horse-7")
    page.locator("[name=password]").press("Enter")


def test_from_the_window_to_the_phone(desktop: Page, phone: Page, ready: Stage) -> None:
    _sign_in(desktop, "wang.fang@qitong.example", AT)
    expect(desktop.get_by_role("heading", name="可以用")).to_be_visible()
    look(desktop, "demand-empty")
    desktop.get_by_role("button", name="准备一份服务包").click()
    expect(desktop.get_by_role("status").first).to_contain_text("已备好服务包")
    desktop.locator("[name=what]").select_option("item:customs_filing")
    desktop.get_by_role("button", name="加进服务包").click()
    expect(desktop.get_by_role("alert")).to_contain_text("为什么建议")
    expect(desktop.locator("[name=what]")).to_have_value("item:customs_filing")
    look(desktop, "demand-refused")
    desktop.locator("[name=reason]").fill("下半年要出口")
    desktop.get_by_role("button", name="加进服务包").click()
    desktop.locator("[name=note]").fill("何经理，哪天方便我来厂里一起看。")
    desktop.get_by_role("button", name="保存这句话").click()
    look(desktop, "demand-draft")
    desktop.once("dialog", lambda dialog: dialog.accept())
    desktop.get_by_role("button", name="发给企业").click()
    expect(desktop.get_by_text("已发送，企业还没有打开")).to_be_visible()
    _answered(phone)
    desktop.reload()
    expect(desktop.get_by_text("企业正在答复")).to_be_visible()
    expect(desktop.get_by_text("企业要办")).to_be_visible()
    look(desktop, "demand-answering")


def _answered(phone: Page) -> None:
    _sign_in(phone, TIDE_CLERK, "/my")
    phone.get_by_role("link", name="答复园区的服务包").click()
    expect(phone.get_by_text("何经理，哪天方便我来厂里一起看。")).to_be_visible()
    look(phone, "package-sealed")
    phone.get_by_role("button", name="打开服务包").click()
    expect(phone.get_by_text("下半年要出口。")).to_be_visible()
    look(phone, "package-open")
    section = phone.locator("section", has=phone.get_by_role("link", name="分布式光伏并网服务", exact=True))
    section.get_by_role("link", name="不适合我们").click()
    look(phone, "package-unsuitable")
    phone.get_by_label("暂时不需要").check()
    phone.get_by_role("button", name="不再建议").click()
    expect(phone.get_by_role("status").first).to_contain_text("不再建议")
    wanted = phone.locator("section", has=phone.get_by_role("link", name="海关报关单位备案", exact=False))
    wanted.get_by_role("button", name="要办").click()
    expect(phone.get_by_text("已开好申请草稿")).to_be_visible()
    case = Case.objects.get()
    assert case.item_version is not None
    assert case.item_version.code == "customs_filing"


def test_the_same_in_english_without_a_script(new_page: NewPage, ready: Stage) -> None:
    by = ready.who("wang.fang")
    company = ready.cast.company(TIDE).pk
    proposing.propose(enterprise_id=company, by=by, at=ready.tick(1))
    proposing.send(enterprise_id=company, by=by, at=ready.tick(1))
    page = new_page(DESKTOP, locale="en-GB", java_script_enabled=False)
    _sign_in(page, TIDE_CLERK, "/my/package")
    page.get_by_role("button", name="Open the package").click()
    expect(page.get_by_text("A factory roof can carry solar panels")).to_be_visible()
    section = page.locator(
        "section", has=page.get_by_role("link", name="Distributed PV grid connection", exact=True)
    )
    section.get_by_role("link", name="Not for us").click()
    page.get_by_role("button", name="Do not propose again").click()
    expect(page.get_by_text("Choose a reason.").first).to_be_visible()
    page.get_by_label("Not needed for now").check()
    page.get_by_role("button", name="Do not propose again").click()
    expect(page.get_by_text("will not be proposed again").first).to_be_visible()
    assert ServicePackage.objects.get().stage == "opened"


def test_english_is_accessible_on_both_sides(new_page: NewPage, ready: Stage) -> None:
    by = ready.who("wang.fang")
    company = ready.cast.company(TIDE).pk
    proposing.propose(enterprise_id=company, by=by, at=ready.tick(1))
    page = new_page(DESKTOP, locale="en-GB")
    _sign_in(page, "wang.fang@qitong.example", AT)
    expect(page.get_by_role("heading", name="Could use")).to_be_visible()
    look(page, "demand-draft-en")
    proposing.send(enterprise_id=company, by=by, at=ready.tick(1))
    other = new_page(DESKTOP, locale="en-GB")
    _sign_in(other, TIDE_CLERK, "/my/package")
    other.get_by_role("button", name="Open the package").click()
    look(other, "package-open-en")
