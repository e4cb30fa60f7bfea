"""Codes of an authenticator app: RFC 6238 with SHA-1, steps of thirty seconds, six digits.

That is what every app understands. The codes of one step before and after are good too, for the clocks
of phones differ.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import quote, urlencode

from qitong.accounts.logic.logins import DIGITS

SECONDS = 30
AROUND = 1
ISSUER = "Qitong"


def step_of(at: dt.datetime) -> int:
    """Which step of thirty seconds a moment lies in, counted from 1970."""
    return int(at.timestamp()) // SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a step (RFC 4226, 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8), hashlib.sha1)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, *, at: dt.datetime, after: int) -> int | None:
    """The step whose code this is, among those around ``at`` and later than ``after``; None if none.

    Every candidate is compared, so that the time taken does not tell which was near.
    """
    now, found = step_of(at), None
    for step in range(now - AROUND, now + AROUND + 1):
        if hmac.compare_digest(code_at(secret, step), code) and step > after:
            found = step
    return found


def as_text(secret: bytes) -> str:
    """Base 32 in groups of four, to be typed where no camera is at hand."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, login: str) -> str:
    """The ``otpauth`` address that a QR code carries into the app."""
    label = f"{quote(ISSUER)}:{quote(login)}"
    facts = {
        "secret": as_text(secret).replace(" ", ""),
        "issuer": ISSUER,
        "digits": DIGITS,
        "period": SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(facts)}"
