"""The light and the sentence why: "day n of m, the ball is with X, missing: Y"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qitong.casework.logic.clock import warn_day
from qitong.casework.logic.flow import CaseState, TaskState
from qitong.kernel.limits import Limit
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.kernel.workdays import Calendar, LimitUnit, Pause, elapsed, promise_pauses


class Colour(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PAUSED = "paused"
    DONE = "done"
    NONE = "none"


COLOUR_WORDS: dict[Colour, Sentence] = {
    Colour.GREEN: say("按期"),
    Colour.AMBER: say("即将到期"),
    Colour.RED: say("超期"),
    Colour.PAUSED: say("暂停计时"),
    Colour.DONE: say("已结束"),
    Colour.NONE: say("未开始计时"),
}


@dataclass(frozen=True, slots=True)
class Light:
    colour: Colour
    sentence: Sentence

    @property
    def word(self) -> Sentence:
        return COLOUR_WORDS[self.colour]


@dataclass(frozen=True, slots=True)
class CaseClock:
    """What the light of a case is decided from. ``ball`` is who has to act, ``missing`` what is owed."""

    state: CaseState
    start: dt.date | None
    days: int
    unit: LimitUnit
    due_on: dt.date | None
    ball: object
    missing: Sequence[object] = ()
    pauses: Sequence[Pause] = ()
    ended_on: dt.date | None = None
    reply_due_on: dt.date | None = None


def colour(calendar: Calendar, today: dt.date, due_on: dt.date, days: int) -> Colour:
    if today > due_on:
        return Colour.RED
    if today >= warn_day(calendar, due_on, days):
        return Colour.AMBER
    return Colour.GREEN


def _tail(missing: Sequence[object]) -> Sentence:
    return say("；缺：{missing}", missing=tuple(missing)) if missing else NOTHING


def case_light(calendar: Calendar, clock: CaseClock, today: dt.date) -> Light:
    """The promise to the company as one light."""
    state = clock.state
    if state is CaseState.DRAFT:
        return Light(Colour.NONE, say("草稿，提交后开始计时。"))
    if state in (CaseState.SUBMITTED, CaseState.CORRECTION):
        return _before_acceptance(calendar, clock, today)
    if clock.start is None or clock.due_on is None:
        return Light(Colour.DONE, say("已结束。"))
    if state not in (CaseState.IN_REVIEW, CaseState.AWAITING_DECISION, CaseState.APPROVED):
        return _finished(clock)
    stopped = [p for p in clock.pauses if p.end is None and p.reason.stops_promise]
    if stopped:
        return Light(
            Colour.PAUSED,
            say("因{reason}暂停计时，{ball}负责推进。", reason=stopped[0].reason.say(), ball=clock.ball),
        )
    return Light(colour(calendar, today, clock.due_on, clock.days), _running(calendar, clock, today))


def _running(calendar: Calendar, clock: CaseClock, today: dt.date) -> Sentence:
    start, due_on = clock.start, clock.due_on
    if start is None or due_on is None:
        return NOTHING
    params = {
        "total": clock.days,
        "ball": clock.ball,
        "due": due_on,
        "tail": _tail(clock.missing),
    }
    n = elapsed(calendar, start, today, promise_pauses(clock.pauses), unit=clock.unit)
    if today > due_on:
        late = Limit(calendar.between(due_on, today)).say()
        return say("已超期{late}（应于{due}办结），现由{ball}负责推进{tail}。", late=late, **params)
    if n == 0:
        limit = Limit(clock.days, clock.unit).say()
        return say("次日起计{limit}，应于{due}前办结，现由{ball}负责推进{tail}。", limit=limit, **params)
    if clock.unit is LimitUnit.CD:
        return say(
            "第{n}天，共{total}天（自然日），应于{due}前办结，现由{ball}负责推进{tail}。", n=n, **params
        )
    return say("第{n}个工作日，共{total}个，应于{due}前办结，现由{ball}负责推进{tail}。", n=n, **params)


def _before_acceptance(calendar: Calendar, clock: CaseClock, today: dt.date) -> Light:
    if clock.state is CaseState.CORRECTION:
        return Light(
            Colour.PAUSED,
            say("等待企业补正{tail}。补齐提交后开始计时。", tail=_tail(clock.missing)),
        )
    reply = clock.reply_due_on
    if reply is None:
        return Light(Colour.NONE, NOTHING)
    return Light(
        colour(calendar, today, reply, 5),
        say("{ball}应于{due}前答复是否受理{tail}。", ball=clock.ball, due=reply, tail=_tail(clock.missing)),
    )


def _finished(clock: CaseClock) -> Light:
    if clock.ended_on is None or clock.due_on is None:
        return Light(Colour.DONE, say("已结束。"))
    if clock.ended_on > clock.due_on:
        return Light(
            Colour.DONE,
            say("{ended}出结果，晚于承诺的{due}。", ended=clock.ended_on, due=clock.due_on),
        )
    return Light(
        Colour.DONE,
        say("{ended}出结果，承诺期限为{due}。", ended=clock.ended_on, due=clock.due_on),
    )


def task_light(
    calendar: Calendar,
    *,
    state: TaskState,
    due_on: dt.date | None,
    days: int,
    department: object,
    paused: Sentence = NOTHING,
    today: dt.date,
) -> Light:
    """A department's own clock as one light."""
    if state in (TaskState.DONE, TaskState.DROPPED):
        return Light(Colour.DONE, say("已结束。"))
    if state is TaskState.WAITING or due_on is None:
        return Light(Colour.NONE, say("前面的步骤完成后开始。"))
    if paused:
        return Light(Colour.PAUSED, say("因{reason}暂停计时。", reason=paused))
    shade = colour(calendar, today, due_on, days)
    if state is TaskState.RETURNED:
        return Light(shade, say("{department}已退单，等待改派。", department=department))
    if shade is Colour.RED:
        late = Limit(calendar.between(due_on, today)).say()
        return Light(shade, say("{department}已超期{late}。", department=department, late=late))
    return Light(shade, say("{department}应于{due}前完成。", department=department, due=due_on))
