"""Codes of six digits that prove a phone number or mail address is somebody's.

Asking looks at nobody's account: whoever asks, known or not, gets the same answer after the same work.
Whose code it is, :func:`addressed` finds out later, in the background, and only then is it sent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import IntegrityError, transaction

from qitong.accounts.logic.logins import DIGITS, code_of, is_mail, is_phone, normalised
from qitong.accounts.models import CODE_TRIES, Ended, LoginCode, Purpose, Stranger, User
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record

VALID = dt.timedelta(minutes=10)
PAUSE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
A_HOUR = 5
KEPT = dt.timedelta(days=1)
_SYSTEM = "system:login_codes"


def ask(*, login: str, at: dt.datetime) -> LoginCode:
    """Note that a code is wanted to sign in as ``login``, and end the one before.

    Refused: no phone number or mail address (``login``), sooner than a minute after the last one or
    more than five an hour (``too_soon``; the sentence says when again).
    """
    whose = normalised(login)
    if not (is_phone(whose) or is_mail(whose)):
        raise Refused(say("请填写手机号或邮箱。"), code="login", field="login")
    return _ask(whose=whose, purpose=Purpose.SIGN_IN, address=whose, user=None, at=at)


def ask_for_address(*, user: User, address: str, at: dt.datetime) -> LoginCode:
    """Note that ``user`` wants to be reached at a new ``address``; refused as :func:`ask` is."""
    there = normalised(address)
    if not (is_phone(there) or is_mail(there)):
        raise Refused(say("请填写手机号或邮箱。"), code="address", field="address")
    return _ask(whose=user.ref, purpose=Purpose.NEW_ADDRESS, address=there, user=user, at=at)


def ask_for_registration(*, phone: str, at: dt.datetime) -> LoginCode:
    """Note that a company is to be registered with this number; refused as :func:`ask` is."""
    whose = normalised(phone)
    if not (is_phone(whose) or is_mail(whose)):
        raise Refused(say("请填写手机号或邮箱。"), code="login", field="phone")
    return _ask(whose=whose, purpose=Purpose.REGISTRATION, address=whose, user=None, at=at)


def ask_for_password(*, user: User, at: dt.datetime) -> LoginCode:
    """Note that ``user`` wants to set a password; the code goes to where they sign in from."""
    return _ask(whose=user.ref, purpose=Purpose.NEW_PASSWORD, address=user.login, user=user, at=at)


@transaction.atomic
def _ask(*, whose: str, purpose: Purpose, address: str, user: User | None, at: dt.datetime) -> LoginCode:
    codes = LoginCode.objects.filter(whose=whose, purpose=purpose)
    lately = codes.filter(asked_at__gt=at - HOUR).order_by("-asked_at").values_list("asked_at", flat=True)
    last = list(lately[:A_HOUR])
    if last and at < last[0] + PAUSE:
        raise _too_soon(last[0] + PAUSE, at)
    if len(last) == A_HOUR:
        raise _too_soon(last[-1] + HOUR, at)
    codes.filter(ended="").update(ended=Ended.REPLACED)
    try:
        with transaction.atomic():
            return LoginCode.objects.create(
                whose=whose,
                purpose=purpose,
                address=address,
                user=user,
                nonce=secrets.token_hex(16),
                asked_at=at,
                expires_at=at + VALID,
            )
    except IntegrityError as error:  # asked for twice at the same moment
        raise _too_soon(at + PAUSE, at) from error


@transaction.atomic
def addressed(*, code_id: int, at: dt.datetime) -> LoginCode | None:
    """The code with the account it is for; None when nobody may have it (any longer).

    Nobody has the login; the account is closed or locked, which its stream records; too late.
    """
    code = LoginCode.objects.select_for_update().filter(pk=code_id).first()
    if code is None or not is_open(code, at=at):
        return None
    user = code.user or User.objects.filter(login=code.whose).first()
    if user is None:
        return None
    if reason := _why_not(user, at):
        record(user.ref, "login.refused", by=_SYSTEM, at=at, body={"reason": reason, "method": "code"})
        return None
    if code.user is None:
        code.user = user
        code.save(update_fields=["user"])
    return code


def is_open(code: LoginCode, *, at: dt.datetime) -> bool:
    """Whether the code may still be used."""
    return not code.ended and at < code.expires_at


def digits(code: LoginCode) -> str:
    """The code itself: what is sent, and what is compared with (RFC 4226, truncated HMAC)."""
    text = "|".join((code.purpose, code.whose, code.address, code.nonce))
    mac = hmac.digest(_key(), text.encode(), hashlib.sha256)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def was_sent(*, code: LoginCode, channel: str, at: dt.datetime) -> None:
    """Record, in the caller's transaction, that the provider has accepted the code."""
    if code.user is not None:
        body = {"purpose": code.purpose, "channel": channel}
        record(code.user.ref, "login.code_sent", by=_SYSTEM, at=at, body=body)


