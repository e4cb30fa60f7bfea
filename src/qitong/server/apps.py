from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.apps import AppConfig
from django.utils import timezone, translation
from django.utils.translation import gettext

from qitong.kernel import words

_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def show(value: object) -> str:
    """A parameter of a sentence as a reader of the active language expects it."""
    english = (translation.get_language() or "").startswith("en")
    if isinstance(value, words.Named):
        return value.en if english else value.zh
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value, ZoneInfo("Asia/Shanghai"))
        return f"{show(local.date())} {local:%H:%M}"
    if isinstance(value, dt.date):
        weekday = _WEEKDAYS["en" if english else "zh"][value.weekday()]
        if english:
            return f"{weekday} {value.day} {value:%B %Y}"
        return f"{value.year}年{value.month}月{value.day}日（{weekday}）"
    if isinstance(value, (list, tuple, frozenset, set)):
        return (", " if english else "、").join(show(v) for v in value)
    return str(value)


class ServerConfig(AppConfig):
    name = "qitong.server"
    label = "server"

    def ready(self) -> None:
        words.install(gettext, show)
