from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from qitong.accounts.actors import Actor
from qitong.casework import finding
from qitong.casework.indexing import index
from qitong.casework.logic.clock import ZONE
from qitong.casework.logic.finding import ask
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.world import build

GREEN, CLERK = "91310151MA1JK0001T", "13800000001"
TIDE, OTHER_CLERK = "91310151MA1JK0002X", "13800000002"
ITEM = "energy_review"
EVERYTHING = Actor.system("test")


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The cast on a Tuesday morning; the pages' clock is the stage's."""
    stage = build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
    monkeypatch.setattr(timezone, "now", stage.tick)
    return stage


@pytest.fixture(params=["newest first", "by the index"])
def way(db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to an answer: where there are few cases all are read; else the index is asked."""
    if request.param == "by the index":
        monkeypatch.setattr(finding, "NEWEST", 1)
        use_the_index()
    return str(request.param)


def use_the_index() -> None:
    """However few the rows of a test are, until its transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")


@pytest.fixture
def asked(stage: Stage) -> Case:
    """A free request that was handed in."""
    case = stage.request(GREEN, CLERK, "门口道路积水", "下雨就积水，叉车出不去，已找过物业。")
    return stage.submit(case, CLERK)


def read_again() -> None:
    """What the worker does after each deed, for all cases at once."""
    index(list(Case.objects.values_list("pk", flat=True)))


def found(text: str, actor: Actor = EVERYTHING) -> set[int]:
    """The ids of the cases found."""
    return set(finding.find(actor, ask(text)).ids)
