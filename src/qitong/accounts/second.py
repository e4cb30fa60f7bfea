"""The second factor: an authenticator app, with recovery codes for the day it is not at hand.

The app's secret is nowhere: like a login code it follows from a random ``nonce`` and the key of this
installation, which the database does not know.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from enum import StrEnum, auto

from django.conf import settings
from django.db import transaction

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.logic import totp
from qitong.accounts.logic.days import shanghai_date
from qitong.accounts.logic.logins import code_of
from qitong.accounts.models import RECOVERY_CODES, RecoveryCode, SecondFactor, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.record import record

REQUIRED = "required"
_RECOVERY_BYTES = 10  # eighty bits: sixteen letters and digits


class Need(StrEnum):
    """What is still asked of somebody who has given the first proof."""

    NOTHING = auto()
    CODE = auto()
    ENROLMENT = auto()


def need(user: User, *, at: dt.datetime) -> Need:
    """A code of whoever has an app; an app of officers who must have one (``QITONG_OFFICER_TOTP``)."""
    if SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists():
        return Need.CODE
    return Need.ENROLMENT if is_required(user, at=at) else Need.NOTHING


def is_required(user: User, *, at: dt.datetime) -> bool:
    """Whether this person may not do without."""
    return settings.OFFICER_TOTP == REQUIRED and actor_for(user, on=shanghai_date(at)).is_officer


def of(user: User) -> SecondFactor | None:
    """The person's factor, confirmed or not."""
    return SecondFactor.objects.filter(user=user).first()


@transaction.atomic
def begin(*, by: Actor, at: dt.datetime) -> SecondFactor:
    """Make a factor for oneself that waits for its first code, or return the one that already waits.

    Refused (``confirmed``) for who has one in use.
    """
    user = _oneself(by)
    factor, _ = SecondFactor.objects.get_or_create(
        user=user, defaults={"nonce": secrets.token_hex(16), "made_at": at}
    )
    if factor.confirmed_at is not None:
        raise _in_use()
    return factor


@transaction.atomic
def confirm(*, code: str, by: Actor, at: dt.datetime) -> list[str]:
    """Take the factor into use by its first code; returns the recovery codes, which are shown this once.

    Refused: none that waits (``no_factor``, ``confirmed``), a wrong code (``second_wrong``).
    """
    user = _oneself(by)
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        raise Refused(say("请先扫描二维码。"), code="no_factor", field="code")
    if factor.confirmed_at is not None:
        raise _in_use()
    step = _step(factor, code, at)
    if step is None:
        raise wrong()
    factor.confirmed_at, factor.last_step = at, step
    factor.save(update_fields=["confirmed_at", "last_step"])
    record(user.ref, "second_factor.confirmed", by=by.ref, at=at, body={})
    return _new_codes(factor)


@transaction.atomic
def renew_codes(*, by: Actor, at: dt.datetime) -> list[str]:
    """Void the recovery codes and make new ones; the caller has had a code of the app checked."""
    user = _oneself(by)
    factor = _confirmed(user)
    factor.recovery_codes.all().delete()
    record(user.ref, "second_factor.codes_renewed", by=by.ref, at=at, body={})
    return _new_codes(factor)


@transaction.atomic
def remove(*, by: Actor, at: dt.datetime) -> None:
    """Do without from now on; refused (``required``) where one must be had."""
    user = _oneself(by)
    factor = _confirmed(user)
    if is_required(user, at=at):
        raise Refused(
            say("工作人员必须使用动态码登录，不能停用。换手机请联系安全管理员重置。"), code="required"
        )
    factor.delete()
    record(user.ref, "second_factor.removed", by=by.ref, at=at, body={})


@transaction.atomic
def reset(*, user: User, reason: str, by: Actor, at: dt.datetime) -> None:
    """For somebody whose phone is gone: a security administrator takes the factor away, with a reason.

    Refused: one's own (``oneself``), nothing to reset (``no_factor``), no reason (``missing``).
    """
    require_allowed(by, Deed.MANAGE_USERS)
    if by.user_id == user.pk:
        raise Refused(say("不能重置自己的动态码，请由另一位安全管理员办理。"), code="oneself")
    why = require(reason, field="reason", what=say("理由"))
    gone, _ = SecondFactor.objects.filter(user=user).delete()
    if not gone:
        raise Refused(say("该账号没有启用动态码。"), code="no_factor")
    record(user.ref, "second_factor.reset", by=by.ref, at=at, body={"reason": why})


def accepts(user: User, typed: str, *, at: dt.datetime) -> bool:
    """Whether this is a code of the app or a recovery code, which is used up by it.

    Inside the caller's transaction, in which the user is locked: the same code is not good twice.
    """
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return False
    if (step := _step(factor, typed, at)) is not None:
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return True
    unused = factor.recovery_codes.filter(digest=_digest(factor, typed), used_at=None)
    if not unused.update(used_at=at):
        return False
    left = factor.recovery_codes.filter(used_at=None).count()
    record(user.ref, "second_factor.recovery_used", by=user.ref, at=at, body={"left": left})
    return True


def wrong() -> Refused:
    return Refused(
        say("动态码不正确或已经用过。请等应用显示下一个动态码再填，并检查手机的时间。"),
        code="second_wrong",
        field="code",
    )


def secret_of(factor: SecondFactor) -> bytes:
    """What the app is given, of the present key."""
    return _secret(factor, settings.SECRET_KEY)


def _secret(factor: SecondFactor, key: str) -> bytes:
    """Twenty bytes (RFC 4226, 4)."""
    derived = hashlib.sha256(f"second factor {key}".encode()).digest()
    return hmac.digest(derived, f"{factor.user_id}|{factor.nonce}".encode(), hashlib.sha256)[:20]


def _step(factor: SecondFactor, typed: str, at: dt.datetime) -> int | None:
    """Of the present key, or of one that was used before (``QITONG_OLD_SECRET_KEYS``)."""
    code = code_of(typed)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS] if code else []
    found = (totp.matching_step(_secret(factor, key), code, at=at, after=factor.last_step) for key in keys)
    return next((step for step in found if step is not None), None)


def _new_codes(factor: SecondFactor) -> list[str]:
    codes = [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=_digest(factor, code)) for code in codes
    )
    return codes


def _grouped(random: bytes) -> str:
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _digest(factor: SecondFactor, code: str) -> str:
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hmac.digest(factor.nonce.encode(), plain.encode(), hashlib.sha256).hex()


def _confirmed(user: User) -> SecondFactor:
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        raise Refused(say("还没有启用动态码。"), code="no_factor")
    return factor


def _in_use() -> Refused:
    return Refused(say("动态码已经启用。"), code="confirmed")


def _oneself(by: Actor) -> User:
    if by.user_id is None or not by.is_person:
        raise Refused(say("请先登录。"), code="forbidden")
    return User.objects.select_for_update().get(pk=by.user_id)
