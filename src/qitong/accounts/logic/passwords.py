"""What a password must be: GB/T 22239-2019 (等保 2.0), 8.1.4.1, and not what others know of its owner."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from qitong.kernel.words import NOTHING, Sentence, say

MIN_LENGTH = 10
MIN_CLASSES = 3
KEPT = 5
"""How many passwords, the present one included, are not taken again."""
SHORTEST_OWN = 4  # letters or digits; of a Chinese name two characters: less would forbid too much


def classes(password: str) -> int:
    """How many of the four classes occur: lower case, upper case, digits, anything else."""
    found = {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "other"
        for c in password
    }
    return len(found)


def why_not_password(password: str) -> Sentence:
    """Return why a password is too weak; empty when it will do."""
    if any(unicodedata.category(character) == "Cc" for character in password):
        return say("密码不能含有控制字符。")
    if len(password) < MIN_LENGTH:
        return say("密码至少{count}位。", count=MIN_LENGTH)
    if classes(password) < MIN_CLASSES:
        return say("密码须包含大写字母、小写字母、数字、符号中的至少三类。")
    return NOTHING


def why_not_own(password: str, own: Iterable[str]) -> Sentence:
    """Why a password must not hold one of its owner's own facts (name, phone number, mail address).

    Of a mail address the part before the ``@`` counts. Case and blanks make no difference.
    """
    folded = _folded(password)
    for fact in own:
        part = _folded(fact.partition("@")[0])
        if len(part) >= (SHORTEST_OWN if part.isascii() else 2) and part in folded:
            return say("密码不能包含自己的姓名、手机号或邮箱名。")
    return NOTHING


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
