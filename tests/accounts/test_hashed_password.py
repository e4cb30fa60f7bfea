from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password

from qitong.accounts import officers
from qitong.accounts.login import check_login
from qitong.kernel.errors import Refused
from tests.accounts.cast import AT, PASSWORD, SYSTEM, newcomer

pytestmark = pytest.mark.django_db


def test_an_account_that_moves_in_with_the_hash_of_its_password_signs_in_with_it() -> None:
    person = newcomer(password="", hashed=make_password(PASSWORD))
    user = officers.create_user(person=person, by=SYSTEM, at=AT)
    assert check_login(login=user.login, password=PASSWORD, at=AT) == user


def test_what_is_not_a_hash_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        officers.create_user(person=newcomer(hashed=PASSWORD), by=SYSTEM, at=AT)
    assert refused.value.code == "weak_password"
