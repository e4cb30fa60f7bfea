from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Case, Task
from qitong.demo.stage import Stage
from tests.world import build

GREEN, CLERK = "91310151MA1JK0001T", "13800000001"
ITEM = "energy_review"  # fgw leads; jw reviews beside it; experts may stop the clock


@pytest.fixture(scope="session", autouse=True)
def _pages(pages: None) -> None:
    """Every test here reads pages."""


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The cast on a Tuesday morning (Wang Fang is on duty); the pages' clock is the stage's."""
    stage = build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
    monkeypatch.setattr(timezone, "now", stage.tick)
    return stage


class Desk:
    """One officer at the workbench."""

    def __init__(self, stage: Stage, login: str) -> None:
        self.client = Client()
        self.client.force_login(stage.cast.user(login))

    def get(self, path: str, **data: str) -> HttpResponse:
        return self.client.get(path, data)  # type: ignore[return-value]  # the test client's wider type

    def post(self, path: str, data: Mapping[str, Any]) -> HttpResponse:
        return self.client.post(path, data)  # type: ignore[return-value]  # the test client's wider type

    def page(self, case: Case) -> str:
        answer = self.get(f"/desk/cases/{case.number}")
        assert answer.status_code == 200
        return answer.content.decode()

    def do(self, case: Case, deed: str, task: Task | None = None, **data: Any) -> HttpResponse:
        """Post a deed as its form does."""
        where = f"tasks/{task.pk}" if task else "do"
        return self.post(f"/desk/cases/{case.number}/{where}/{deed}", data)


def done(answer: HttpResponse, case: Case) -> None:
    """The deed was done: back to the case page."""
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == f"/desk/cases/{case.number}"


def refused(answer: HttpResponse, words: str) -> None:
    """The deed was refused, with these words at the top and at its field."""
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.fixture
def owner(stage: Stage) -> Desk:
    return Desk(stage, "wang.fang")


@pytest.fixture
def submitted(stage: Stage) -> Case:
    """A complete application, handed in."""
    case = stage.apply(GREEN, ITEM, CLERK)
    return stage.submit(case, CLERK)


@pytest.fixture
def accepted(stage: Stage, submitted: Case) -> Case:
    return stage.accept(submitted)


@pytest.fixture
def reviewed(stage: Stage, accepted: Case) -> Case:
    """Every department concurred; the decision is due."""
    stage.review_all(accepted)
    accepted.refresh_from_db()
    return accepted


@pytest.fixture
def asked(stage: Stage) -> Case:
    """A free request that its owner has accepted."""
    case = stage.request(GREEN, CLERK, "门口道路积水", "下雨就积水，叉车出不去，上次已经起诉物业。")
    return stage.accept(stage.submit(case, CLERK))
