"""What goes into the places of a sentence, as a reader of Chinese or of English expects it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from qitong.kernel.words import Named

_PLACE = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def shown(value: object, *, english: bool) -> str:
    """A day with its weekday, a moment as it is in Shanghai, a name in the language, several as a list."""
    if isinstance(value, Named):
        return value.en if english else value.zh
    if isinstance(value, dt.datetime):
        local = value.astimezone(_PLACE)
        return f"{shown(local.date(), english=english)} {local:%H:%M}"
    if isinstance(value, dt.date):
        weekday = _WEEKDAYS["en" if english else "zh"][value.weekday()]
        if english:
            return f"{weekday} {value.day} {value:%B %Y}"
        return f"{value.year}年{value.month}月{value.day}日（{weekday}）"
    if isinstance(value, (list, tuple, frozenset, set)):
        return (", " if english else "、").join(shown(each, english=english) for each in value)
    return str(value)
