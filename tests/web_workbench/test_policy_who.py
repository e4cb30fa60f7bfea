"""Who can get a policy, who lacks an answer, who is one condition off: lists of one policy at the desk."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.accounts.enterprises import Registration
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.policies import qualified, qualifying
from qitong.policies.logic.package import Thing
from qitong.policies.models import Unsuitable
from tests.policies import desk as play
from tests.policies.desk import CODE
from tests.web_workbench.conftest import Desk

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 3, 3, 9, tzinfo=ZONE)
WHO = f"/desk/policies/{CODE}/who"
SPENT = {1: 60, 2: 40, 3: None, 4: 70}
"""万元 of 1,000 by each company; 5 % are asked for."""


@pytest.fixture
def companies(stage: Stage) -> dict[int, Registration]:
    made = {number: play.new_company(number) for number in SPENT}
    for number, spent in SPENT.items():
        play.says(made[number], "green_sales", 1000, MORNING)
        if spent is not None:
            play.says(made[number], "green_spent", spent, MORNING)
    play.loaded(MORNING)
    return made


def rows(desk: Desk, **asked: str) -> dict[int, str]:
    """What is said of each of the companies, by its number."""
    answer = desk.get(WHO, **asked)
    assert answer.status_code == 200
    found = re.findall(r"<tr><th.*?</tr>", answer.content.decode(), re.DOTALL)
    texts = [re.sub(r"<[^>]+>", " ", each) for each in found]
    return {int(m[1]): text for text in texts if (m := re.search(r"第(\d)企业", text))}


@pytest.mark.usefixtures("companies")
def test_each_company_stands_where_it_belongs_with_the_reason(stage: Stage) -> None:
    desk = Desk(stage, "policy")
    met = rows(desk)
    assert met.keys() == {1, 4}
    assert "各项条件都符合" in met[1]
    assert "6万元" in met[1]
    assert "能享受的共2家" in desk.get(WHO).content.decode()
    near = rows(desk, show="near")
    assert near.keys() == {2}
    assert "还差10万元" in near[2]
    unknown = rows(desk, show="unknown")
    assert unknown.keys() >= {3}
    assert not unknown.keys() & {1, 2, 4}
    assert "缺：绿色投入。" in unknown[3]
    assert WHO in desk.get(f"/desk/policies/{CODE}").content.decode()


@pytest.mark.usefixtures("companies")
def test_a_long_list_goes_on_where_it_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qualifying, "SIZE", 1)
    desk = Desk(stage, "policy")
    assert rows(desk).keys() == {1}
    following = re.search(r'href="\?show=met&amp;after=(\d+)"', desk.get(WHO).content.decode())
    assert following is not None
    assert rows(desk, after=following[1]).keys() == {4}
    assert "接着看" not in desk.get(WHO, after=following[1]).content.decode()


def test_who_said_that_it_is_not_for_them_is_marked(companies: dict[int, Registration], stage: Stage) -> None:
    told = companies[4]
    Unsuitable.objects.create(
        enterprise=told.enterprise,
        thing=Thing.POLICY,
        code=CODE,
        reason="no_need",
        declared_by=told.administrator,
        declared_at=MORNING,
    )
    met = rows(Desk(stage, "policy"))
    assert "企业说过不适合" in met[4]
    assert "企业说过不适合" not in met[1]


@pytest.mark.usefixtures("companies")
def test_officers_read_it_of_the_companies_they_serve_and_companies_not_at_all(stage: Stage) -> None:
    served = Desk(stage, "wang.fang")
    assert rows(served).keys() == {1, 4}
    way_on = re.search(r'href="(/desk/demand/[^"]+)"', served.get(WHO).content.decode())
    assert way_on is not None
    assert served.get(way_on[1]).status_code == 200
    assert "/desk/demand/" not in Desk(stage, "policy").get(WHO).content.decode()
    assert not rows(Desk(stage, "sw.reviewer"))
    assert Desk(stage, "13800000001").get(WHO).status_code == 403


@pytest.mark.usefixtures("companies")
def test_the_list_is_taken_out_as_a_table_and_that_is_in_the_ledger(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qualified, "BATCH", 1)
    answer = Desk(stage, "policy").client.post(f"{WHO}/take")
    assert answer["Content-Type"] == qualified.XLSX
    taken = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    cells = re.findall(r"<t[^>]*>([^<]*)</t>", taken.read("xl/worksheets/sheet1.xml").decode())
    assert cells[:2] == ["绿色投入奖励（2026年3月3日（周二））", "企业"]
    assert [cell for cell in cells if "企业有限公司" in cell] == ["第1企业有限公司", "第4企业有限公司"]
    assert "6万元" in cells
    entry = Entry.objects.get(kind="policy.list_taken")
    assert (entry.body["policy"], entry.body["rows"]) == (CODE, 2)
    Desk(stage, "sw.reviewer").client.post(f"{WHO}/take")
    assert [it.body["rows"] for it in Entry.objects.filter(kind="policy.list_taken").order_by("pk")] == [2, 0]
    assert Desk(stage, "policy").client.post("/desk/policies/none/who/take").status_code == 404
    assert Desk(stage, "13800000001").client.post(f"{WHO}/take").status_code == 403


@pytest.mark.usefixtures("companies")
@pytest.mark.parametrize("show", ["met", "unknown", "near"])
@pytest.mark.parametrize("login", ["policy", "wang.fang"])
def test_a_page_of_it_asks_little(stage: Stage, show: str, login: str) -> None:
    desk = Desk(stage, login)
    desk.get(WHO, show=show)
    with CaptureQueriesContext(connection) as asked:
        desk.get(WHO, show=show)
    assert len(asked) <= 12, [it["sql"][:90] for it in asked]
