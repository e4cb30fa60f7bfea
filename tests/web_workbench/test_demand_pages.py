"""The window's officers see what a company asked, used and could use, and send it a package."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.demo.stage import Stage
from qitong.policies import facts, peers, suitability
from qitong.policies.logic.package import Thing
from qitong.policies.models import ServicePackage
from tests.policies.packaging import Served
from tests.policies.played import LIN, published
from tests.web_workbench.conftest import GREEN, Desk

AT = f"/desk/demand/{GREEN}"
SOLAR = "pv_grid_connection"
FIGURE = "73921.57"


@pytest.fixture
def served(stage: Stage) -> Served:
    published(stage)
    return Served(stage)


@pytest.fixture
def wang(served: Served) -> Desk:
    return Desk(served.stage, "wang.fang")


def text_of(desk: Desk, path: str, **data: str) -> str:
    answer = desk.get(path, **data)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_from_the_list_to_a_package_that_is_sent(wang: Desk) -> None:
    assert "绿源" not in text_of(wang, "/desk/demand")
    assert AT in text_of(wang, "/desk/demand", stage="")
    assert "还没有为这家企业准备过服务包" in text_of(wang, AT)
    assert wang.post(f"{AT}/propose", {}).status_code == 302
    assert AT in text_of(wang, "/desk/demand")
    added = {"what": "item:customs_filing", "reason": "下半年要出口"}
    assert wang.post(f"{AT}/add", added).status_code == 302
    assert wang.post(f"{AT}/note", {"note": "方便时我来一趟。"}).status_code == 302
    page = text_of(wang, AT)
    for words in ("下半年要出口。", "方便时我来一趟。", "中小微制造企业服务包", "王芳"):
        assert words in page
    line = ServicePackage.objects.get().lines.get(code=SOLAR)
    assert wang.post(f"{AT}/remove", {"line": line.pk}).status_code == 302
    assert wang.post(f"{AT}/send", {}).status_code == 302
    assert "企业还没有打开" in text_of(wang, AT)
    assert AT in text_of(wang, "/desk/demand", stage="sent")
    assert wang.post(f"{AT}/withdraw", {}).status_code == 302
    assert "准备一份服务包" in text_of(wang, AT)


def test_a_case_leads_its_window_to_the_company(wang: Desk, served: Served) -> None:
    stage = served.stage
    case = stage.accept(stage.submit(stage.apply(GREEN, "energy_review", LIN), LIN))
    assert AT in wang.page(case)
    assert AT not in Desk(stage, "jw.reviewer").page(case)


def test_an_answered_package_is_listed_with_its_answers(wang: Desk, served: Served) -> None:
    made = served.sent()
    for line in made.lines.all():
        served.declines(line)
    assert AT in text_of(wang, "/desk/demand", stage="settled")
    assert AT in text_of(wang, "/desk/demand", stage="")
    assert "企业说不适合" in text_of(wang, AT)


def test_what_was_typed_and_refused_is_kept(wang: Desk) -> None:
    wang.post(f"{AT}/propose", {})
    refused = wang.post(f"{AT}/add", {"what": "", "reason": "很合适"})
    assert refused.status_code == 422
    assert "很合适" in refused.content.decode()
    refused = wang.post(f"{AT}/note", {"note": "长" * 301})
    assert refused.status_code == 422
    assert "长" * 301 in refused.content.decode()


def test_officers_read_what_was_asked_and_not_what_was_answered(wang: Desk, served: Served) -> None:
    for name, value in (("sales_last", FIGURE), ("employees", 4321)):
        facts.answer(
            enterprise_id=served.company.pk,
            name=name,
            value=value,
            by=served.stage.who(LIN),
            at=served.stage.tick(1),
        )
    page = text_of(wang, AT)
    assert "上年度销售收入" in page or "销售收入" in page
    for figure in (FIGURE, "73,921.57", "4321", "4,321"):
        assert figure not in page


def test_what_it_declined_is_said_and_cannot_be_added(wang: Desk, served: Served) -> None:
    wang.post(f"{AT}/propose", {})
    suitability.declare(
        enterprise_id=served.company.pk,
        thing=Thing.ITEM,
        code="customs_filing",
        reason="no_need",
        by=served.stage.who(LIN),
        at=served.stage.tick(1),
    )
    page = text_of(wang, AT)
    assert "暂时不需要" in page
    assert 'value="item:customs_filing"' not in page
    assert wang.post(f"{AT}/add", {"what": "item:customs_filing", "reason": "还是要办"}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("zhou.jun", 200), ("hg.reviewer", 404), ("policy", 404), ("wu.hong", 404)]
)
def test_a_leader_reads_and_others_find_nothing(served: Served, who: str, status: int) -> None:
    desk = Desk(served.stage, who)
    assert desk.get(AT).status_code == status
    assert desk.post(f"{AT}/propose", {}).status_code == (403 if status == 200 else 404)
    assert not ServicePackage.objects.exists()


def test_pages_ask_twelve_times_at_most(wang: Desk) -> None:
    wang.post(f"{AT}/propose", {})
    cut = "sector=industry&size=unknown"
    lists = ("stage=", "stage=settled", f"stage=proposed&{cut}", f"stage=&{cut}")
    for path in (AT, "/desk/demand", *(f"/desk/demand?{query}" for query in lists)):
        text_of(wang, path)
        with CaptureQueriesContext(connection) as queries:
            text_of(wang, path)
        assert len(queries) <= 12, [q["sql"][:90] for q in queries]


def test_the_list_is_cut_by_sector_and_size_and_the_tabs_keep_that(wang: Desk, served: Served) -> None:
    wang.post(f"{AT}/propose", {})
    page = text_of(wang, "/desk/demand", sector="industry", size="unknown")
    assert AT in page
    assert "?stage=sent&amp;sector=industry&amp;size=unknown" in page
    for other in ({"sector": "agriculture"}, {"sector": "industry", "size": "large"}):
        page = text_of(wang, "/desk/demand", **other)
        assert AT not in page
        assert "没有符合条件的企业" in page
    served.sent()
    peers.count(at=served.stage.tick())
    wang.post(f"{AT}/withdraw", {})
    assert AT in text_of(wang, "/desk/demand", stage="", sector="industry")
    assert AT not in text_of(wang, "/desk/demand", stage="", sector="software")
    assert AT in text_of(wang, "/desk/demand", stage="", sector="nonsense", size="")


def test_what_is_one_condition_off_names_the_part_that_fails_and_no_figure(
    wang: Desk, served: Served
) -> None:
    """Of “a and b” not a, when it is b that fails."""
    given: dict[str, bool | int | str] = {"segment_years": 5, "revenue_last": "6000", "rd_last": "151.23"}
    given |= {"equity_2y": 0, "score_63": "70", "shortcut": False}
    for name, value in given.items():
        facts.answer(
            enterprise_id=served.company.pk,
            name=name,
            value=value,
            by=served.stage.who(LIN),
            at=served.stage.tick(1),
        )
    page = text_of(wang, AT)
    near = page[page.index("只差一项条件") : page.index("还差情况")]
    assert "上年度研发费用 ÷ 上年度营业收入不低于3%" in near
    assert "不低于100万元" not in near
    assert "151.23" not in page
