"""Signing in, and being locked out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from qitong.accounts import officers
from qitong.accounts.login import FAILURES_UNTIL_LOCK, check_login
from qitong.accounts.models import User
from qitong.kernel.errors import Refused
from tests.accounts import cast

WRONG = "wrong"
LOCK = dt.timedelta(minutes=30)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def person(db: None) -> User:
    return officers.create_user(person=cast.newcomer(login="wang@corp.cn"), by=cast.SYSTEM, at=cast.AT)


def fail(at: dt.datetime = cast.AT, login: str = "wang@corp.cn", password: str = WRONG) -> Refused:
    with pytest.raises(Refused) as refusal:
        check_login(login, password, at=at)
    return refusal.value


def test_the_right_password_signs_in_whatever_the_case_of_the_login(person: User) -> None:
    assert check_login(" Wang@corp.CN", cast.PASSWORD, at=cast.AT) == person
    assert User.objects.get().last_login == cast.AT
    assert cast.kinds(person.ref)[-1] == "login.succeeded"


def test_an_unknown_login_is_answered_like_a_wrong_password(person: User) -> None:
    assert str(fail()) == str(fail(login="nobody@corp.cn"))


def test_the_fifth_failure_locks_for_half_an_hour(person: User) -> None:
    codes = [fail().code for _ in range(FAILURES_UNTIL_LOCK)]
    assert codes == ["login_failed"] * 4 + ["locked"]
    assert cast.kinds(person.ref)[1:] == ["login.failed"] * 4 + ["login.locked"]
    assert fail(cast.AT + LOCK - SECOND, password=cast.PASSWORD).code == "locked"
    assert check_login(person.login, cast.PASSWORD, at=cast.AT + LOCK) == person


def test_a_success_forgets_the_failures_before_it(person: User) -> None:
    for _ in range(FAILURES_UNTIL_LOCK - 1):
        fail()
    check_login(person.login, cast.PASSWORD, at=cast.AT)
    assert fail().code == "login_failed"


def test_a_new_password_lifts_the_lock(person: User) -> None:
    for _ in range(FAILURES_UNTIL_LOCK):
        fail()
    officers.set_password(user=person, password="Other-310151", by=cast.SYSTEM, at=cast.AT)
    assert check_login(person.login, "Other-310151", at=cast.AT) == person


def test_a_closed_account_is_told_so_only_with_the_right_password(person: User) -> None:
    officers.close_user(user=person, by=cast.SYSTEM, at=cast.AT)
    assert fail().code == "login_failed"
    assert fail(password=cast.PASSWORD).code == "closed"


# The last has three classes: only Django's list of common passwords knows it.
@pytest.mark.parametrize("password", ["Ab1-Ab1-x", "abcdefghij", "ABCdefghij", "1234567890a", "Password123"])
def test_a_weak_password_opens_no_account(db: None, password: str) -> None:
    with pytest.raises(Refused) as refusal:
        officers.create_user(person=cast.newcomer(password=password), by=cast.SYSTEM, at=cast.AT)
    assert (refusal.value.code, refusal.value.field) == ("weak_password", "password")
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["Abcdef1234", "abcdef-123", "密码密码密码Ab1-"])
def test_three_of_four_classes_will_do(settings: Settings, password: str) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": "qitong.accounts.login.ThreeClassesValidator"}]
    validate_password(password)


def test_djangos_forms_know_the_rule(settings: Settings) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": "qitong.accounts.login.ThreeClassesValidator"}]
    with pytest.raises(ValidationError, match="三类"):
        validate_password("abcdefghij")
