"""What is shown of personal data to who has not asked for it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.kernel.masking import (
    LIFTED,
    Veil,
    mask_id,
    mask_login,
    mask_mail,
    mask_name,
    mask_phone,
    mask_text,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王小明", "王**"), ("李四", "李**"), ("王", "**"), ("", ""), (" Ann Lee ", "A**")],
)
def test_a_name_keeps_its_first_character_and_not_its_length(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138 **** 5678"),
        ("021-59621234", "021-****1234"),
        ("59621234", "*****234"),
        ("12345", "*****"),
        ("找张三13812345678", "***138****5678"),
        ("", ""),
    ],
)
def test_a_phone_number_keeps_too_little_to_call(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("login", "shown"),
    [("13812345678", "138****5678"), ("zhang@corp.cn", "z***@corp.cn"), ("5551234", "*******")],
)
def test_a_login_is_masked_as_what_it_is(login: str, shown: str) -> None:
    assert mask_login(login) == shown


def test_an_identity_number_shows_no_birthday() -> None:
    assert mask_id("310151198001011234") == "310*************34"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("请打13812345678，找王小明。", "请打138****5678，找王**。"),
        ("电话138-1234-5678或+86 138 1234 5678", "电话138-****-5678或+86 1** **** 5678"),
        ("座机021-59621234转8", "座机021-****1234转8"),
        ("身份证31015119800101123X号", "身份证310*************3X号"),
        ("发到zhang.san@corp.cn即可", "发到z***@corp.cn即可"),
    ],
)
def test_what_stands_in_a_text_is_masked(said: str, shown: str) -> None:
    assert mask_text(said, names=("王小明",)) == shown


@pytest.mark.parametrize(
    "said",
    ["QT26-AB3F-77K2", "91310151MA1JK0001T", "911101080000000017", "2026年11月26日", "投资13800万元"],
)
def test_numbers_that_are_nobodys_stay(said: str) -> None:
    assert mask_text(said) == said


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(alphabet="办件电话，。 \n", max_size=5))
def test_no_mobile_number_survives_in_any_text(number: str, around: str) -> None:
    assert number not in mask_text(f"{around}{number}{around}")


@given(st.text(alphabet="0123456789+-() 张abc", max_size=30))
def test_of_any_number_four_digits_are_hidden_or_all(number: str) -> None:
    shown = mask_phone(number)
    before, after = (re.sub(r"[^0-9]", "", text) for text in (number, shown))
    assert len(after) == 0 or len(before) - len(after) >= 4
    assert not re.search(r"[张abc]", shown)


@given(st.emails())
def test_of_any_mail_address_one_character_of_the_name_is_kept(mail: str) -> None:
    local, _, domain = mail.rpartition("@")
    assert mask_mail(mail) == f"{local[:1]}***@{domain}"


@given(st.text(min_size=1))
def test_of_any_name_one_character_is_kept(name: str) -> None:
    assert len(mask_name(name)) <= 3


def test_a_lifted_veil_shows_all_and_a_drawn_one_nothing() -> None:
    drawn = Veil(names=frozenset({"林小雨"}))
    assert drawn.text("林小雨在等") == "林**在等"
    assert (drawn.name("林小雨"), drawn.phone("13800000001")) == ("林**", "138****0001")
    assert LIFTED.text("林小雨13800000001") == "林小雨13800000001"