def spent(typed: str, *, whose: str, purpose: Purpose, at: dt.datetime) -> LoginCode | Refused:
    """The open code, used up by its digits; else why it is not. In the caller's transaction.

    Refused: no open code (``code_expired``), a wrong one (``code_wrong``, ``code_void``). It is returned, not
    raised, so that a wrong try stays counted.
    """
    code = find(whose=whose, purpose=purpose, at=at)
    if code is None:
        return expired()
    if not matches(code, typed):
        return wrong(code)
    use(code)
    return code


def find(*, whose: str, purpose: Purpose, at: dt.datetime) -> LoginCode | None:
    """The open code, locked for the caller's transaction."""
    open_codes = LoginCode.objects.select_for_update().filter(whose=whose, purpose=purpose, ended="")
    return open_codes.filter(expires_at__gt=at).first()


def matches(code: LoginCode, typed: str) -> bool:
    """Whether these are its digits; a wrong try is counted, and the fifth makes the code void."""
    if hmac.compare_digest(digits(code), code_of(typed)):
        return True
    code.wrong += 1
    if code.wrong >= CODE_TRIES:
        code.ended = Ended.VOID
    code.save(update_fields=["wrong", "ended"])
    return False


def use(code: LoginCode) -> None:
    """A code is good once."""
    code.ended = Ended.USED
    code.save(update_fields=["ended"])


def expired() -> Refused:
    return Refused(say("验证码已失效，请重新获取。"), code="code_expired", field="code")


def wrong(code: LoginCode) -> Refused:
    """Why the try just counted was refused."""
    if code.ended:
        return Refused(
            say("验证码连续{count}次不正确，已经作废，请重新获取。", count=CODE_TRIES),
            code="code_void",
            field="code",
        )
    return Refused(
        say("验证码不正确，还可以试{left}次。", left=CODE_TRIES - code.wrong), code="code_wrong", field="code"
    )


def digest_of(login: str) -> str:
    """What stands for a login that nobody has."""
    return hmac.digest(_key(), login.encode(), hashlib.sha256).hex()


@transaction.atomic
def clear(*, at: dt.datetime) -> int:
    """Delete codes and strangers of more than a day ago: means, not records; how many."""
    codes, _ = LoginCode.objects.filter(asked_at__lt=at - KEPT).delete()
    strangers, _ = Stranger.objects.filter(tried_at__lt=at - KEPT).delete()
    return codes + strangers


def _why_not(user: User, at: dt.datetime) -> str:
    if not user.is_active:
        return "closed"
    return "locked" if user.locked_until is not None and user.locked_until > at else ""


def _too_soon(again: dt.datetime, at: dt.datetime) -> Refused:
    if again - at <= PAUSE:
        seconds = max(1, -(-(again - at) // dt.timedelta(seconds=1)))
        sentence = say("验证码刚刚发送过，请{seconds}秒后再获取。", seconds=seconds)
    else:
        sentence = say("获取验证码的次数太多，请于{again}之后再获取，或者用密码登录。", again=again)
    return Refused(sentence, code="too_soon")


def _key() -> bytes:
    return hashlib.sha256(f"login codes {settings.SECRET_KEY}".encode()).digest()
