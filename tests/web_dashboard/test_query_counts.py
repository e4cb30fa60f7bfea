"""Pages ask the database a fixed number of times, however much there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.demo.inbox import inbox
from qitong.demo.stage import Stage
from qitong.insight.facts import recount
from tests.web_dashboard.conftest import Reader


def count(reader: Reader, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        reader.page(path)
    return len(asked)


@pytest.mark.parametrize("login", ["zhou.jun", "wu.hong", "hg.head"])
@pytest.mark.parametrize(
    "path",
    [
        "/dashboard",
        "/dashboard?kind=task",
        "/dashboard/departments",
        "/dashboard/items",
        "/dashboard/months",
        "/dashboard/months?year=2026",
        "/dashboard/cases?what=open",
        "/dashboard/cases?kind=task&what=closed",
    ],
)
def test_at_most_twelve(stage: Stage, login: str, path: str) -> None:
    reader = Reader(stage, login)
    few = count(reader, path)
    inbox(stage)
    recount(at=stage.at)
    assert count(reader, path) <= max(few, 8) <= 12
