"""政策预研: an officer reads what comes and for how many companies it would be."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from qitong.accounts.actors import Role, actor_for
from qitong.policies import drafting, facts, outlooks, publish
from qitong.policies.check import packaged
from tests.accounts import cast
from tests.policies.desk import AT, SYSTEM, TEXT, company, editors, library, loaded
from tests.web_portal.test_query_budget import asked

pytestmark = pytest.mark.django_db
OPENS = TEXT.replace("open: 2026-11-01, close: 2026-12-15", "open: 2027-02-01, close: 2027-03-15")
PAGE = "/desk/policies/coming"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(hours=1))


@pytest.fixture
def officer() -> Client:
    client = Client()
    client.force_login(cast.officer(Role.POLICY_EDITOR))
    return client


def test_the_next_quarter_with_what_is_estimated(officer: Client) -> None:
    company(1, 60)
    company(2, None)
    loaded(text=OPENS)
    assert "还没有测算" in officer.get(PAGE).content.decode()
    outlooks.run(at=AT)
    page = re.sub("<[^>]+>", "", officer.get(PAGE).content.decode())
    assert "2027年第一季度" in page
    assert "2027年2月1日（周一）至2027年3月15日（周一）" in page
    assert "登记企业2家，其中2家有情况可以判断" in page
    assert "多数缺“绿色投入”（1家）" in page
    assert "按2027年2月1日（周一）判断" in page


def test_a_draft_is_named_as_one_and_what_changed_since_is_said(officer: Client) -> None:
    company(1, 60)
    loaded(text=OPENS)
    outlooks.run(at=AT)
    author, _second = editors()
    drafting.begin(code="green_share", by=author, at=AT)
    page = officer.get(PAGE).content.decode()
    assert "可能修改、推迟或不发布" in page
    assert "几分钟内重新测算" in page


@pytest.mark.parametrize(
    ("asked_for", "shown"),
    [("2027Q2", "2027年第二季度"), ("x", "2027年第一季度"), ("2030Q1", "2030年第一季度")],
)
def test_any_quarter_can_be_asked_for(officer: Client, asked_for: str, shown: str) -> None:
    assert shown in officer.get(PAGE, {"quarter": asked_for}).content.decode()


def test_companies_have_their_own_page() -> None:
    client = Client()
    client.force_login(company(1, 60).administrator)
    assert client.get(PAGE).status_code == 403


def test_it_asks_as_often_for_one_policy_as_for_forty(officer: Client) -> None:
    company(1, 60)
    loaded(text=OPENS)
    outlooks.run(at=AT)
    few = asked(officer, PAGE)
    publish.load(packaged(), by=SYSTEM, at=AT)
    outlooks.run(at=AT + dt.timedelta(minutes=1))
    assert asked(officer, PAGE) == few <= 12


def text(officer: Client, quarter: str) -> str:
    found = re.sub("<[^>]+>", "", officer.get(PAGE, {"quarter": quarter}).content.decode())
    return re.sub(r"\s+", " ", found)


def test_a_quarter_without_anything_says_why_what_comes_next_and_what_one_can_do(officer: Client) -> None:
    publish.load(packaged(), by=SYSTEM, at=AT)
    page = text(officer, "2027Q1")
    assert "政策方面，这个季度还没有可预见的变化" in page
    assert "没有已公布的申报窗口，没有上一轮可以推算的窗口" in page
    assert "（预计窗口），2027年4月25日（周日）。 看那个季度" in page
    assert "起草一项新政策" in page
    assert "已公布的申报窗口 0" not in page
    assert "?quarter=2027Q2" in officer.get(PAGE, {"quarter": "2027Q1"}).content.decode()
    reader = Client()
    reader.force_login(cast.officer(Role.AUDITOR))
    assert "起草一项新政策" not in text(reader, "2027Q1")


def test_a_quarter_beyond_the_tabs_has_a_tab_of_its_own(officer: Client) -> None:
    for quarter, tabs in (("2027Q2", 3), ("2029Q4", 4)):
        page = officer.get(PAGE, {"quarter": quarter}).content.decode()
        marked = re.findall(r'href="\?quarter=([0-9Q]+)"[^>]*aria-current', page)
        assert (marked, page.count('href="?quarter=20')) == ([quarter], tabs)


def test_when_nothing_is_published_for_years_that_is_said(officer: Client) -> None:
    publish.load(packaged(), by=SYSTEM, at=AT)
    page = text(officer, "2035Q1")
    assert "之后两年内也没有" in page
    assert "看那个季度" not in page


def test_figures_of_a_year_go_out_of_date_when_the_next_begins(officer: Client) -> None:
    company(1, 60)
    publish.load(library(OPENS), by=SYSTEM, at=AT)
    page = text(officer, "2027Q1")
    asked_anew = "2027年1月1日（周五）起要问2026年的，2025年的不再算数："
    assert asked_anew in page
    assert "绿色投入" in page
    assert "按年度的情况在年初过时，这个季度没有" in text(officer, "2027Q2")


def test_what_changes_by_itself_is_counted_in_its_quarter(officer: Client) -> None:
    made = company(1)
    loaded(text=OPENS)
    by = actor_for(made.administrator, on=AT.date())
    facts.answer(enterprise_id=made.enterprise.pk, name="green_spent", value=60, by=by, at=AT)
    assert "到了规定年限的：1项" in text(officer, "2027Q1")
    assert "到了规定年限的：0项" in text(officer, "2027Q2")


def test_an_empty_quarter_asks_no_more_than_others(officer: Client) -> None:
    company(1, 60)
    publish.load(packaged(), by=SYSTEM, at=AT)
    officer.get(PAGE, {"quarter": "2027Q1"})
    assert asked(officer, f"{PAGE}?quarter=2027Q1") <= 12
