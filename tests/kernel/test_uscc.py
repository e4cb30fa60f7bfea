"""The unified social credit code, GB 32100-2015."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.kernel.uscc import ALPHABET, DEPARTMENTS, check_character, normalise, why_not

VALID = ["91110000600037341L", "N2310151MF0000000R"]


@st.composite
def codes(draw: st.DrawFn) -> str:
    first17 = (
        draw(st.sampled_from(DEPARTMENTS))
        + draw(st.sampled_from(ALPHABET))
        + draw(st.text("0123456789", min_size=6, max_size=6))
        + draw(st.text(ALPHABET, min_size=9, max_size=9))
    )
    return first17 + check_character(first17)


@pytest.mark.parametrize("code", VALID)
def test_published_codes_are_valid(code: str) -> None:
    assert not why_not(code)


@given(codes())
def test_a_code_with_its_check_character_is_valid(code: str) -> None:
    assert not why_not(code)


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert bool(why_not(wrong)) == (wrong != code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "18位"),
        ("9111000060003734", "现为16位"),
        ("9111000060003734IL", "第17位“I”"),
        ("91110000600037341l", "第18位“l”"),
        ("01110000600037341L", "登记管理部门"),
        ("911100A0600037341L", "第3至8位"),
        ("91110000600037341A", "校验位"),
    ],
)
def test_the_reason_names_what_is_wrong(code: str, reason: str) -> None:
    assert reason in str(why_not(code))


def test_digits_of_other_scripts_are_not_digits() -> None:
    assert "第17位" in str(why_not("9111000060003734١L"))


def test_what_people_type_is_brought_to_the_stored_form() -> None:
    assert normalise(" 9111 0000-60003\u30007341l ") == "91110000600037341L"
    assert normalise("９１１１００００６０００３７３４１Ｌ") == "91110000600037341L"


@pytest.mark.parametrize("first17", ["", "9" * 18, "I" * 17])
def test_a_check_character_needs_seventeen_characters_of_the_alphabet(first17: str) -> None:
    with pytest.raises(ValueError):
        check_character(first17)
