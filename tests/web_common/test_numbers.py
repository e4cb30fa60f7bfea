"""A number out of an address: what is none, or more than a row can have, is as not given."""

from __future__ import annotations

import pytest

from qitong.web.common.http import number_of


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("0", 0), ("9" * 18, 10**18 - 1)])
def test_a_number_is_read(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1.5", " 7", "七", "٧", "²", "9" * 19, "9" * 5000])
def test_anything_else_is_as_not_given(text: str) -> None:
    assert number_of(text) is None
