"""A name is one line that prints as it is: what steers a terminal or turns a line round is not let in."""

from __future__ import annotations

import unicodedata

from qitong.kernel.errors import Refused, require
from qitong.kernel.words import Sentence, say

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They let what follows be shown in the other direction (Unicode UAX 9)."""


def is_line(text: str) -> bool:
    """Whether ``text`` holds no control character (line breaks and NUL are some) and no half character."""
    return not any(_steers(character) for character in text)


def require_line(value: str, *, field: str, what: Sentence, most: int) -> str:
    """``value`` as :func:`require` gives it; refused (``control``) with control characters in it."""
    text = require(value, field=field, what=what, most=most)
    if not is_line(text):
        raise Refused(controlled(what), code="control", field=field)
    return text


def controlled(what: Sentence | str) -> Sentence:
    return say("{what}须为一行文字，不能含有换行等控制字符。", what=what)


def shown(text: str) -> str:
    """``text`` for a terminal, with what would steer it written as ``\\x1b``; for rows from before."""
    return "".join(repr(character)[1:-1] if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _TURNING
