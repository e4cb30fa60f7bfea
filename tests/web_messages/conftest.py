from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.automation.queue import react_to_all
from tests.world import build, early_today

GREEN, LIN, HE, OWNER = "91310151MA1JK0001T", "13800000001", "13800000002", "wang.fang"


@pytest.fixture(scope="session", autouse=True)
def _pages(pages: None) -> None:
    """Every test here reads pages."""


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    return build(early_today(now()))


@pytest.fixture
def case(stage: Stage) -> Case:
    """Handed in by the green company; it and the owner have been told."""
    case = stage.submit(stage.apply(GREEN, "customs_filing", LIN), LIN)
    react_to_all(stage.at)
    case.refresh_from_db()
    return case


def signed_in(stage: Stage, login: str) -> Client:
    client = Client()
    client.force_login(stage.cast.user(login), backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, address: str = "/messages") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def owner_of(stage: Stage, case: Case) -> Client:
    """The owner by the rota of today."""
    assert case.owner is not None
    client = Client()
    client.force_login(case.owner, backend="django.contrib.auth.backends.ModelBackend")
    return client
