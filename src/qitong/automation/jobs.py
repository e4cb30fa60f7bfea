"""The two tables as jobs. Found by procrastinate, which imports ``jobs`` of every app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from qitong.automation import reactions, stale
from qitong.automation.schedule import ON_TIME, Timer
from qitong.ledger.models import Entry

# Two seconds, four, … about four minutes. The stream waits meanwhile, for its reactions keep their order.
UNTIL_DONE = RetryStrategy(max_attempts=8, exponential_wait=2)


@app.task(name="automation.react", retry=UNTIL_DONE)
def react(entry_ids: list[int]) -> None:
    """Do what follows from these ledger entries."""
    reactions.react(entry_ids, at=timezone.now())


def defer_reactions(entries: Sequence[Entry]) -> None:
    """One job for what was recorded together, in the transaction that recorded it.

    Its lock is the stream: what follows from one case follows in order. Entries recorded together in
    many streams (a sweep) are one job without a lock.
    """
    wanted = reactions.wanted(entries)
    if not wanted:
        return
    stale.note(reactions.outdated(wanted))
    streams = {entry.stream for entry in wanted}
    lock = streams.pop() if len(streams) == 1 else None
    react.configure(lock=lock).defer(entry_ids=[entry.pk for entry in wanted])


def _schedule(timer: Timer) -> None:
    """Make the timer a periodic job; procrastinate defers each tick once for all workers."""

    def tick(timestamp: int) -> None:
        timer.work(at=timezone.now())

    lock = f"time:{timer.name}" if timer.alone else None
    task = app.task(name=f"time.{timer.name}", lock=lock)(tick)
    app.periodic(cron=timer.cron)(task)


for _timer in ON_TIME:
    _schedule(_timer)
