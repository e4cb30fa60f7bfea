from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.accounts.models import Jurisdiction
from qitong.web.common.counting import capped


@pytest.fixture
def three(db: None) -> None:
    for code in "ABC":
        Jurisdiction.objects.create(code=code, name_zh=code, name_en=code, level="city")


@pytest.mark.usefixtures("three")
def test_up_to_the_limit_the_number_is_exact() -> None:
    assert capped(Jurisdiction.objects.all()) == 3
    assert capped(Jurisdiction.objects.all(), most=3) == 3
    assert capped(Jurisdiction.objects.none()) == 0


@pytest.mark.usefixtures("three")
def test_beyond_the_limit_it_says_so_without_counting_on() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert capped(Jurisdiction.objects.order_by("code"), most=2) == "2+"
    assert len(queries) == 1
    assert "LIMIT 3" in queries[0]["sql"]
    assert "ORDER BY" not in queries[0]["sql"]


def test_thousands_are_set_apart(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.models.QuerySet.count", lambda rows: 1001)
    assert capped(Jurisdiction.objects.all()) == "1,000+"
