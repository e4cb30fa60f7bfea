"""What lists show of personal data."""

from __future__ import annotations

import pytest

from qitong.accounts.logic.masking import mask_login, mask_name


@pytest.mark.parametrize(("name", "shown"), [("王小明", "王**"), ("李四", "李*"), ("王", "*"), ("", "*")])
def test_a_name_keeps_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("login", "shown"),
    [
        ("13812345678", "138****5678"),
        ("zhang@corp.cn", "z***@corp.cn"),
        ("5551234", "5***"),
    ],
)
def test_a_login_keeps_too_little_to_be_used(login: str, shown: str) -> None:
    assert mask_login(login) == shown
