"""Jobs: judge again what is due, count what a draft would bring. Procrastinate finds them in ``jobs``."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from qitong.accounts.actors import Actor
from qitong.policies import consequences, recheck


@app.task(
    name=recheck.JOB,
    lock=recheck.JOB,
    queueing_lock=recheck.JOB,
    retry=RetryStrategy(max_attempts=8, exponential_wait=2),
)
def recheck_due() -> None:
    """Do all that is due, in batches; what a dead worker left is gone on with."""
    recheck.run(by=Actor.system("policies"), at=timezone.now())


@app.task(name="policies.count", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def count_consequences(count_id: int) -> None:
    """Count what a draft would bring about, on from where a dead worker stopped."""
    consequences.run(count_id, at=timezone.now())


def defer_count(count_id: int) -> None:
    """Have it counted once the present transaction has committed."""
    count_consequences.configure(lock=f"policies.count:{count_id}").defer(count_id=count_id)
