"""Personal data as it is shown to who has not asked for it: enough to recognise, too little to use.

GB/T 35273-2020, 7.2: what a screen or a paper shows of personal data is de-identified, on the server, so
that nobody learns it in passing. This is the only place where that is done. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

STARS = "****"
_HIDDEN_DIGITS = 4
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
# The birthday tells a resident's number (GB 11643) from a company's credit code of digits alone.
_ID = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_MOBILE = re.compile(r"(?<![\dA-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![\dA-Za-z])")
_LANDLINE = re.compile(r"(?<![\dA-Za-z])(?:\(0\d{2,3}\) ?|0\d{2,3}[ -]?)[2-9]\d{6,7}(?![\dA-Za-z])")


def mask_name(name: str) -> str:
    """``王小明`` and ``王芳`` → ``王**``: not even how long it is."""
    name = name.strip()
    return f"{name[:1] if len(name) > 1 else ''}**" if name else ""


def mask_phone(phone: str) -> str:
    """``13812345678`` → ``138****5678``, ``021-59621234`` → ``021-****1234``; whatever is no digit, sign or
    space becomes a star, for such a field may hold anything.

    Four digits at least are hidden, all of them where there are no more than seven.
    """
    digits = sum(char.isdigit() for char in phone)
    first, last = (3, 4) if digits >= 3 + _HIDDEN_DIGITS + 4 else (0, 3 if digits > 7 else 0)
    shown, seen = [], 0
    for char in phone.strip():
        seen += char.isdigit()
        keeps = char.isdigit() and (seen <= first or seen > digits - last)
        shown.append(char if keeps or (digits and char in "+-() ") else "*")
    return "".join(shown)


def mask_mail(mail: str) -> str:
    """``zhang@example.com`` → ``z***@example.com``; without an ``@`` nothing is kept."""
    local, at, domain = mail.strip().rpartition("@")
    return f"{local[:1]}***@{domain}" if at else STARS if mail.strip() else ""


def mask_login(login: str) -> str:
    """Whichever of the two it is."""
    return mask_mail(login) if "@" in login else mask_phone(login)


def mask_id(number: str) -> str:
    """``310151198001011234`` → ``310*************34``: no birthday, no sequence."""
    number = number.strip()
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """What somebody wrote, with the numbers, addresses and ``names`` in it masked."""
    text = replaced(text, mail=mask_mail, number=mask_id, phone=mask_phone)
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, mask_name(name))
    return text


def replaced(
    text: str, *, mail: Callable[[str], str], number: Callable[[str], str], phone: Callable[[str], str]
) -> str:
    """``text`` with each mail address, identity number and phone number in it put through these."""
    text = _MAIL.sub(lambda found: mail(found[0]), text)
    text = _ID.sub(lambda found: number(found[0]), text)
    for pattern in (_MOBILE, _LANDLINE):
        text = pattern.sub(lambda found: phone(found[0]), text)
    return text


@dataclass(frozen=True, slots=True)
class Veil:
    """How one reader sees one thing's personal data. ``names`` are those known to stand in its texts."""

    lifted: bool = False
    names: frozenset[str] = frozenset()

    def name(self, value: str) -> str:
        return value if self.lifted else mask_name(value)

    def phone(self, value: str) -> str:
        return value if self.lifted else mask_phone(value)

    def login(self, value: str) -> str:
        return value if self.lifted else mask_login(value)

    def text(self, value: str) -> str:
        return value if self.lifted else mask_text(value, self.names)


LIFTED = Veil(lifted=True)
"""For who sees their own, and for the program itself."""
