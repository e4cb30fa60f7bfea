"""Where a policy stands on a day: in force or not, superseded, and whether its window is open.

None of this changes an outcome: an expired policy is not "not eligible". Days are those of Shanghai;
validity is kept closed-open (``until`` is the first day on which it no longer holds).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """As its editors know it."""

    ACTIVE = "active"
    VERIFY = "verify"
    """In force, but a person checks the rule before anything is paid on it."""
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    ABOLISHED = "abolished"


class Force(StrEnum):
    """On a day."""

    COMING = "coming"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    ABOLISHED = "abolished"


class WindowState(StrEnum):
    NONE = "none"
    """Applied for at any time, or enjoyed without applying."""
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """Applications are taken from ``opens`` until the day before ``until``."""

    opens: dt.date
    until: dt.date

    @property
    def last(self) -> dt.date:
        return self.until - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Validity:
    status: Status
    since: dt.date
    until: dt.date | None
    successor_since: dt.date | None = None
    """From when the policy that supersedes it is in force."""
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """``window`` is the one that is open, else the next, else the last."""

    force: Force
    to_be_verified: bool
    window_state: WindowState
    window: Window | None

    @property
    def in_force(self) -> bool:
        return self.force is Force.IN_FORCE

    @property
    def deadline(self) -> dt.date | None:
        """The last day of a window that is open or coming."""
        return self.window.last if self.window and self.window_state is not WindowState.CLOSED else None


def standing(validity: Validity, on: dt.date) -> Standing:
    force = _force(validity, on)
    window = _window(validity.windows, on)
    return Standing(force, validity.status is Status.VERIFY, _state(window, on), window)


def _force(validity: Validity, on: dt.date) -> Force:
    if on < validity.since:
        return Force.COMING
    if validity.until is None or on < validity.until:
        replaced = validity.successor_since is not None and on >= validity.successor_since
        return Force.SUPERSEDED if replaced else Force.IN_FORCE
    if validity.status is Status.SUPERSEDED:
        return Force.SUPERSEDED
    return Force.ABOLISHED if validity.status is Status.ABOLISHED else Force.EXPIRED


def _window(windows: tuple[Window, ...], on: dt.date) -> Window | None:
    ahead = [window for window in windows if on < window.until]
    if ahead:
        return min(ahead, key=lambda window: window.opens)
    return max(windows, key=lambda window: window.opens, default=None)


def _state(window: Window | None, on: dt.date) -> WindowState:
    if window is None:
        return WindowState.NONE
    if on < window.opens:
        return WindowState.COMING
    return WindowState.OPEN if on < window.until else WindowState.CLOSED
