"""YAML that is nearly a catalogue or a year of the calendar: a right one, spoilt somewhere."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml
from hypothesis import strategies as st

from qitong.catalogue.check import PACKAGED
from tests.fuzz.nasty import NASTY

LONG = 40_000
SPOILT = (
    *(text for text in NASTY if len(text) < LONG),
    *(
        "*a",
        "&a x",
        "!!binary aGk=",
        "!!python/object:os.system x",
        "!!set {a}",
        "<<: {a: b}",
        "? [a]\n: b",
        "\t- x",
    ),
    *(
        ".nan",
        ".inf",
        "0o17",
        "1:30",
        "2026-03-03 12:00:00",
        "'unclosed",
        "[" * 30,
        "{a: " * 30,
        "|\n  x",
        "---\n...",
    ),
    *('"\\ud800"', '"\\x00"', "~", "yes", "- " * 40),
)
YEAR = """year: 2027
notice: 国办发明电〔2026〕9号
holidays:
  - 2027-01-01 元旦
  - 2027-02-05..2027-02-11 春节
  - {from: 2027-05-01, to: 2027-05-05, name: 劳动节}
make_up_days: [2027-02-14]
"""


@cache
def right() -> str:
    """A catalogue of one item that needs no other, and of as little beside as is allowed."""
    found: dict[str, Any] = {}
    for file in sorted(PACKAGED.glob("*.yaml")):
        for section, value in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            found[section] = [*found.get(section, ()), *value] if isinstance(value, list) else value
    found["items"] = [item for item in found["items"] if item["code"] == "business_licence"]
    said = yaml.safe_dump([found["items"], found["promises"], found["intake"]])
    kept = [code for code in found["departments"] if re.search(rf"\b{code}\b", said)]
    found["departments"] = {code: found["departments"][code] for code in kept}
    found["facts"] = type(found["facts"])()
    found["milestones"] = type(found["milestones"])()
    return yaml.safe_dump(found, allow_unicode=True, sort_keys=False)


@st.composite
def spoilt(draw: st.DrawFn, whole: str) -> str:
    """A line, a value or a stretch of it replaced, doubled or left out."""
    lines = whole.splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        how = draw(st.sampled_from(["value", "drop", "double", "indent", "whole"]))
        head, colon, _rest = line.partition(":")
        if how == "value" and colon:
            lines[at] = f"{head}: {draw(st.sampled_from(SPOILT))}"
        elif how == "drop":
            lines[at] = ""
        elif how == "double":
            lines.insert(at, line)
        elif how == "indent":
            lines[at] = " " * draw(st.integers(0, 6)) + line.lstrip()
        else:
            lines[at] = draw(st.sampled_from(SPOILT))
    return "\n".join(lines)


catalogue_texts = st.deferred(lambda: spoilt(right()))
calendar_texts = spoilt(YEAR)
