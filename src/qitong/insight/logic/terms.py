"""The words of the measures: what is counted, and in which of its lives."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A case is measured by the promise to the company, a task by the clock of its department."""

    CASE = "case"
    TASK = "task"


class Standing(StrEnum):
    """``ended``: withdrawn, not accepted, broken off or no longer waited for; in no rate, but shown."""

    OPEN = "open"
    CLOSED = "closed"
    ENDED = "ended"
