"""Jobs of notifications, deferred in the transaction of the messages they send."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from procrastinate.contrib.django import app

from qitong.notifications import sending


@app.task(name="notifications.send")
def send(delivery_ids: list[int]) -> None:
    """Try these deliveries once. What fails is tried again by :func:`sending.send` on time."""
    sending.send(at=timezone.now(), delivery_ids=delivery_ids)


def defer_sending(delivery_ids: Sequence[int]) -> None:
    """Have the deliveries sent once the present transaction has committed; nothing for none."""
    if delivery_ids:
        send.defer(delivery_ids=list(delivery_ids))
