"""What whole journeys share: the words of either language, signing in, papers, and the keyboard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext
from playwright.sync_api import FilePayload, Locator, Page, expect

from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, look

PASSWORD = "Correct-horse-7"
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@dataclass
class Walk:
    """One person's way through the pages, in ``lang``; each distinct page is checked once a language."""

    page: Page
    lang: str
    look: bool = True

    seen_before: ClassVar[set[tuple[str, str]]] = set()

    def word(self, chinese: str, **params: object) -> str:
        with translation.override(self.lang):
            text = gettext(chinese)
        return text.format(**params) if params else text

    def counted(self, chinese: str, count: int) -> str:
        with translation.override(self.lang):
            return ngettext(chinese, chinese, count) % {"count": count}

    def link(self, chinese: str) -> Locator:
        return self.page.get_by_role("link", name=self.word(chinese), exact=True).first

    def button(self, chinese: str, **params: object) -> Locator:
        return self._verb("button", chinese, **params)

    def deed(self, chinese: str) -> Locator:
        """The button of a deed, which English names by its verb."""
        return self._verb("deed", chinese)

    def _verb(self, context: str, chinese: str, **params: object) -> Locator:
        """A button; English may have another word for what is done than for what was done."""
        with translation.override(self.lang):
            verb = pgettext(context, chinese)
        name = self.word(chinese, **params) if verb == chinese else verb
        return self.page.get_by_role("button", name=name, exact=True).first

    def way(self, chinese: str) -> None:
        """A way of the frame, behind 更多 where the screen is small."""
        link = self.page.get_by_role("navigation").get_by_role("link", name=self.word(chinese)).first
        if not link.is_visible():
            self.page.locator(".more-ways summary").click()
        link.click()

    def heading(self, chinese: str) -> None:
        self.headed(self.word(chinese))

    def headed(self, text: str) -> None:
        expect(self.page.get_by_role("heading", name=text, exact=True).first).to_be_visible()

    def told(self, part: str = "") -> None:
        """A message stands on top of the page."""
        expect(self.page.get_by_role("status").first).to_contain_text(
            self.word(part) if part else re.compile(".")
        )

    def seen(self, name: str) -> None:
        if self.look and (self.lang, name) not in self.seen_before:
            self.seen_before.add((self.lang, name))
            look(self.page, f"{name}-{self.lang[:2]}")


def walker(new_page: NewPage, size: str, lang: str, *, look: bool = True, scripts: bool = True) -> Walk:
    page = new_page(SIZES[size], locale=LOCALES[lang], java_script_enabled=scripts)
    return Walk(page, lang, look)


def sign_in(walk: Walk, login: str) -> None:
    walk.page.goto("/login")
    walk.page.locator("[name=login]").fill(login if login.isdigit() else f"{login}@qitong.example")
    walk.page.locator("[name=password]").fill(PASSWORD)
    walk.page.locator("main").get_by_role("button", name=walk.word("登录"), exact=True).click()
    expect(walk.page.locator(".account .who")).to_be_visible()


def file(stage: Stage, title: str) -> FilePayload:
    return FilePayload(name=f"{title}.pdf", mimeType="application/pdf", buffer=stage.paper(title).read())


def follow(page: Page, target: Locator) -> None:
    """Click, and wait for the page it leads to: what is counted next is never counted on the old one."""
    with page.expect_navigation():
        target.click()


def answer_questions(walk: Walk, *, seen: str = "") -> None:
    """Yes to whatever is asked: one question a screen on a phone, the whole part at a desk."""
    page, asked = walk.page, 0
    page.wait_for_load_state()  # what is hidden at a desk is not hidden before the style is there
    while page.get_by_role("button", name=walk.word("下一步"), exact=True).count() and asked < 20:
        asked += 1
        _say_yes(walk)
        if seen:
            walk.seen(f"{seen}-{asked}")
        follow(page, walk.button("下一步"))
    if not asked:
        _say_yes(walk)
        follow(page, page.get_by_role("button", name=walk.word("保存这一部分")).first)


def _say_yes(walk: Walk) -> None:
    for group in walk.page.get_by_role("group").all():
        yes = group.get_by_role("radio", name=walk.word("是"), exact=True)
        if yes.count():
            yes.check()


def bring_papers(walk: Walk, stage: Stage) -> None:
    """Whatever the draft asks for: generated where it can be, else uploaded, shared papers too."""
    page, upload = walk.page, walk.word("上传")
    page.wait_for_load_state()
    for _ in range(12):
        onwards = page.get_by_role("link", name=re.compile(f"^{walk.word('下一份：')}"))
        if onwards.count():
            follow(page, onwards)
        generate = page.get_by_role("button", name=walk.word("生成并签署"))
        instead = page.locator("summary:visible", has_text=walk.word("改为上传文件"))
        if generate.count():
            follow(page, generate.first)
        elif page.get_by_role("button", name=upload).count() or instead.count():
            if not page.get_by_role("button", name=upload).count():
                instead.first.click()
            sending = page.locator("form:visible", has=page.get_by_role("button", name=upload)).first
            sending.locator("[type=file]").set_input_files(file(stage, "章程"))
            follow(page, sending.get_by_role("button", name=upload))
        else:
            return
        if walk.link("用这一份，继续").count():
            follow(page, walk.link("用这一份，继续"))


# ---- the keyboard ----

_VISIBLE = """it => { const s = getComputedStyle(it), r = it.getBoundingClientRect();
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.width > 0
    && r.bottom > 0 && r.top < innerHeight; }"""


def tab_to(page: Page, target: Locator, most: int = 150) -> None:
    """Press Tab until ``target`` has the focus; on the way every stop can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count():
            assert focused.evaluate(_VISIBLE), (
                f"the focus cannot be seen on {focused.evaluate('it => it.outerHTML')}"
            )
        if target.and_(focused).count():
            return
    raise AssertionError(f"{target} cannot be reached with Tab")


def press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, target: Locator, text: str) -> None:
    tab_to(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
