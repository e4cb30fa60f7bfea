"""The seam to the outside: one adapter per channel, each a file of this folder.

A real provider (mail, SMS, DingTalk …) gets an adapter, a member of ``models.Channel`` and its name
in the setting ``NOTIFY_CHANNELS``. In development everything goes to its twin ``console``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from qitong.notifications.channels.console import Console
from qitong.notifications.models import Channel


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes out: ``text`` in the reader's language; the addresses may be empty.

    ``key`` is the same at every try of one message: a provider that has seen it does nothing again.
    """

    key: uuid.UUID
    to: str
    phone: str
    email: str
    text: str


class NotNowError(Exception):
    """The provider did not take the message; it may take it later."""


class NeverError(Exception):
    """The provider will not take this message however often it is tried."""


class Adapter(Protocol):
    """Brings one message to the provider and returns once the provider has accepted it.

    Raises :class:`NotNowError` or :class:`NeverError` when it has not.
    """

    def send(self, message: Outgoing) -> None: ...


ADAPTERS: dict[Channel, Adapter] = {Channel.CONSOLE: Console()}
"""The channels that leave this system. In the app, the message's own row is what is shown."""


def enabled(adapters: Mapping[Channel, Adapter] = ADAPTERS) -> tuple[Channel, ...]:
    """The channels every message goes to besides the app itself.

    The setting ``NOTIFY_CHANNELS`` (a list of names); without it the console in development and
    none in production. Raises ImproperlyConfigured for a name that has no adapter.
    """
    production = getattr(settings, "PRODUCTION", True)
    names = getattr(settings, "NOTIFY_CHANNELS", [] if production else [Channel.CONSOLE.value])
    unknown = [name for name in names if name not in Channel.values or Channel(name) not in adapters]
    if unknown:
        raise ImproperlyConfigured(f"NOTIFY_CHANNELS names no channel of ours: {', '.join(unknown)}")
    return tuple(Channel(name) for name in names)
