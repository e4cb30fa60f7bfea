"""A company lets departments supply figures for its policies, and which ones is its own to say."""

from __future__ import annotations

import pytest
from django.test import Client

from qitong.accounts.models import Enterprise
from qitong.datashare.models import Consent
from qitong.demo.stage import Stage
from qitong.policies.receiving import PURPOSE
from tests.policies.played import GREEN, published

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
    assert "已授权：" in again
    assert 'value="sw"' not in again
    assert 'value="czj"' in again


def test_nobody_chosen_is_refused_at_the_field(page: tuple[Client, str]) -> None:
    client, address = page
    answer = client.post(address, {})
    assert answer.status_code == 422
    assert "请至少选择一个部门。" in answer.content.decode()
    assert not Consent.objects.exists()
