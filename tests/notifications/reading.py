"""Messages as a test reads them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from qitong.accounts.models import User
from qitong.demo.stage import Stage
from qitong.notifications.channels import Outgoing
from qitong.notifications.models import Message
from tests.automation.queue import react_to_all

COMPANY, CLERK = "91310151MA1JK0001T", "13800000001"
OFFICER = "wang.fang@qitong.example"


def letter_to(**changed: Any) -> Outgoing:
    """What an adapter is given, with the address the test gives it."""
    given = {
        "key": uuid.uuid4(),
        "at": dt.datetime(2026, 3, 3, 2, tzinfo=dt.UTC),
        "to": "user:7",
        "phone": "",
        "email": "",
        "language": "zh-hans",
        "text": "已受理。",
        "subject": "企通",
        "letter": "已受理。",
        "template": "case.accept.1",
        "variables": {},
    }
    return Outgoing(**{**given, **changed})


def told(stage: Stage, login: str) -> list[str]:
    """What this person was told so far, oldest first, after everything waiting was done."""
    react_to_all(stage.at)
    user = stage.cast.user(login)
    return [str(m.sentence) for m in Message.objects.filter(recipient=user).order_by("pk")]


def told_who(text: str) -> set[str]:
    """The names of those who were told a sentence with ``text`` in it."""
    found = {m.recipient_id for m in Message.objects.all() if text in str(m.sentence)}
    return set(User.objects.filter(pk__in=found).values_list("name", flat=True))
