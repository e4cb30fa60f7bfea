"""What an officer does besides deciding: many at once, lists taken out, phrases, and handing over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qitong.accounts.actors import Actor
from qitong.casework.models import Case, Participant, Reminder
from qitong.demo.stage import Stage
from qitong.insight import exports
from qitong.insight.export_rows import Export
from tests.automation.queue import react_to_all
from tests.journeys.conftest import NewPage
from tests.journeys.walking import Walk, press, sign_in, tab_to, type_into, walker

pytestmark = pytest.mark.journey

GREEN, CLERK, ITEM = "91310151MA1JK0001T", "13800000001", "energy_review"
BOTH = [("phone", "zh-hans"), ("desktop", "en")]
"""Each page is looked at in one of them, at all three widths."""


@pytest.fixture
def cases(stage: Stage) -> list[Case]:
    return [stage.accept(stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)) for _ in range(2)]


@pytest.mark.parametrize(("size", "lang"), BOTH)
def test_many_cases_are_handled_at_once(
    new_page: NewPage, stage: Stage, cases: list[Case], size: str, lang: str
) -> None:
    owner = walker(new_page, size, lang, look=size == "phone")
    sign_in(owner, "wang.fang")
    if size == "phone":
        _unfold(owner)
    _tick_all(owner)
    owner.seen("desk-inbox-ticked")
    owner.button("增加协办人").click()
    owner.heading(owner.word("为%(n)s件办件增加协办人") % {"n": 2})
    owner.seen("desk-bulk-helper")
    owner.page.get_by_label(owner.word("协办人")).select_option(str(stage.cast.user("li.qiang").pk))
    owner.page.locator("[name=reason]").fill("一起核对材料")
    owner.button("增加协办人").click()
    owner.told(owner.word("已办 %(n)s 件。") % {"n": 2})
    assert Participant.objects.filter(user__name="李强").count() == 2
    _pressed_once(owner)
    owner.page.goto(f"/desk/cases/{cases[0].number}")
    expect(owner.page.locator("section:has(> #history)")).to_contain_text("一起核对材料")


def _unfold(walk: Walk) -> None:
    """On a hand's screen the list comes first; the filter is a sentence until it is to be changed."""
    page, filters = walk.page, walk.page.locator("#filters")
    expect(filters).to_be_hidden()
    expect(page.locator("main tbody tr").first).to_be_in_viewport()
    walk.link("更改筛选").click()
    expect(filters).to_be_in_viewport()
    page.get_by_label(walk.word("超期")).check()
    walk.button("筛选").click()
    expect(page.locator("main .empty")).to_contain_text(walk.word("没有符合条件的办件"))
    expect(filters).to_be_hidden()
    walk.link("清除筛选").click()
    walk.seen("desk-inbox-folded")


def _tick_all(walk: Walk) -> None:
    walk.page.get_by_label(walk.word("全选本页")).check()
    said = walk.page.locator(".bulk-bar output")
    expect(said).to_have_text(walk.word("已选 {n} 件", n=2))


def _pressed_once(owner: Walk) -> None:
    """Departments are pressed; asked for again, the page says why not today."""
    for again in (False, True):
        owner.link("返回列表").click()
        _tick_all(owner)
        owner.button("催办部门").click()
        if again:
            expect(
                owner.page.get_by_role("row", name=owner.word("今天已经催办过，明天可以再催。"))
            ).to_have_count(2)
            owner.seen("desk-bulk-refused")
            return
        owner.heading(owner.word("催办%(n)s件办件的承办部门") % {"n": 2})
        owner.page.locator("[name=note]").fill("请今天反馈")
        owner.button("催办部门").click()
        owner.told(owner.word("已办 %(n)s 件。") % {"n": 2})
        owner.seen("desk-bulk-done")
    assert Reminder.objects.filter(kind="pressed").count() == 4


