"""What an actor knows, and how many questions that costs."""

from __future__ import annotations

import pytest

from qitong.accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_login_is_kept_in_lower_case() -> None:
    User.objects.create(login="a@b.cn", name="甲")
    assert User.objects.get_by_natural_key(" A@B.cn ").name == "甲"
