"""What a new password must not be: short, common, one's own name or number, or an old one."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts import officers
from qitong.accounts.logic.passwords import KEPT
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import PastPassword, User
from qitong.kernel.errors import Refused
from tests.accounts import cast


@pytest.fixture
def person(db: None) -> User:
    new = cast.newcomer(name="王小明", login="13812345678", email="wang.xm@corp.cn")
    return officers.create_user(person=new, by=cast.SYSTEM, at=cast.AT)


def set_to(user: User, password: str, minutes: int = 0) -> None:
    at = cast.AT + dt.timedelta(minutes=minutes)
    officers.set_password(user=user, password=password, by=cast.acting(user), at=at)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Ab1-Ab1-x", "至少10位"),
        ("Password1234", "过于常见"),
        ("Tide-13812345678", "不能包含"),
        ("王小明-Ab1-xyz", "不能包含"),
        ("WANG.xm-2026-x", "不能包含"),
    ],
)
def test_a_weak_one_is_refused_with_its_reason(person: User, password: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        set_to(person, password)
    assert (refusal.value.code, refusal.value.field) == ("weak_password", "password")


def test_the_last_five_are_not_taken_again(person: User) -> None:
    every = [cast.PASSWORD, *(f"Reed-bed-{n}-2026" for n in range(KEPT))]
    for minutes, password in enumerate(every[1:], 1):
        set_to(person, password, minutes)
    for password in every[1:]:
        with pytest.raises(Refused) as refusal:
            set_to(person, password, 60)
        assert (refusal.value.code, refusal.value.field) == ("used_password", "password")
    set_to(person, every[0], 61)
    assert person.check_password(every[0])
    assert PastPassword.objects.count() == KEPT


def test_old_passwords_are_kept_as_hashes_only(person: User) -> None:
    set_to(person, "Reed-bed-2026-x")
    assert cast.PASSWORD not in PastPassword.objects.get().hashed


def test_the_security_administrator_lifts_a_lock(person: User) -> None:
    guard = cast.acting(cast.officer(Role.SECURITY_ADMINISTRATOR))
    with pytest.raises(Refused) as refusal:
        officers.unlock(user=person, by=guard, at=cast.AT)
    assert refusal.value.code == "not_locked"
    User.objects.filter(pk=person.pk).update(locked_until=cast.AT + dt.timedelta(minutes=9))
    officers.unlock(user=person, by=guard, at=cast.AT)
    assert User.objects.get(pk=person.pk).locked_until is None
    assert cast.kinds(person.ref)[-1] == "login.unlocked"
    with pytest.raises(Refused, match="安全管理员"):
        officers.unlock(user=person, by=cast.acting(person), at=cast.AT)
