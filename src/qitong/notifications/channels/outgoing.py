"""What every adapter is given, and how it says that the provider did not take it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes out: ``text`` in the reader's language; the addresses may be empty.

    ``key`` is the same at every try of one message: a provider that has seen it does nothing again.
    ``at`` is the moment of this try. ``template`` names the sentence and ``variables`` what fills it,
    in the order of its places; ``subject`` and ``letter`` are the text as a mail says it. ``stop`` is the
    address at which its sort is stopped, empty for what cannot be.
    """

    key: uuid.UUID
    at: dt.datetime
    to: str
    phone: str
    email: str
    language: str
    text: str
    subject: str
    letter: str
    template: str
    variables: Mapping[str, str]
    stop: str = ""


class NotNowError(Exception):
    """The provider did not take the message; it may take it later."""


class NeverError(Exception):
    """The provider will not take this message however often it is tried."""


class Adapter(Protocol):
    """Brings one message to the provider and returns once the provider has accepted it.

    Raises :class:`NotNowError` or :class:`NeverError` when it has not.
    """

    def send(self, message: Outgoing) -> None: ...
