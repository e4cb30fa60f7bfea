"""The job that judges again what is due. Found by procrastinate, which imports ``jobs`` of every app."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from qitong.accounts.actors import Actor
from qitong.policies import recheck

WAITING = "policies.recheck"


@app.task(
    name="policies.recheck",
    lock=WAITING,
    queueing_lock=WAITING,
    retry=RetryStrategy(max_attempts=8, exponential_wait=2),
)
def recheck_due() -> None:
    """Do all that is due, in batches; what a dead worker left is gone on with."""
    recheck.run(by=Actor.system("policies"), at=timezone.now())
