"""The calendar is what RFC 5545 asks for, whatever the texts contain."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from qitong.casework.logic.ical import Day, calendar, escape, fold
from tests.casework.ical_reading import unfold

AT = dt.datetime(2026, 3, 3, 2, 5, 9, tzinfo=dt.UTC)
LINES = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=400)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(LINES)
def test_folded_lines_fit_and_unfold_to_what_they_were(line: str) -> None:
    folded = fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert unfold(folded) == [line]


@given(TEXTS)
def test_an_escaped_text_is_one_line_and_reads_back(text: str) -> None:
    escaped = escape(text)
    assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", escaped)
    back = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], escaped)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert back == re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", plain)


@given(
    st.lists(
        st.builds(Day, uid=TEXTS, on=st.dates(max_value=dt.date(9999, 1, 1)), summary=TEXTS),
        min_size=1,
        max_size=5,
    )
)
def test_texts_never_become_properties(days: list[Day]) -> None:
    lines = unfold(calendar("企通", days, at=AT))
    names = {re.split("[:;]", line, maxsplit=1)[0] for line in lines if line}
    assert names <= {
        *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME"),
        *("REFRESH-INTERVAL", "X-PUBLISHED-TTL", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP"),
    }
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(days)


def test_a_calendar_in_which_nothing_is_due_is_still_one() -> None:
    lines = unfold(calendar("企通", [], at=AT))
    assert "BEGIN:VEVENT" not in lines
    assert [line for line in lines if line.startswith("BEGIN:")] == [
        *("BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "BEGIN:STANDARD")
    ]
    assert "BEGIN:VTIMEZONE" not in unfold(
        calendar("企通", [Day("a@qitong", dt.date(2026, 12, 31), "答复")], at=AT)
    )


def test_an_event_as_it_is_sent() -> None:
    day = Day(
        "a@qitong", dt.date(2026, 12, 31), "答复, 补充; 要求", "第一行\n第二行", "https://qitong.example/a"
    )
    assert calendar("企通", [day], at=AT) == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Qitong//Due dates//EN\r\nCALSCALE:GREGORIAN\r\n"
        "NAME:企通\r\nX-WR-CALNAME:企通\r\n"
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\nX-PUBLISHED-TTL:PT4H\r\n"
        "BEGIN:VEVENT\r\nUID:a@qitong\r\nDTSTAMP:20260303T020509Z\r\n"
        "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"
        "SUMMARY:答复\\, 补充\\; 要求\r\nDESCRIPTION:第一行\\n第二行\r\nURL:https://qitong.example/a\r\n"
        "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
