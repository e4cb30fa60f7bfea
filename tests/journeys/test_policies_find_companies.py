"""A department's figures find a company a policy, what it excludes, and what came of telling is counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from qitong.accounts.actors import Actor
from qitong.casework.models import Case
from qitong.datashare import consents
from qitong.demo.figures import ACCOUNTS, RATE, RETURNS, SAID, TITLE, delivered
from qitong.demo.policies import answer
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.policies import recheck
from qitong.policies.check import packaged
from qitong.policies.receiving import PURPOSE
from tests.journeys.conftest import NewPage
from tests.journeys.walking import Walk, follow, sign_in, walker
from tests.policies.played import published

pytestmark = pytest.mark.journey

EFFECT = "已告知%(told)s次，看过%(opened)s次，由此申请%(applied)s次，准予%(granted)s次。"
BOTH = pytest.mark.parametrize(("size", "lang"), [("phone", "zh-hans"), ("desktop", "en")])


@pytest.fixture
def asked(stage: Stage) -> Stage:
    """Policies are published, and the company has said what only it can know."""
    published(stage)
    answer(stage, GREEN, GREEN_CLERK, SAID)
    return stage


def consent(stage: Stage) -> None:
    """After the first look at the policies, from which nobody is told."""
    recheck.run(by=Actor.system("policies"), at=stage.tick())
    by, company = stage.who(GREEN_CLERK), stage.cast.company(GREEN).pk
    consents.give(enterprise_id=company, purpose=PURPOSE, department_codes=["sw"], by=by, at=stage.tick())


def name(walk: Walk, code: str) -> str:
    both = packaged().entries[code].policy.name
    return both.en if walk.lang == "en" else both.zh


def policy_link(walk: Walk, code: str) -> Locator:
    return walk.page.locator("main").get_by_role("link", name=name(walk, code), exact=True)


def clerk(new_page: NewPage, size: str, lang: str) -> Walk:
    walk = walker(new_page, size, lang)
    sign_in(walk, GREEN_CLERK)
    return walk


@BOTH
def test_of_two_that_exclude_each_other_the_better_is_named(
    new_page: NewPage, asked: Stage, size: str, lang: str
) -> None:
    answer(asked, GREEN, GREEN_CLERK, {**ACCOUNTS, **RETURNS})
    walk = clerk(new_page, size, lang)
    walk.way("政策")
    choice = walk.page.locator(".notice.reed")
    expect(choice).to_contain_text("57.3万元" if lang == "zh-hans" else "573,000 yuan")
    taken, left = choice.get_by_role("listitem").all()
    expect(taken).to_contain_text(walk.word("选这一项"))
    expect(left).to_contain_text(walk.word("选了{taken}，就不能享受", taken=name(walk, RATE)))
    walk.seen("policies-exclusive")
    follow(walk.page, left.get_by_role("link", name=name(walk, TITLE), exact=True))
    why = walk.word("选了{taken}，就不能同时享受这一项。", taken=name(walk, RATE))
    expect(walk.page.get_by_text(why)).to_be_visible()
    walk.seen("policy-left-out")
    follow(walk.page, policy_link(walk, RATE).first)
    walk.headed(name(walk, RATE))
    expect(walk.page.get_by_text(why)).to_have_count(0)


@BOTH
def test_what_a_department_supplies_counts_until_the_consent_ends(
    new_page: NewPage, asked: Stage, size: str, lang: str
) -> None:
    walk = clerk(new_page, size, lang)
    walk.way("政策")
    follow(walk.page, walk.link("授权部门提供数据，少答几个问题"))
    bureau = "Taxation Bureau" if lang == "en" else "税务局"
    walk.page.get_by_label(bureau, exact=True).check()
    walk.seen("share-choosing")
    follow(walk.page, walk.deed("授权"))
    walk.told("已授权。部门提供数据后，会重新判断能享受哪些政策。")
    delivered(asked, RETURNS)
    follow(walk.page, walk.link("授权部门提供数据，少答几个问题"))
    supplied = walk.page.locator("main ul ul")
    expect(supplied).to_contain_text("286.5万元" if lang == "zh-hans" else "2,865,000 yuan")
    walk.seen("share-supplied")
    walk.way("政策")
    follow(walk.page, policy_link(walk, RATE).first)
    source = walk.word("{department}提供", department=bureau)
    expect(walk.page.get_by_text(re.compile(f"{source}.*2026")).first).to_be_visible()
    expect(walk.page.get_by_text(walk.word("符合条件"), exact=True)).to_be_visible()
    follow(walk.page, walk.page.get_by_role("link", name=walk.word("政策"), exact=True).last)
    _withdraw(walk)
    expect(walk.page.get_by_text(walk.word("授权已撤销，下面的数据不再使用"))).to_be_visible()
    walk.seen("policies-withheld")
    follow(walk.page, policy_link(walk, RATE).first)
    gone = walk.word("授权已撤销，{source}的数据不再使用", source=source)
    expect(walk.page.get_by_text(gone).first).to_be_visible()
    expect(walk.page.get_by_text("286.5" if lang == "zh-hans" else "2,865,000")).to_have_count(0)
    walk.seen("policy-withheld")


def _withdraw(walk: Walk) -> None:
    follow(walk.page, walk.link("授权部门提供数据，少答几个问题"))
    follow(walk.page, walk.page.get_by_role("button", name=walk.word("撤销授权")))
    walk.told("授权已撤销。部门提供的数据不再用来判断政策，清单已按其余情况重新判断。")


@BOTH
def test_what_came_of_telling_a_company_is_counted_to_the_end(
    new_page: NewPage, asked: Stage, size: str, lang: str
) -> None:
    consent(asked)
    delivered(asked, RETURNS)
    editor = walker(new_page, "desktop", lang)
    sign_in(editor, "policy")
    _counts(editor, told=1, opened=0, applied=0, granted=0)
    walk = clerk(new_page, size, lang)
    walk.way("消息")
    walk.seen("messages-gained")
    message = walk.page.locator("main li", has_text=name(walk, RATE)).first
    follow(walk.page, message.get_by_role("link", name=walk.word("查看政策")))
    _counts(editor, told=1, opened=1, applied=0, granted=0)
    follow(walk.page, walk.button("申请"))
    follow(walk.page, walk.button("提交"))
    walk.seen("receipt-of-policy")
    _counts(editor, told=1, opened=1, applied=1, granted=0)
    _granted(new_page, lang)
    _counts(editor, told=1, opened=1, applied=1, granted=1)
    editor.seen("desk-policy-effect")


def _granted(new_page: NewPage, lang: str) -> None:
    """The officer on duty takes it, answers and delivers."""
    walk = walker(new_page, "desktop", lang, look=False)
    sign_in(walk, "wang.fang")
    walk.page.goto(f"/desk/cases/{Case.objects.get().number}")
    for deed in ("受理", "各项办完，准备答复"):
        follow(walk.page, walk.deed(deed))
        walk.told()
    form = walk.page.locator("form", has=walk.page.locator("textarea[name=grounds]")).first
    form.locator("textarea").fill("情况属实，汇算清缴时申报即可享受。")
    follow(walk.page, form.get_by_role("button").last)
    walk.told()
    follow(walk.page, walk.deed("送达结果"))
    walk.told()


def _counts(walk: Walk, **counts: int) -> None:
    walk.page.goto(f"/desk/policies/{RATE}")
    expect(walk.page.get_by_text(walk.word(EFFECT) % counts)).to_be_visible()
