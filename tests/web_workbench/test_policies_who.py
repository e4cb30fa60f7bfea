"""All policies in force against all companies: how many each is for, and what each company can have."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.accounts.enterprises import Registration
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.policies import editions, gathering, matching, qualified, qualifying
from qitong.policies.logic.package import Thing
from qitong.policies.models import Holding, Unsuitable
from qitong.policies.qualifying import Group
from qitong.policies.sections import Section, section_of
from qitong.web.workbench import policies_who
from tests.policies.peopled import people
from tests.web_workbench.conftest import Desk

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 3, 3, 9, tzinfo=ZONE)
WHO, COMPANIES = "/desk/policies/who", "/desk/policies/who/companies"
COMPANY = re.compile(r"第(\d+)企业")
SECTIONS = {Group.MET: Section.NOW, Group.UNKNOWN: Section.ASK, Group.NEAR: Section.NEAR}
Told = tuple[int, str, tuple[str, ...]]
"""The number of a company, the code of a policy, what is said of them."""


@pytest.fixture
def made(stage: Stage) -> list[Registration]:
    return people(12, MORNING)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def number(html: str) -> int:
    found = COMPANY.search(html)
    return int(found[1]) if found else 0


def codes() -> list[str]:
    return qualifying.in_force(editions.on_day(MORNING.date()).library, MORNING.date())


def follow(desk: Desk, path: str, show: str) -> list[str]:
    """The pages of a group, from the first to the last."""
    pages, after = [], "0"
    while after:
        answer = desk.get(path, show=show, after=after)
        assert answer.status_code == 200
        pages.append(answer.content.decode())
        way = re.search(r'href="\?show=\w+&amp;after=(\d+)" rel="next"', pages[-1])
        after = way[1] if way else ""
    return pages


def of_companies(desk: Desk, show: str) -> list[Told]:
    """What the page by company says, company after company."""
    found: list[Told] = []
    for page in follow(desk, COMPANIES, show):
        for body in re.findall(r"<tbody>.*?</tbody>", page, re.DOTALL):
            head, *rows = re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
            for row in rows:
                way = re.search(rf'href="/desk/policies/(\w+)/who\?show={show}"', row)
                assert way is not None
                told = [words(cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
                told[0] = re.sub(r" 与.*不能同时享受$", "", told[0])
                found.append((number(head), way[1], (*told, declined(row))))
    return found


def of_policy(desk: Desk, code: str, show: str) -> list[Told]:
    """What the page of one policy says."""
    found: list[Told] = []
    for page in follow(desk, f"/desk/policies/{code}/who", show):
        for row in re.findall(r"<tr><th scope=\"row\".*?</tr>", page, re.DOTALL):
            told = [words(cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
            found.append((number(row), code, (*told[1:], declined(row))))
    return found


def declined(row: str) -> str:
    return "企业说过不适合" if "企业说过不适合" in row else ""


def cells(table: bytes) -> list[list[str]]:
    """The rows of a table that was taken."""
    body = zipfile.ZipFile(io.BytesIO(table)).read("xl/worksheets/sheet1.xml")
    rows = re.findall(r"<row.*?</row>", body.decode(), re.DOTALL)
    return [
        [unescape(cell) for cell in re.findall(r"<c [^>]*?(?:/>|>.*?<t[^>]*>(.*?)</t>.*?</c>)", row)]
        for row in rows
    ]


@pytest.mark.parametrize("login", ["policy", "wang.fang"])
def test_all_at_once_say_what_each_policy_says_alone(
    stage: Stage, made: list[Registration], login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qualifying, "ANSWERS", 25)
    for one, code in Holding.objects.filter(holds=True).values_list("enterprise", "policy")[::3]:
        not_for_them(made, one, code)
    desk, library = Desk(stage, login), editions.on_day(MORNING.date()).library
    keys = [one.enterprise.pk for one in made]
    facts = gathering.facts_of(keys, library, MORNING.date())
    for group in Group:
        together = of_companies(desk, group)
        alone = [told for code in codes() for told in of_policy(desk, code, group)]
        assert sorted(together) == sorted(alone)
        in_order = [(at, code) for at, code, _ in together if at]
        assert in_order == sorted(in_order)
        judged = {
            (at, match.entry.policy.id)
            for at, key in enumerate(keys, 1)
            for match in matching.match(library, facts[key], MORNING.date())
            if section_of(match) is SECTIONS[group]
        }
        assert {(at, code) for at, code, _ in together if at} == judged
        assert len({code for _, code in judged}) > 3, group
    assert {told[-1] for *_, told in of_companies(desk, Group.MET)} == {"", "企业说过不适合"}


def not_for_them(made: list[Registration], enterprise: int, code: str) -> None:
    by = next((one.administrator for one in made if one.enterprise.pk == enterprise), None)
    if by is not None:
        Unsuitable.objects.create(
            enterprise_id=enterprise,
            thing=Thing.POLICY,
            code=code,
            reason="no_need",
            declared_by=by,
            declared_at=MORNING,
        )


@pytest.mark.parametrize("few", [0, 5000])
def test_each_policy_in_force_has_a_line_with_how_many_can_have_it(
    stage: Stage, made: list[Registration], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies_who, "FEW", few)
    desk = Desk(stage, "policy")
    assert f'href="{WHO}"' in desk.get("/desk/policies").content.decode()
    counted = {code: len(of_policy(desk, code, "met")) for code in codes()}
    assert sum(1 for count in counted.values() if count) > 3
    assert lines(desk) == counted
    assert set(editions.on_day(MORNING.date()).library.entries) - counted.keys()
    assert lines(Desk(stage, "sw.reviewer")) == dict.fromkeys(counted, 0)


def lines(desk: Desk) -> dict[str, int]:
    found = re.findall(
        r'<tr><th.*?href="/desk/policies/(\w+)/who".*?<td class="number"[^>]*>(\d+)<',
        desk.get(WHO).content.decode(),
        re.DOTALL,
    )
    return {code: int(count) for code, count in found}


def test_many_policies_come_page_after_page(
    stage: Stage, made: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(stage, "policy")
    whole = lines(desk)
    monkeypatch.setattr(policies_who, "SIZE", 10)
    found, after = dict[str, int](), ""
    while True:
        page = desk.get(WHO, after=after).content.decode()
        found |= {code: whole[code] for code in re.findall(r"/desk/policies/(\w+)/who\"", page)}
        way = re.search(r'href="\?after=(\w+)" rel="next"', page)
        if way is None:
            break
        after = way[1]
    assert list(found) == list(whole)
    assert "到这里就是全部政策" in desk.get(WHO, after=max(whole)).content.decode()


def test_a_page_holds_few_companies_and_looks_at_a_bounded_number(
    stage: Stage, made: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qualifying, "SIZE_OF_ALL", 2)
    monkeypatch.setattr(qualifying, "RUNS", 2)
    desk = Desk(stage, "policy")
    for group in Group:
        for page in follow(desk, COMPANIES, group):
            assert len(re.findall("rowgroup", page)) <= 2
    library, companies = editions.on_day(MORNING.date()).library, qualifying.companies_of(stage.who("policy"))
    after, looked = 0, 0
    while True:
        found = qualifying.page(codes(), Group.NEAR, companies, library, MORNING.date(), after=after, most=2)
        assert found.looked <= 2 * qualifying.BATCHES
        looked += found.looked
        if found.next is None:
            break
        after = found.next
    assert looked == companies.count()


def test_policies_that_exclude_each_other_are_named_beside_each_other(
    stage: Stage, made: list[Registration]
) -> None:
    conflicts = editions.on_day(MORNING.date()).library.conflicts
    line, (one, other) = next(
        (line, pair)
        for line in can_have(stage)
        for pair in sorted(conflicts)
        if set(pair) <= {it.code for it in line.answers}
    )
    told = {it.code: it for it in line.answers}
    assert told[one].instead == (told[other].name,)
    assert told[other].instead == (told[one].name,)
    page = Desk(stage, "policy").get(COMPANIES).content.decode()
    assert f"与“{told[other].name}”不能同时享受" in page
    not_for_them(made, line.enterprise.pk, other)
    again = next(it for it in can_have(stage) if it.enterprise == line.enterprise)
    assert {it.code: it.instead for it in again.answers if it.code in (one, other)} == {one: (), other: ()}


def can_have(stage: Stage) -> list[qualifying.Line]:
    library, companies = editions.on_day(MORNING.date()).library, qualifying.companies_of(stage.who("policy"))
    return qualifying.page(codes(), Group.MET, companies, library, MORNING.date(), after=0, most=100).lines


def test_it_is_taken_out_as_a_table_of_pairs_and_that_is_in_the_ledger(
    stage: Stage, made: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qualified, "BATCH", 5)
    desk = Desk(stage, "policy")
    answer = desk.client.post(f"{WHO}/take")
    assert answer["Content-Type"] == qualified.XLSX
    title, head, *rows = cells(answer.getvalue())
    assert title == [f"施行中的政策{len(codes())}项（2026年3月3日（周二））"]
    assert head == ["企业", "统一社会信用代码", "政策", "为什么", "全年金额", "备注"]
    entries = editions.on_day(MORNING.date()).library.entries
    told = of_companies(desk, "met")
    expected = [(at, entries[code].policy.name.zh, why) for at, code, (why, *_) in told]
    assert [(number(row[0]), row[2], row[3]) for row in rows] == expected
    entry = Entry.objects.get(kind="policy.list_taken")
    assert entry.body == {"policies": codes(), "rows": len(told)}
    Desk(stage, "sw.reviewer").client.post(f"{WHO}/take")
    assert Entry.objects.filter(kind="policy.list_taken").latest("pk").body["rows"] == 0


def test_a_table_that_would_be_too_large_is_refused_with_the_way_on(
    stage: Stage, made: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(stage, "policy")
    monkeypatch.setattr(qualified, "MOST", Holding.objects.filter(holds=True).count())
    assert desk.client.post(f"{WHO}/take").status_code == 200
    monkeypatch.setattr(qualified, "MOST", 3)
    answer = desk.client.post(f"{WHO}/take", follow=True)
    assert "超过3行，请逐项政策下载" in answer.content.decode()
    assert Entry.objects.filter(kind="policy.list_taken").count() == 1


def test_companies_read_none_of_it(stage: Stage, made: list[Registration]) -> None:
    company = Desk(stage, "13800000001")
    assert [company.get(path).status_code for path in (WHO, COMPANIES)] == [403, 403]
    assert company.client.post(f"{WHO}/take").status_code == 403
    assert Desk(stage, "policy").get(f"{WHO}/take").status_code == 405


def test_officers_go_on_to_the_companies_they_serve(stage: Stage, made: list[Registration]) -> None:
    served = Desk(stage, "wang.fang")
    way_on = re.search(r'href="(/desk/demand/[^"]+)"', served.get(COMPANIES).content.decode())
    assert way_on is not None
    assert served.get(way_on[1]).status_code == 200
    assert "/desk/demand/" not in Desk(stage, "policy").get(COMPANIES).content.decode()
    for group in Group:
        assert of_companies(Desk(stage, "sw.reviewer"), group) == []


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(("login", "few"), [("policy", 0), ("wang.fang", 0), ("wang.fang", 5000)])
def test_a_page_of_it_asks_little(
    stage: Stage, login: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies_who, "FEW", few)
    desk = Desk(stage, login)
    for path in (WHO, *(f"{COMPANIES}?show={group}" for group in Group)):
        desk.get(path)
        with CaptureQueriesContext(connection) as asked:
            desk.get(path)
        assert len(asked) <= 12, Counter(it["sql"][:90] for it in asked)
