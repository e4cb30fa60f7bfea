"""Due dates as a calendar that phones can subscribe to (RFC 5545): all-day events, nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PRODUCT = "-//Qitong//Due dates//EN"
OCTETS = 75
"""The longest line, without its line break (RFC 5545, 3.1)."""
_BREAK = "\r\n"
_ZONE = (
    *("BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T000000"),
    *("TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "END:STANDARD", "END:VTIMEZONE"),
)
"""In a calendar in which nothing is due: it has to hold a component at least (RFC 5545, 3.6)."""
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True, slots=True)
class Day:
    """One thing that is due on a day. ``uid`` stays the same as long as it is the same thing."""

    uid: str
    on: dt.date
    summary: str
    description: str = ""
    url: str = ""
    alarms: tuple[dt.timedelta, ...] = ()
    """When to remind, from the beginning of the day; before it when negative."""


def calendar(name: str, days: Iterable[Day], *, at: dt.datetime) -> str:
    """The whole calendar. What is done is left out, which takes it off the subscriber's phone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    lines += [f"NAME:{escape(name)}", f"X-WR-CALNAME:{escape(name)}"]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H"]
    events = [line for day in days for line in _event(day, at)]
    lines += events or _ZONE
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + _BREAK for line in lines)


def _event(day: Day, at: dt.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(day.uid)}"
    yield f"DTSTAMP:{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_date(day.on)}"
    yield f"DTEND;VALUE=DATE:{_date(day.on + dt.timedelta(days=1))}"
    yield f"SUMMARY:{escape(day.summary)}"
    if day.description:
        yield f"DESCRIPTION:{escape(day.description)}"
    if day.url:
        yield f"URL:{_one_line(day.url)}"
    yield "TRANSP:TRANSPARENT"
    for alarm in day.alarms:
        yield from _alarm(alarm, day.summary)
    yield "END:VEVENT"


def _alarm(after: dt.timedelta, text: str) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escape(text)}"
    yield f"TRIGGER:{_duration(after)}"
    yield "END:VALARM"


def _duration(length: dt.timedelta) -> str:
    """RFC 5545, 3.3.6, to the minute: ``PT9H0M``, ``-P13DT15H0M``."""
    minutes = round(abs(length) / dt.timedelta(minutes=1))
    days, minutes = divmod(minutes, 24 * 60)
    sign, whole = "-" if length < dt.timedelta(0) else "", f"{days}D" if days else ""
    return f"{sign}P{whole}T{minutes // 60}H{minutes % 60}M"


def _date(day: dt.date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def escape(text: str) -> str:
    """A TEXT value (3.3.11): line breaks become ``\\n``, other control characters go."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPES.get(c, c) for c in plain if c in "\n\t" or not _is_control(c))


def _one_line(text: str) -> str:
    return "".join(c for c in text if not _is_control(c))


def _is_control(character: str) -> bool:
    return ord(character) < 32 or ord(character) == 127


def fold(line: str) -> str:
    """Break a content line so that no line is longer than 75 octets and no character is cut in two."""
    parts: list[str] = []
    part, room = "", OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append(part)
            part, room = "", OCTETS - 1  # the blank that continues a line counts
        part += character
        room -= size
    parts.append(part)
    return f"{_BREAK} ".join(parts)
