"""On time: what is done when. Each tick is done once, however many workers run.

Ticks are short intervals, so time zones do not matter to them; what has an hour of the day is under
``NIGHTLY`` and looks for what is due and not yet done, so a night without a worker is made up for.
What other packages clean up for themselves (the API its idempotency keys) they schedule themselves.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from qitong.accounts.actors import Actor
from qitong.automation import nightly, stalled
from qitong.casework import sweep
from qitong.notifications import sending
from qitong.policies import calling, lapsing, outlooks, recheck


class Work(Protocol):
    def __call__(self, *, at: dt.datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Timer:
    """``cron`` has a sixth field for seconds where five are too coarse. ``alone``: never two at once."""

    name: str
    cron: str
    work: Work
    alone: bool = True


def sweep_cases(*, at: dt.datetime) -> None:
    """Reminders, and what the law lets happen by itself: casework/sweep.py."""
    sweep.run(by=Actor.system("sweep"), at=at)


def send_waiting(*, at: dt.datetime) -> None:
    """Messages whose sending failed, or died with its worker."""
    sending.send(at=at)


def judge_again(*, at: dt.datetime) -> None:
    """What is due of who can get what: days that came, facts out of date, what a dead worker left."""
    recheck.run(by=Actor.system("policies"), at=at)
    lapsing.run(by=Actor.system("policies"), at=at)


def look_ahead(*, at: dt.datetime) -> None:
    """Who would qualify in the quarters to come, counted where something was published or is a week old."""
    outlooks.run(at=at)


def call_windows(*, at: dt.datetime) -> None:
    """Companies of a window that opened, or is about to close."""
    calling.run(by=Actor.system("policies"), at=at)


ON_TIME: tuple[Timer, ...] = (
    # not alone: if it died with its worker, its own lock would keep everything locked
    Timer("retry_stalled", "* * * * * */15", stalled.retry, alone=False),
    Timer("send_waiting", "* * * * *", send_waiting),
    Timer("sweep", "*/5 * * * *", sweep_cases),
    Timer("policies", "*/5 * * * *", judge_again),
    Timer("windows", "*/5 * * * *", call_windows),
    Timer("foresight", "*/5 * * * *", look_ahead),
    Timer("nightly", "*/15 * * * *", nightly.run_due),
)

NIGHTLY = nightly.NIGHTLY
"""After two o'clock in Shanghai, once a day, in this order: see ``nightly.py``."""
