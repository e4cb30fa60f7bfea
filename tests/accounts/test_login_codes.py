"""Signing in with a code of six digits."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts import login_codes, officers
from qitong.accounts.login import FAILURES_UNTIL_LOCK, check_code, check_login
from qitong.accounts.models import CODE_TRIES, LoginCode, Stranger, User
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.accounts import cast

LOGIN, NOBODY = "13800001111", "13900002222"
LOCK = dt.timedelta(minutes=30)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def person(db: None) -> User:
    return officers.create_user(person=cast.newcomer(login=LOGIN), by=cast.SYSTEM, at=cast.AT)


def asked(login: str = LOGIN, at: dt.datetime = cast.AT) -> str:
    """The digits as they would be sent."""
    return login_codes.digits(login_codes.ask(login=login, at=at))


def other(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06}"


def refused(login: str, code: str, at: dt.datetime = cast.AT) -> Refused:
    with pytest.raises(Refused) as refusal:
        check_code(login, code, at=at)
    return refusal.value


def ask_refused(login: str, at: dt.datetime) -> Refused:
    with pytest.raises(Refused) as refusal:
        login_codes.ask(login=login, at=at)
    return refusal.value


def test_the_code_signs_in_once(person: User) -> None:
    digits = asked()
    assert check_code(LOGIN, digits, at=cast.AT) == person
    entry = Entry.objects.get(stream=person.ref, kind="login.succeeded")
    assert entry.body == {"method": "code"}
    assert refused(LOGIN, digits).code == "code_expired"


@pytest.mark.parametrize("shape", ["{0}{1} {2}{3} {4}{5}", " {0}{1}{2}-{3}{4}{5}\n", "full width"])
def test_pasted_blanks_and_full_width_digits_are_understood(person: User, shape: str) -> None:
    digits = asked(" 138 0000-1111 ")
    wide = digits.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert check_code(LOGIN, wide if shape == "full width" else shape.format(*digits), at=cast.AT) == person


def test_it_is_good_for_ten_minutes(person: User) -> None:
    digits = asked()
    assert refused(LOGIN, digits, cast.AT + login_codes.VALID).code == "code_expired"
    assert check_code(LOGIN, digits, at=cast.AT + login_codes.VALID - MINUTE / 60) == person


def test_it_is_good_for_one_login_only(person: User) -> None:
    officers.create_user(person=cast.newcomer(login=NOBODY), by=cast.SYSTEM, at=cast.AT)
    digits = asked()
    assert asked(NOBODY) != digits
    assert refused(NOBODY, digits).code == "code_wrong"


def test_what_is_not_six_digits_is_no_try(person: User) -> None:
    digits = asked()
    for typed in ("", "12345", "1234567", "abcdef", "12345६"):
        assert refused(LOGIN, typed).code == "code"
    assert LoginCode.objects.get().wrong == 0
    assert check_code(LOGIN, digits, at=cast.AT) == person


def test_the_fifth_wrong_try_voids_the_code_and_locks_the_account(person: User) -> None:
    digits = asked()
    codes = [refused(LOGIN, other(digits)).code for _ in range(CODE_TRIES)]
    assert codes == ["code_wrong"] * 4 + ["locked"]
    assert cast.kinds(person.ref)[-5:] == ["login.failed"] * 4 + ["login.locked"]
    assert refused(LOGIN, digits, cast.AT + LOCK - MINUTE).code == "locked"
    assert refused(LOGIN, digits, cast.AT + LOCK).code == "code_expired"


def test_wrong_codes_and_wrong_passwords_are_counted_together(person: User) -> None:
    for _ in range(FAILURES_UNTIL_LOCK - 1):
        with pytest.raises(Refused):
            check_login(LOGIN, "wrong", at=cast.AT)
    assert refused(LOGIN, other(asked())).code == "locked"


def test_a_new_code_replaces_the_one_before(person: User) -> None:
    first = asked()
    second = asked(at=cast.AT + MINUTE)
    assert refused(LOGIN, first, cast.AT + MINUTE).code == "code_wrong"
    assert check_code(LOGIN, second, at=cast.AT + MINUTE) == person


def test_it_is_sent_again_at_most_once_a_minute_and_five_times_an_hour(person: User) -> None:
    asked()
    refusal = ask_refused(LOGIN, cast.AT + MINUTE / 2)
    assert (refusal.code, str(refusal)) == ("too_soon", "验证码刚刚发送过，请30秒后再获取。")
    for n in range(1, login_codes.A_HOUR):
        asked(at=cast.AT + n * MINUTE)
    refusal = ask_refused(LOGIN, cast.AT + 10 * MINUTE)
    assert "11:00" in str(refusal)
    assert asked(at=cast.AT + login_codes.HOUR)


def test_a_login_that_nobody_has_is_answered_and_locked_the_same(person: User) -> None:
    answers = []
    for login in (LOGIN, NOBODY):
        digits = asked(login)
        wrong = [refused(login, other(digits)) for _ in range(CODE_TRIES)]
        again = ask_refused(login, cast.AT)
        answers.append([(r.code, r.field, str(r)) for r in [*wrong, refused(login, digits), again]])
    assert answers[0] == answers[1]
    assert Stranger.objects.get().locked_until == cast.AT + LOCK


def test_even_the_right_digits_let_nobody_in_where_there_is_no_account(db: None) -> None:
    digits = asked(NOBODY)
    assert refused(NOBODY, digits).code == "code_wrong"
    assert login_codes.addressed(code_id=LoginCode.objects.get().pk, at=cast.AT) is None


def test_a_closed_account_gets_no_code(person: User) -> None:
    officers.close_user(user=person, by=cast.SYSTEM, at=cast.AT)
    digits = asked()
    assert login_codes.addressed(code_id=LoginCode.objects.get().pk, at=cast.AT) is None
    assert refused(LOGIN, digits).code == "closed"


def test_a_locked_account_gets_no_code(person: User) -> None:
    for _ in range(FAILURES_UNTIL_LOCK):
        with pytest.raises(Refused):
            check_login(LOGIN, "wrong", at=cast.AT)
    asked()
    assert login_codes.addressed(code_id=LoginCode.objects.get().pk, at=cast.AT) is None
    assert Entry.objects.get(stream=person.ref, kind="login.refused").body["reason"] == "locked"


def test_neither_the_database_nor_the_ledger_holds_the_code(person: User) -> None:
    digits = asked()
    check_code(LOGIN, digits, at=cast.AT)
    row = LoginCode.objects.values().get()
    assert not any(digits in str(value) for name, value in row.items() if name != "nonce")
    assert not any(digits in str(entry.body) for entry in Entry.objects.all())


def test_a_day_later_nothing_of_it_is_kept(person: User) -> None:
    asked()
    refused(NOBODY, other(asked(NOBODY)))
    assert login_codes.clear(at=cast.AT + dt.timedelta(hours=23)) == 0
    assert login_codes.clear(at=cast.AT + dt.timedelta(hours=25)) == 3
    assert not LoginCode.objects.exists()
    assert not Stranger.objects.exists()
