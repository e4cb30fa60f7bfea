"""The second factor: RFC 6238 codes, each good once, and recovery codes."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from qitong.accounts import second
from qitong.accounts.logic import totp
from qitong.accounts.logic.roles import Role
from qitong.accounts.login import FAILURES_UNTIL_LOCK, check_login, check_second
from qitong.accounts.models import RecoveryCode, SecondFactor, User
from qitong.kernel.errors import Refused
from tests.accounts import cast

STEP = dt.timedelta(seconds=totp.SECONDS)


@pytest.fixture
def person(db: None) -> User:
    return cast.user()


def code(user: User, at: dt.datetime) -> str:
    return totp.code_at(second.secret_of(user.second_factor), totp.step_of(at))


def enrolled(user: User, at: dt.datetime = cast.AT) -> list[str]:
    second.begin(by=cast.acting(user), at=at)
    return second.confirm(code=code(user, at), by=cast.acting(user), at=at)


def refused(user: User, typed: str, at: dt.datetime) -> str:
    with pytest.raises(Refused) as refusal:
        check_second(user, typed, at=at)
    return refusal.value.code


# RFC 6238, appendix B, the last six of eight digits.
@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, digits: str) -> None:
    at = dt.datetime.fromtimestamp(seconds, dt.UTC)
    assert totp.code_at(b"12345678901234567890", totp.step_of(at)) == digits


def test_a_code_signs_in_and_is_good_once(person: User) -> None:
    enrolled(person)
    at = cast.AT + 2 * STEP
    assert check_second(person, code(person, at), at=at) == person
    assert refused(person, code(person, at), at) == "second_wrong"
    assert refused(person, code(person, at - STEP), at) == "second_wrong"


def test_the_code_it_began_with_does_not_sign_in(person: User) -> None:
    enrolled(person)
    assert refused(person, code(person, cast.AT), cast.AT) == "second_wrong"


def test_a_phone_may_be_a_step_late_or_early_and_no_more(person: User) -> None:
    enrolled(person)
    at = cast.AT + 10 * STEP
    assert refused(person, code(person, at - 2 * STEP), at) == "second_wrong"
    assert refused(person, code(person, at + 2 * STEP), at) == "second_wrong"
    assert check_second(person, code(person, at - STEP), at=at)
    assert check_second(person, code(person, at + STEP), at=at)


def test_a_recovery_code_is_good_once_however_it_is_typed(person: User) -> None:
    codes = enrolled(person)
    assert len(set(codes)) == 10
    assert check_second(person, f" {codes[0].upper().replace('-', ' ')}", at=cast.AT)
    assert refused(person, codes[0], cast.AT) == "second_wrong"
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()
    assert cast.kinds(person.ref).count("second_factor.recovery_used") == 1


def test_five_wrong_codes_lock_although_the_password_was_right_each_time(person: User) -> None:
    enrolled(person)
    at = cast.AT + 9 * STEP
    found = []
    for _ in range(FAILURES_UNTIL_LOCK):
        check_login(person.login, cast.PASSWORD, at=at)
        found.append(refused(person, "wrong", at))
    assert found == ["second_wrong"] * 4 + ["locked"]
    assert refused(person, code(person, at), at) == "locked"
    with pytest.raises(Refused, match="账号已锁定"):
        check_login(person.login, cast.PASSWORD, at=at)


def test_the_first_proof_alone_is_no_login(person: User) -> None:
    enrolled(person)
    check_login(person.login, cast.PASSWORD, at=cast.AT)
    assert cast.kinds(person.ref)[-1] == "login.first_factor"
    assert User.objects.get(pk=person.pk).last_login is None


def test_officers_need_one_where_the_setting_says_so(person: User, settings: Settings) -> None:
    officer = cast.officer(Role.POLICY_EDITOR)
    assert second.need(officer, at=cast.AT) is second.Need.NOTHING
    settings.OFFICER_TOTP = "required"
    assert second.need(officer, at=cast.AT) is second.Need.ENROLMENT
    assert second.need(person, at=cast.AT) is second.Need.NOTHING
    enrolled(officer)
    assert second.need(officer, at=cast.AT) is second.Need.CODE
    with pytest.raises(Refused) as refusal:
        second.remove(by=cast.acting(officer), at=cast.AT)
    assert refusal.value.code == "required"


def test_a_wrong_first_code_takes_nothing_into_use(person: User) -> None:
    second.begin(by=cast.acting(person), at=cast.AT)
    wrong = f"{(int(code(person, cast.AT)) + 1) % 1_000_000:06}"
    with pytest.raises(Refused) as refusal:
        second.confirm(code=wrong, by=cast.acting(person), at=cast.AT)
    assert (refusal.value.code, refusal.value.field) == ("second_wrong", "code")
    assert second.need(person, at=cast.AT) is second.Need.NOTHING


def test_new_recovery_codes_void_the_old(person: User) -> None:
    old = enrolled(person)
    new = second.renew_codes(by=cast.acting(person), at=cast.AT)
    assert refused(person, old[0], cast.AT) == "second_wrong"
    assert check_second(person, new[0], at=cast.AT)


def test_the_security_administrator_resets_it_with_a_reason_but_not_their_own(person: User) -> None:
    guard = cast.officer(Role.SECURITY_ADMINISTRATOR)
    enrolled(person)
    enrolled(guard)
    by = cast.acting(guard)
    for user, reason, said in ((person, " ", "missing"), (guard, "换手机", "oneself")):
        with pytest.raises(Refused) as refusal:
            second.reset(user=user, reason=reason, by=by, at=cast.AT)
        assert refusal.value.code == said
    with pytest.raises(Refused, match="安全管理员"):
        second.reset(user=guard, reason="好奇", by=cast.acting(person), at=cast.AT)
    second.reset(user=person, reason="手机丢失", by=by, at=cast.AT)
    assert cast.kinds(person.ref)[-1] == "second_factor.reset"
    assert not SecondFactor.objects.filter(user=person).exists()


def test_after_a_new_key_the_app_works_as_long_as_the_old_one_is_named(
    person: User, settings: Settings
) -> None:
    enrolled(person)
    at, old = cast.AT + 5 * STEP, settings.SECRET_KEY
    typed = code(person, at)
    settings.SECRET_KEY = "another-key-of-this-installation"
    assert refused(person, typed, at) == "second_wrong"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert check_second(person, typed, at=at)
