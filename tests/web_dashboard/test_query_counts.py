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


PATHS = (
    "/dashboard",
    "/dashboard?kind=task",
    "/dashboard/departments",
    "/dashboard/items",
    "/dashboard/months",
    "/dashboard/months?year=2026",
    "/dashboard/cases?what=open",
    "/dashboard/cases?kind=task&what=closed",
)


@pytest.mark.parametrize("login", ["zhou.jun", "wu.hong", "hg.head"])
def test_at_most_twelve(stage: Stage, login: str) -> None:
    reader = Reader(stage, login)
    few = {path: count(reader, path) for path in PATHS}
    inbox(stage)
    recount(at=stage.at)
    more = {path: count(reader, path) for path in PATHS}
    assert {path: n for path, n in more.items() if n > max(few[path], 8) or n > 12} == {}
