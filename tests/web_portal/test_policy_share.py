"""A company lets departments supply figures for its policies, and which ones is its own to say."""

from __future__ import annotations

import pytest
from django.test import Client

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.datashare.models import Consent
from qitong.demo.stage import Stage
from qitong.policies import editions
from qitong.policies.logic import keeping
from qitong.policies.receiving import PURPOSE, Row, receive
from tests.policies.played import GREEN, published
from tests.web_portal.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(stage: Stage, lin: Client) -> tuple[Client, str]:
    published(stage)
    return lin, f"/my/policies/{Enterprise.objects.get(uscc=GREEN).pk}/share"


def test_the_chosen_departments_may_and_are_named_from_then_on(page: tuple[Client, str]) -> None:
    client, address = page
    assert client.post(address, {"department_codes": ["sw", "rs"]}).status_code == 302
    consent = Consent.objects.get()
    assert (consent.purpose, consent.department_codes) == (PURPOSE, ["rs", "sw"])
    again = client.get(address).content.decode()
    assert "已授权" in again
    assert 'value="sw"' not in again
    assert 'value="czj"' in again


def test_nobody_chosen_is_refused_at_the_field(page: tuple[Client, str]) -> None:
    client, address = page
    answer = client.post(address, {})
    assert answer.status_code == 422
    assert "请至少选择一个部门。" in answer.content.decode()
    assert not Consent.objects.exists()


def supplied(stage: Stage, **figures: int) -> None:
    """The tax office says something of the company as of today."""
    fields = editions.on_day(stage.day()).library.fields
    row = Row(GREEN, {name: keeping.value(fields[name], value) for name, value in figures.items()})
    receive(department="sw", as_of=stage.day(), rows=[row], by=Actor.system("feed"), at=stage.tick())


def test_what_comes_names_its_source_until_the_consent_ends(page: tuple[Client, str], stage: Stage) -> None:
    client, address = page
    client.post(address, {"department_codes": ["sw"]})
    assert "部门还没有提供数据。" in client.get(address).content.decode()
    supplied(stage, avg_headcount=42)
    assert "全年季度平均从业人数：42人" in client.get(address).content.decode()
    policy = address.replace("share", "small_low_profit_cit")
    assert "（税务局提供，" in client.get(policy).content.decode()
    listing = address.removesuffix("/share")
    answer = client.post(
        f"/my/consents/{Consent.objects.get().pk}/revoke", {"next": listing}, follow=True
    ).content.decode()
    assert "部门提供的数据不再用来判断政策" in answer
    assert "来自税务局：" in answer
    assert "重新授权" in answer
    assert "授权已撤销，税务局提供的数据不再使用" in client.get(policy).content.decode()


def test_a_new_consent_waits_for_the_department_and_an_answer_ends_the_wait(
    page: tuple[Client, str], stage: Stage
) -> None:
    client, address = page
    client.post(address, {"department_codes": ["sw"]})
    supplied(stage, avg_headcount=42)
    client.post(f"/my/consents/{Consent.objects.get().pk}/revoke")
    client.post(address, {"department_codes": ["sw"]})
    listing = address.removesuffix("/share")
    assert "已经重新授权，等部门再次提供" in client.get(listing).content.decode()
    client.post(f"{listing}/facts/avg_headcount", {"fact.avg_headcount": "43"})
    assert "授权已撤销" not in client.get(listing).content.decode()


def test_a_withdrawn_consent_costs_the_pages_few_queries(page: tuple[Client, str], stage: Stage) -> None:
    client, address = page
    client.post(address, {"department_codes": ["sw"]})
    supplied(stage, avg_headcount=42)
    assert asked(client, address) <= MOST
    client.post(f"/my/consents/{Consent.objects.get().pk}/revoke")
    for where in (address, address.removesuffix("/share"), address.replace("share", "small_low_profit_cit")):
        assert asked(client, where) <= MOST
