"""A list written at once is, to the server, the list that was given."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qitong.sql.arrays import array

texts = st.text().map(lambda text: text.replace("\0", "")) | st.text("\"\\,{} \n\t中'%N")
days = st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
moments = st.builds(dt.datetime.combine, days, st.times(), st.timezones())


def back(kind: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [array(values)])
        return cursor.fetchone()[0]


class ListsTest(TestCase):
    @given(st.lists(st.none() | texts | st.sampled_from(["NULL", "null", "{}", "", " ", ",", '"', "\\"])))
    @settings(max_examples=200)
    def test_texts(self, values: list[str | None]) -> None:
        assert back("text", values) == values

    @given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
    def test_whole_numbers(self, values: list[int | None]) -> None:
        assert back("bigint", values) == values

    @given(st.lists(st.none() | st.dates()))
    def test_dates(self, values: list[dt.date | None]) -> None:
        assert back("date", values) == values

    @given(st.lists(st.none() | moments))
    def test_moments(self, values: list[dt.datetime | None]) -> None:
        assert back("timestamptz", values) == values


@pytest.mark.django_db
def test_what_the_server_keeps_no_text_of_is_refused() -> None:
    with pytest.raises(DataError, match="NUL"):
        back("text", ["a\0b"])
