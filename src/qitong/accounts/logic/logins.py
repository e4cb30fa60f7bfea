"""Logins and codes as people type them: blanks, dashes and full-width digits mean nothing."""

from __future__ import annotations

import re
import unicodedata

DIGITS = 6
_SEPARATORS = re.compile(r"[\s\-‐-―()]+")
_PHONE = re.compile(r"\+?[0-9]{7,15}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def normalised(typed: str) -> str:
    """``138 0000 0001`` → ``13800000001``, ``Wang@Corp.CN`` → ``wang@corp.cn``."""
    text = unicodedata.normalize("NFKC", typed).strip().lower()
    together = _SEPARATORS.sub("", text)
    return together if is_phone(together) else text


def is_phone(login: str) -> bool:
    return _PHONE.fullmatch(login) is not None


def is_mail(login: str) -> bool:
    """Shape only; whether mail arrives there, a code sent to it shows."""
    return len(login) <= 100 and _MAIL.fullmatch(login) is not None


def code_of(typed: str) -> str:
    """The six digits in what was typed or pasted; empty when there are not exactly six."""
    text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    return text if len(text) == DIGITS and text.isascii() and text.isdigit() else ""
