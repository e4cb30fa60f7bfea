"""The size of a company follows from its industry and indicators, and is an input to the policies."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.policies.check import packaged
from qitong.policies.features import derived
from qitong.policies.logic.size import section

WAN = 1_000_000
ON = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("code", "letter"), [("3562", "C"), ("01", "A"), ("6513", "I"), ("7271", "L"), ("99", "")]
)
def test_the_letter_of_a_code(code: str, letter: str) -> None:
    assert section(code) == letter


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("C3562", "industry"),
        ("3562", "industry"),
        ("5911", "transport"),
        ("5920", "warehousing"),
        ("I6513", "software"),
        ("7010", "real_estate_dev"),
        ("8511", "other"),
        ("6621", None),
        ("P8321", None),
        ("59", None),  # either side of 591
        ("C 3562", None),
        (" 3562", None),
        ("   ", None),
        ("#", None),
        ("35621", None),
        ("3", None),
        ("00", None),
    ],
)
def test_an_industry_has_its_row_or_none(code: str, row: str | None) -> None:
    sizes = packaged().sizes
    assert sizes is not None
    found = sizes.table.row(code)
    assert (found.id if found else None) == row


def test_size_and_age_are_derived_and_what_is_given_stays() -> None:
    facts = {
        "industry_code": "C3562",
        "employees": 300,
        "revenue_last": 2_000 * WAN,
        "registered_on": dt.date(2023, 11, 23),
    }
    found = derived(facts, ON, packaged())
    assert (found["size"], found["months_since_registration"], found["on"]) == ("medium", 36, ON)
    assert derived({**facts, "size": "large"}, ON, packaged())["size"] == "large"
    assert derived({"industry_code": "J6621"}, ON, packaged())["size"] is None
