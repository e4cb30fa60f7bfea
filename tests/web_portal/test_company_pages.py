"""The company's own pages: its data, its record and its people."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from qitong.accounts import enterprises
from qitong.accounts.actors import Actor
from qitong.accounts.company import invite
from qitong.accounts.login_codes import digits
from qitong.accounts.models import LoginCode, MarkKind, Membership, MembershipRole, User
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.notifications.models import Message
from tests.automation.queue import react_to_all
from tests.web_portal.conftest import GREEN, HE, LIN, TIDE

NEW = "13922223333"
GIVEN = {"login": NEW, "name": "周办", "role": "clerk"}


@pytest.fixture
def green(stage: Stage) -> str:
    return f"/my/company/{stage.cast.company(GREEN).pk}"


@pytest.fixture
def clerk(stage: Stage) -> Client:
    """Zhou, who does not administer the green company."""
    company = stage.cast.company(GREEN)
    invite(enterprise=company, login=NEW, name="周办", by=stage.who(LIN), at=stage.at)
    client = Client()
    client.force_login(User.objects.get(login=NEW))
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def member_page(green: str, login: str) -> str:
    return f"{green}/members/{Membership.objects.get(user__login=login).pk}"


def test_one_company_is_led_to_at_once_and_several_are_listed(lin: Client, stage: Stage, green: str) -> None:
    assert lin.get("/my/company")["Location"] == green
    tide = stage.cast.company(TIDE)
    enterprises.add_member(enterprise=tide, person=stage.cast.user(LIN), by=Actor.system("test"), at=stage.at)
    page = read(lin, "/my/company")
    assert green in page
    assert tide.name in page
    assert "/my/company" in read(lin, green)


def test_the_page_says_what_only_the_window_can_change(lin: Client, green: str) -> None:
    page = read(lin, green)
    assert "以营业执照为准" in page
    assert page.count(f'href="{green}/contact"') == 2


def test_the_phone_is_changed_and_a_wrong_one_is_kept_for_mending(
    lin: Client, stage: Stage, green: str
) -> None:
    answer = lin.post(f"{green}/contact", {"phone": "bell", "industry_code": "C1411"})
    assert answer.status_code == 422
    assert 'value="bell"' in answer.content.decode()
    assert lin.post(f"{green}/contact", {"phone": "021-5555"})["Location"] == green
    company = stage.cast.company(GREEN)
    company.refresh_from_db()
    assert company.phone == "021-5555"


def test_somebody_is_added_told_and_comes_in_with_a_code(lin: Client, stage: Stage, green: str) -> None:
    assert lin.post(f"{green}/members/new", GIVEN)["Location"] == green
    assert "对方用13922223333获取验证码登录" in read(lin, green)
    react_to_all(stage.at)
    assert "名义办事了" in str(Message.objects.get(recipient__login=NEW).sentence)
    zhou = Client()
    zhou.post("/login", {"login": NEW, "way": "code"})
    zhou.post("/login/code", {"code": digits(LoginCode.objects.get(whose=NEW))})
    assert stage.cast.company(GREEN).name in read(zhou, green)


def test_without_sms_nobody_is_added_who_could_not_come_in(
    lin: Client, green: str, settings: Settings
) -> None:
    settings.PRODUCTION = True
    settings.NOTIFY_CHANNELS = []
    answer = lin.post(f"{green}/members/new", GIVEN)
    assert answer.status_code == 422
    assert "还没有配置短信" in answer.content.decode()
    assert not User.objects.filter(login=NEW).exists()


def test_a_clerk_sees_colleagues_with_masked_logins_and_may_change_none(clerk: Client, green: str) -> None:
    page = read(clerk, green)
    people = page[page.index("people") :]
    assert "138****0001" in people
    assert LIN not in people
    assert "只有企业管理员可以增减" in page
    assert clerk.post(f"{green}/members/new", {**GIVEN, "login": "13922224444"}).status_code == 422
    for deed in ({"deed": "remove"}, {"role": "clerk"}):
        assert clerk.post(member_page(green, LIN), deed).status_code == 422
    assert Membership.objects.get(user__login=LIN).active


def test_a_role_is_changed(lin: Client, clerk: Client, green: str) -> None:
    assert lin.post(member_page(green, NEW), {"role": "administrator"})["Location"] == green
    assert Membership.objects.get(user__login=NEW).role == MembershipRole.ADMINISTRATOR


def test_the_last_administrator_is_told_why_not(lin: Client, green: str) -> None:
    answer = lin.post(member_page(green, LIN), {"deed": "remove"})
    assert answer.status_code == 422
    assert "企业至少保留一名管理员" in answer.content.decode()
    assert lin.post(member_page(green, LIN), {"role": "clerk"}).status_code == 422


def test_who_is_removed_is_out_at_once_and_their_draft_stays(
    lin: Client, clerk: Client, stage: Stage, green: str
) -> None:
    stage.cast.users[NEW] = User.objects.get(login=NEW)
    draft = stage.apply(GREEN, "business_licence", NEW)
    assert clerk.get(f"/my/drafts/{draft.pk}").status_code in (200, 302)
    assert lin.post(member_page(green, NEW), {"deed": "remove"})["Location"] == green
    assert clerk.get(green).status_code == 403
    assert clerk.get(f"/my/drafts/{draft.pk}").status_code in (403, 404)
    assert lin.get(f"/my/drafts/{draft.pk}").status_code in (200, 302)
    assert Case.objects.get(pk=draft.pk).state == "draft"


def test_another_company_does_not_exist(he: Client, green: str) -> None:
    for page in ("", "/contact", "/members/new", member_page(green, LIN).removeprefix(green)):
        assert he.get(green + page).status_code == 404
        assert he.post(green + page, {**GIVEN, "deed": "remove"}).status_code in (404, 405)
    assert not User.objects.filter(login=NEW).exists()


def test_a_member_of_another_company_is_not_found_under_ones_own(he: Client, stage: Stage) -> None:
    mine = Membership.objects.get(user__login=HE).enterprise_id
    theirs = Membership.objects.get(user__login=LIN).pk
    assert he.get(f"/my/company/{mine}").status_code == 200
    assert he.get(f"/my/company/{mine}/members/{theirs}").status_code == 404


def test_the_record_is_shown_to_the_company(lin: Client, stage: Stage, green: str) -> None:
    assert "没有失信" in read(lin, green)
    enterprises.mark(
        enterprise=stage.cast.company(GREEN),
        kind=MarkKind.MISSED_COMMITMENT,
        subject="QT26-AAAA-BBBB",
        by=stage.who("wang.fang"),
        at=stage.at,
    )
    page = read(lin, green)
    assert "逾期未履行承诺" in page
    assert "QT26-AAAA-BBBB" in page
    assert "未修复" in page


def test_many_members_are_paged_and_cost_nothing_more(
    lin: Client, stage: Stage, green: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    company, by = stage.cast.company(GREEN), stage.who(LIN)
    with django_assert_num_queries(7):
        lin.get(green)
    for n in range(30):
        invite(enterprise=company, login=f"139000000{n:02}", name=f"员工{n:02}", by=by, at=stage.at)
    with django_assert_num_queries(7):
        page = read(lin, green)
    [onwards] = re.findall(r'href="(\?cursor=[^"]+)"', page)
    both = page + read(lin, green + onwards.replace("&amp;", "&"))
    names = re.findall(r'<span lang="zh">([^<]+)</span>', both)
    assert len([name for name in names if name.startswith("员工")]) == 30
    assert len(names) == len(set(names))


def test_the_page_speaks_english(lin: Client, green: str) -> None:
    lin.post("/language", {"language": "en"})
    assert "On the business licence" in read(lin, green)
