"""The company opens its package on a phone, takes a line up, declines another, and nobody else finds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.policies.models import PackageLine, ServicePackage, Unsuitable
from qitong.web.common.dates import now
from tests.policies.packaging import Served
from tests.policies.played import published
from tests.world import build, early_today

SOLAR = "pv_grid_connection"


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    return build(early_today(now()), published)


@pytest.fixture
def served(stage: Stage) -> Served:
    return Served(stage)


def at(served: Served, view: str, *more: str) -> str:
    return reverse(f"portal:{view}", args=[served.company.pk, *more])


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_before_the_first_it_says_what_will_be_here(served: Served, lin: Client) -> None:
    served.proposed()  # still the officers' own
    assert "还没有服务包" in text_of(lin, at(served, "package"))
    assert "答复园区的服务包" not in text_of(lin, "/my")


def test_sent_it_waits_on_the_first_page_and_behind_a_cover(served: Served, lin: Client) -> None:
    served.sent()
    assert at(served, "package") in text_of(lin, "/my")
    page = text_of(lin, at(served, "package"))
    assert "打开服务包" in page
    assert "分布式光伏" not in page
    assert ServicePackage.objects.get().stage == "sent"
    lin.post(at(served, "package_open"))
    page = text_of(lin, at(served, "package"))
    assert "分布式光伏并网服务" in page
    assert "厂房屋顶可以装光伏" in page
    assert ServicePackage.objects.get().officer.name in page


def test_one_tap_leads_to_the_draft(served: Served, lin: Client) -> None:
    served.sent()
    answer = lin.post(at(served, "package_accept", "item", SOLAR))
    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("portal:draft", args=[case.pk])
    assert reverse("portal:draft", args=[case.pk]) in text_of(lin, at(served, "package"))


def test_a_policy_that_still_asks_leads_to_its_page(served: Served, lin: Client) -> None:
    served.sent()
    answer = lin.post(at(served, "package_accept", "policy", "rd_super_deduction"))
    assert answer.headers["Location"] == at(served, "policy", "rd_super_deduction")


def test_unsuitable_needs_a_reason_and_is_kept(served: Served, lin: Client) -> None:
    served.sent()
    address = at(served, "package_unsuitable", "item", SOLAR)
    assert "分布式光伏并网服务" in text_of(lin, address)
    assert lin.post(address, {}).status_code == 422
    refused = lin.post(address, {"reason": "other", "note": ""})
    assert refused.status_code == 422
    assert lin.post(address, {"reason": "other", "note": "屋顶是租的"}).status_code == 302
    assert Unsuitable.objects.get().note == "屋顶是租的"
    assert PackageLine.objects.get(code=SOLAR).answer == "unsuitable"


def test_what_was_declined_can_be_taken_back(served: Served, lin: Client) -> None:
    served.sent()
    served.declines(served.line(SOLAR))
    page = text_of(lin, at(served, "package"))
    assert at(served, "package_suitable", SOLAR) in page
    assert lin.post(at(served, "package_suitable", SOLAR)).status_code == 302
    assert at(served, "package_suitable", SOLAR) not in text_of(lin, at(served, "package"))


def test_what_is_in_no_package_is_not_there(served: Served, lin: Client) -> None:
    assert lin.get(at(served, "package_unsuitable", "item", SOLAR)).status_code == 404
    assert lin.post(at(served, "package_accept", "item", SOLAR), follow=True).status_code == 200
    assert not Case.objects.exists()


def test_another_company_finds_nothing_here(served: Served, he: Client) -> None:
    served.sent()
    assert he.get(at(served, "package")).status_code == 404
    assert he.post(at(served, "package_open")).status_code == 404
    assert he.post(at(served, "package_accept", "item", SOLAR)).status_code == 404
    assert he.post(at(served, "package_unsuitable", "item", SOLAR), {"reason": "no_need"}).status_code == 404
    assert ServicePackage.objects.get().stage == "sent"


def test_pages_in_english_have_no_chinese_reasons(served: Served, lin: Client) -> None:
    served.sent()
    lin.post(at(served, "package_open"))
    lin.cookies["django_language"] = "en"
    page = text_of(lin, at(served, "package"))
    assert "A factory roof can carry solar panels" in page
    assert "厂房屋顶" not in page


@pytest.mark.parametrize("view", ["package", "package_unsuitable"])
def test_a_page_takes_at_most_twelve_queries(served: Served, lin: Client, view: str) -> None:
    served.sent()
    lin.post(at(served, "package_open"))
    address = at(served, view, *(("item", SOLAR) if view == "package_unsuitable" else ()))
    for page in (address, "/my"):
        lin.get(page)
        with CaptureQueriesContext(connection) as queries:
            lin.get(page)
        assert len(queries) <= 12, [q["sql"][:80] for q in queries]