def test_a_small_table_is_there_at_once_and_a_large_one_is_announced(
    new_page: NewPage, stage: Stage, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = walker(new_page, "desktop", "en")
    page = owner.page
    sign_in(owner, "wang.fang")
    owner.link("导出全部结果").click()
    owner.headed(owner.counted("导出%(count)s件办件", 2))
    owner.seen("desk-export-small")
    with page.expect_download() as taken:
        owner.button("下载 XLSX").click()
    assert taken.value.suggested_filename.endswith("-20260303.xlsx")
    assert Path(taken.value.path()).read_bytes().startswith(b"PK")
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    page.reload()
    owner.seen("desk-export-large")
    owner.button("开始制作").click()
    owner.told("正在后台制作，做好后会通知您。您可以离开此页。")
    exports.make(Export.objects.get().pk, by=Actor.system("export"), at=stage.tick())
    react_to_all(stage.at)
    page.goto("/messages")
    owner.link("去下载").click()
    owner.seen("desk-export-ready")
    with page.expect_download() as fetched:
        page.locator("main td a").first.click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"PK")


def test_a_phrase_is_written_once_and_put_into_a_text_with_the_keyboard(
    new_page: NewPage, stage: Stage, cases: list[Case]
) -> None:
    walk = walker(new_page, "desktop", "zh-hans")
    page = walk.page
    sign_in(walk, "wang.fang")
    page.goto("/desk/phrases")
    for name, text in (("核实", "已核实。"), ("请尽快", "{company}的{number}，请尽快。")):
        type_into(page, page.locator("[name=name]"), name)
        type_into(page, page.locator("[name=text]"), text)
        press(page, walk.button("保存"))
        walk.told("常用语已保存。")
    walk.seen("desk-phrases")
    page.goto(f"/desk/cases/{cases[0].number}")
    page.locator("#contact > summary").press("Enter")
    note = page.locator("#contact textarea")
    type_into(page, note, "今天")
    way = page.locator("#contact [data-phrases]")
    tab_to(page, way)
    page.keyboard.press("Enter")
    first = page.locator("#contact .phrase-list button").first
    expect(first).to_be_focused()
    walk.seen("desk-phrases-open")
    page.keyboard.press("Escape")
    expect(way).to_be_focused()
    expect(first).to_have_count(0)
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(note).to_be_focused()
    expect(note).to_have_value(f"今天崇明绿源新材料有限公司的{cases[0].number}，请尽快。")
    expect(way).to_have_attribute("aria-expanded", "false")
    press(page, page.locator("#contact button:not([type=button])"))
    walk.told("已登记")
    expect(page.locator("section:has(> #history)")).to_contain_text(f"的{cases[0].number}，请尽快。")


@pytest.mark.parametrize(("size", "lang"), BOTH)
def test_somebody_goes_on_leave_and_then_for_good(
    new_page: NewPage, stage: Stage, cases: list[Case], size: str, lang: str
) -> None:
    leaving, staying = (walker(new_page, size, lang, look=lang == "en") for _ in range(2))
    li, page = stage.cast.user("li.qiang"), leaving.page
    sign_in(leaving, "wang.fang")
    page.goto("/desk/absences")
    page.locator("[name=substitute]").select_option(str(li.pk))
    page.locator("[name=starts_on]").fill("2026-03-03")
    page.locator("[name=ends_on]").fill("2026-03-04")
    leaving.button("登记").click()
    leaving.told("请假已登记，期间由代班人办理。")
    leaving.seen("desk-absences-noted")
    sign_in(staying, "li.qiang")
    expect(staying.page.get_by_role("link", name=str(cases[0].number))).to_be_visible()
    staying.seen("desk-standing-in")

    page.goto(f"/desk/handover/{stage.cast.user('wang.fang').pk}")
    page.locator(f"[name=to][value='{li.pk}']").check()
    page.locator("[name=reason]").fill("调离本岗位")
    leaving.button("预览怎样移交").click()
    leaving.heading("将这样移交")
    expect(page.get_by_role("row", name=re.compile(f"{li.name}.*2")).first).to_be_visible()
    leaving.seen("desk-handover")
    assert {case.owner.name for case in Case.objects.all() if case.owner} == {"王芳"}
    leaving.button("确认移交").click()
    leaving.told(leaving.word("%(name)s的工作已移交，双方都已通知。") % {"name": "王芳"})
    assert {case.owner.name for case in Case.objects.all() if case.owner} == {"李强"}
    react_to_all(stage.at)
    for walk, other in ((leaving, "李强"), (staying, "王芳")):
        walk.page.goto("/messages")
        expect(walk.page.locator("main")).to_contain_text(other)
    staying.seen("desk-handover-told")
    staying.page.goto(f"/desk/cases/{cases[0].number}")
    expect(staying.page.locator("section:has(> #history)")).to_contain_text(staying.word("首问负责人已更换"))
