"""What the API clears away by itself: packages do not know each other, so each schedules its own."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

KEPT = dt.timedelta(days=2)
"""How long a retried POST is answered as before: longer than any client keeps trying."""


@app.periodic(cron="17 * * * *")
@app.task(name="api.purge_keys")
def purge_keys(timestamp: int) -> None:
    """Forget old idempotency keys; whatever is missed now is taken in an hour."""
    from qitong.api import idempotency  # late: the worker need not load the API to start

    idempotency.purge(before=timezone.now() - KEPT)
