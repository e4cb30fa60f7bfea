"""What a password must be: GB/T 22239-2019 (等保 2.0), 8.1.4.1."""

from __future__ import annotations

from qitong.kernel.words import NOTHING, Sentence, say

MIN_LENGTH = 8
MIN_CLASSES = 3


def classes(password: str) -> int:
    """How many of the four classes occur: lower case, upper case, digits, anything else."""
    found = {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "other"
        for c in password
    }
    return len(found)


def why_not_password(password: str) -> Sentence:
    """Return why a password is too weak; empty when it will do."""
    if len(password) < MIN_LENGTH:
        return say("密码至少{count}位。", count=MIN_LENGTH)
    if classes(password) < MIN_CLASSES:
        return say("密码须包含大写字母、小写字母、数字、符号中的至少三类。")
    return NOTHING
