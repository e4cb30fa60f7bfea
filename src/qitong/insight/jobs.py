"""Jobs of insight: large exports are made here, one at a time each, again after a crash."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from qitong.accounts.actors import Actor
from qitong.insight import exports
from qitong.kernel.words import say

TRIES = 4
logger = logging.getLogger(__name__)


@app.task(
    name=exports.JOB,
    pass_context=True,
    retry=RetryStrategy(max_attempts=TRIES, exponential_wait=3),
)
def make_export(context: JobContext, export_id: int) -> None:
    """Make one; what fails again and again is said to be failed, with a way to try it once more."""
    by, at = Actor.system("export"), timezone.now()
    try:
        exports.make(export_id, by=by, at=at)
    except Exception:
        if context.job is None or context.job.attempts + 1 < TRIES:
            raise
        logger.exception("export %s failed", export_id)
        exports.fail(export_id, say("系统没有做成，您的数据没有变化。请重试。"), by=by, at=at)
