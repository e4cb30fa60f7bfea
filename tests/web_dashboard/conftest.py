from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from qitong.casework.logic.clock import ZONE
from qitong.demo.inbox import inbox
from qitong.demo.stage import Stage
from qitong.demo.stories import licence_in_three_days, request_across_departments
from qitong.insight.facts import recount
from tests.world import build


@pytest.fixture(scope="session", autouse=True)
def _pages(pages: None) -> None:
    """Every test here reads pages."""


MORNING = dt.datetime(2026, 3, 24, 9, 30, tzinfo=ZONE)


def desks(stage: Stage) -> None:
    """Two finished cases, and the desks of the demonstration: red, yellow, paused, returned, delivered."""
    for story, days in ((licence_in_three_days, 10), (request_across_departments, 14)):
        story(Stage(stage.cast, dt.datetime.combine(stage.working_day(-days), dt.time(9, 30), ZONE)))
    inbox(stage)
    recount(at=stage.at)


@pytest.fixture
def empty(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A new park: the cast, and no case yet. The pages' clock is the stage's."""
    return _by_its_clock(build(MORNING), monkeypatch)


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The park with its :func:`desks`."""
    return _by_its_clock(build(MORNING, desks), monkeypatch)


def _by_its_clock(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(timezone, "now", lambda: stage.at)
    return stage


class Reader:
    """Somebody who looks at the dashboard, in Chinese unless said otherwise."""

    def __init__(self, stage: Stage, login: str, language: str = "zh-hans") -> None:
        self.client = Client(headers={"accept-language": language})
        self.client.force_login(stage.cast.user(login))

    def answer(self, path: str) -> HttpResponse:
        return self.client.get(path)  # type: ignore[return-value]  # the test client's wider type

    def page(self, path: str) -> str:
        answer = self.answer(path)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def listed(self, path: str) -> list[str]:
        """The case numbers of a list, page after page, a case once for each of its rows."""
        numbers, seen = [], set[str]()
        while path not in seen:
            seen.add(path)
            page = self.page(path)
            numbers += re.findall(r'href="/desk/cases/([\w-]+)"', page)
            onwards = re.search(r'rel="next" href="([^"]+)"', page)
            if onwards is None:
                break
            path = path.partition("?")[0] + onwards[1].replace("&amp;", "&")
        return numbers


@pytest.fixture
def leader(stage: Stage) -> Reader:
    return Reader(stage, "zhou.jun")
