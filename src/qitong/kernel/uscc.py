"""The unified social credit code of an enterprise (GB 32100-2015).

Eighteen characters: registering department (1), kind of body (2), division code when issued (3–8),
subject code (9–17), check character (18). The division never says where the body is today.
"""

from __future__ import annotations

from qitong.kernel.words import NOTHING, Sentence, say

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
DEPARTMENTS = "123456789ANY"  # N: village collectives, registered by the agriculture department
LENGTH = 18

_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def normalise(text: str) -> str:
    """Return the code as it is stored: half width, upper case, without blanks and hyphens."""
    half = text.translate(_FULL_WIDTH)
    return "".join(half.split()).replace("-", "").upper()


def check_character(first17: str) -> str:
    """Return character 18 for characters 1–17; ValueError for any other length or alphabet."""
    if len(first17) != len(_WEIGHTS):
        raise ValueError("expected 17 characters")
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def why_not(code: str) -> Sentence:
    """Return why a (normalised) code is not valid; empty when it is."""
    if len(code) != LENGTH:
        return say("统一社会信用代码应为18位，现为{count}位。", count=len(code))
    for place, character in enumerate(code, start=1):
        if character not in ALPHABET:
            return say(
                "统一社会信用代码第{place}位“{character}”有误：只用数字和大写字母，不用 I、O、S、V、Z。",
                place=place,
                character=character,
            )
    if code[0] not in DEPARTMENTS:
        return say("统一社会信用代码第1位（登记管理部门代码）“{character}”有误。", character=code[0])
    if not code[2:8].isdigit():
        return say("统一社会信用代码第3至8位（行政区划代码）应为数字。")
    if code[17] != check_character(code[:17]):
        return say("统一社会信用代码的校验位不符，请逐位核对营业执照。")
    return NOTHING
