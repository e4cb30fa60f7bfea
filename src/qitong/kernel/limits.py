"""The words of a time limit: its unit, what may pause it, office hours, and what falls due.

:mod:`qitong.kernel.workdays` reckons with them and hands them on; import them from there.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

SHANGHAI = ZoneInfo("Asia/Shanghai")


class LimitUnit(StrEnum):
    """``wd`` working days, ``cd`` calendar days, ``none`` no handling limit."""

    WD = "wd"
    CD = "cd"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Limit:
    """``days`` ≥ 0 in ``unit``; 0 working days is "on the spot". Refuses (``negative``) less."""

    days: int
    unit: LimitUnit = LimitUnit.WD

    def __post_init__(self) -> None:
        if self.days < 0:
            raise Refused(say("时限不能为负数。"), code="negative", field="days")

    @property
    def runs(self) -> bool:
        """Whether there is anything to count; without it nothing falls due."""
        return self.unit is not LimitUnit.NONE

    def say(self) -> Sentence:
        """The limit for a person; one day is a text of its own, because English has a singular."""
        match self.unit, self.days:
            case LimitUnit.WD, 1:
                return say("1个工作日")
            case LimitUnit.CD, 1:
                return say("1个自然日")
            case LimitUnit.WD, _:
                return say("{days}个工作日", days=self.days)
            case LimitUnit.CD, _:
                return say("{days}个自然日", days=self.days)
            case _:
                return say("无办理时限")


class PauseReason(StrEnum):
    """Why a clock may stand still: a closed list, because each needs its ground.

    All but the last two are 行政许可法 art. 45, chosen by an officer. ``awaiting_supplement`` (art. 32)
    and ``result_delivered`` (between a delivery and a reopening) follow from the course of the case.
    """

    HEARING = "hearing"
    BIDDING = "bidding"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"
    PUBLIC_NOTICE = "public_notice"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    RESULT_DELIVERED = "result_delivered"

    @property
    def stops_promise(self) -> bool:
        """Whether the promise to the enterprise stands still too, or only a department's task."""
        return self is not PauseReason.AWAITING_SUPPLEMENT

    @property
    def basis(self) -> Sentence:
        """The ground, to be told to the applicant in writing (art. 45)."""
        match self:
            case PauseReason.AWAITING_SUPPLEMENT:
                return say("《行政许可法》第三十二条（一次性告知补正）")
            case PauseReason.RESULT_DELIVERED:
                return say("结果已送达企业，重新办理前不计时")
            case PauseReason.PUBLIC_NOTICE:
                # Art. 45 does not name public notice; the rules of the item that requires it do.
                return say("该事项的公示规定，参照《行政许可法》第四十五条")
            case _:
                return say("《行政许可法》第四十五条")

    def say(self) -> Sentence:
        """The name shown to people."""
        return _REASONS[self]


_REASONS = {
    PauseReason.HEARING: say("听证"),
    PauseReason.BIDDING: say("招标"),
    PauseReason.AUCTION: say("拍卖"),
    PauseReason.INSPECTION: say("检验"),
    PauseReason.TESTING: say("检测"),
    PauseReason.QUARANTINE: say("检疫"),
    PauseReason.APPRAISAL: say("鉴定"),
    PauseReason.EXPERT_REVIEW: say("专家评审"),
    PauseReason.PUBLIC_NOTICE: say("公示"),
    PauseReason.AWAITING_SUPPLEMENT: say("等待补正"),
    PauseReason.RESULT_DELIVERED: say("结果已送达"),
}


@dataclass(frozen=True, slots=True)
class Pause:
    """Days in [start, end) do not count; ``end=None`` is still open and runs to today.

    Opened and closed on one day it costs nothing. Refuses (``pause_order``) an end before the start.
    """

    reason: PauseReason
    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise Refused(say("暂停的结束日期不能早于开始日期。"), code="pause_order", field="end")

    def end_or(self, today: dt.date | None) -> dt.date:
        """The first day that counts again; ``ValueError`` for an open pause without ``today``."""
        if self.end is not None:
            return self.end
        if today is None:
            raise ValueError("an open pause needs today")
        return today


def promise_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Those that also stop the promise to the enterprise; a task's clock takes all of them."""
    return tuple(pause for pause in pauses if pause.reason.stops_promise)


@dataclass(frozen=True, slots=True)
class Spans:
    """Disjoint closed-open ranges of day ordinals, in order."""

    ranges: tuple[tuple[int, int], ...]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.ranges)

    def cover(self, ordinal: int) -> bool:
        """Whether the day lies in one of the ranges."""
        i = bisect_right(self.ranges, (ordinal, 10**9)) - 1
        return i >= 0 and ordinal < self.ranges[i][1]


def paused_spans(pauses: Iterable[Pause], *, after: dt.date, today: dt.date | None) -> Spans:
    """The days after ``after`` that pauses take out, overlapping pauses counted once."""
    merged: list[tuple[int, int]] = []
    floor = after.toordinal() + 1
    raw = sorted((p.start.toordinal(), p.end_or(today).toordinal()) for p in pauses)
    for start, end in raw:
        low = max(start, floor, merged[-1][1] if merged else floor)
        if low >= end:
            continue
        if merged and merged[-1][1] == low:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((low, end))
    return Spans(tuple(merged))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a department works, in Shanghai time; ``cut_off`` moves the last minute of receipt earlier.

    Refuses (``office_hours``) hours that do not follow each other.
    """

    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(17, 30)
    cut_off: dt.time | None = None

    def __post_init__(self) -> None:
        if not self.opens <= (self.cut_off or self.closes) <= self.closes or self.opens == self.closes:
            raise Refused(
                say("办公时间应先开始后结束，截止时间应在两者之间。"), code="office_hours", field="closes"
            )


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, whether a year still without a notice was touched, and the days paused out."""

    on: dt.date
    provisional: bool
    paused_days: int
