"""The jobs of notifications: send what waits, and bring a code to whoever waits for it."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from qitong.notifications import codes, sending
from qitong.notifications.channels import ADAPTERS, NeverError

WAITING = "notifications.send"


@app.task(name="notifications.send", queueing_lock=WAITING)
def send() -> None:
    """Send what is due; with more than one batch waiting, another job takes the next."""
    if sending.send(at=timezone.now()) == sending.BATCH:
        defer_sending()


@app.task(name=codes.JOB, retry=RetryStrategy(max_attempts=5, wait=5))
def bring_code(code_id: int) -> None:
    """Send a code that was just asked for; it does not queue behind other messages."""
    message = codes.message_for(code_id, at=timezone.now())
    if message is not None:
        sending.send(at=timezone.now(), message=message)


@app.task(name=codes.REGISTRATION_JOB, retry=RetryStrategy(max_attempts=5, wait=5))
def bring_registration_code(code_id: int, language: str) -> None:
    """Send the code with which a company is registered; a number that the provider never takes is left."""
    found = codes.to_stranger(code_id, language=language, at=timezone.now())
    if found is not None:
        channel, message = found
        with suppress(NeverError):
            ADAPTERS[channel].send(message)


def defer_sending() -> None:
    """Have waiting messages sent soon after the present transaction has committed.

    One waiting job is enough for all that commits before it starts. Should this process die first,
    the timer ``send_waiting`` finds them: the messages themselves are what is not lost.
    """
    transaction.on_commit(_defer)


def _defer() -> None:
    if ProcrastinateJob.objects.filter(queueing_lock=WAITING, status="todo").exists():
        return
    try:
        with transaction.atomic():
            send.defer()
    except AlreadyEnqueued:
        return
