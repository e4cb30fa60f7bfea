"""The ledger of the copies: each prototype's entries as forms to be filled in, hashed and sealed again.

No Django here either: several processes fill the forms side by side.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from qitong.ledger.logic import chain

_TABLES = {"task": "casework_task", "commitment": "casework_commitment", "notes": "casework_note"}
"""Whose ids the bodies of entries name, by the word they are named with."""
_SLOT = re.compile('"\u9fa3(\\d+)\u9fa5"|\u9fa4(\\d+)\u9fa5')
# Three characters that no text here has, and that search keeps as they are.
_FIXED = 5
STREAM, PREVIOUS, AT, NUMBER, OWNER = range(_FIXED)
"""What every form may need; the rest are ids and addresses of a prototype's own rows."""


@dataclass(frozen=True, slots=True)
class Form:
    """A text with gaps, and which values go into them."""

    text: str
    gaps: tuple[int, ...]

    def fill(self, values: Sequence[str]) -> str:
        if len(self.gaps) > 1:
            filled: str = self.text % itemgetter(*self.gaps)(values)
            return filled
        return self.text % (values[self.gaps[0]],) if self.gaps else self.text % ()

    @classmethod
    def of(cls, text: str) -> Form:
        gaps = tuple(int(a or b) for a, b in _SLOT.findall(text))
        return cls(_SLOT.sub("%s", text.replace("%", "%%")), gaps)


def gap(slot: int) -> str:
    """Stands in a text where a value goes."""
    return f"\u9fa4{slot}\u9fa5"


def number_gap(slot: int) -> str:
    """The same for a whole number, which JSON writes without quotes."""
    return f"\u9fa3{slot}\u9fa5"


@dataclass(frozen=True, slots=True)
class EntryForm:
    """``at`` is in UTC."""

    number: int
    kind: str
    at: dt.datetime
    by: Form
    body: Form
    hashed: Form


@dataclass(slots=True)
class Story:
    """The entries of a prototype, and what the gaps beyond the fixed ones stand for.

    ``own``: (table, ordinal within its case) of a row whose id is meant, or ("", ordinal) for the
    address of the ordinal-th personal text.
    """

    entries: list[EntryForm] = field(default_factory=list)
    own: list[tuple[str, int]] = field(default_factory=list)

    def slot(self, table: str, ordinal: int) -> int:
        if (table, ordinal) not in self.own:
            self.own.append((table, ordinal))
        return _FIXED + self.own.index((table, ordinal))


def story(
    entries: Iterable[tuple[int, str, dt.datetime, str, dict[str, Any]]],
    *,
    own: Mapping[str, Mapping[int | str, int]],
    number: str | None,
    owner: int | None,
    algorithm: str,
) -> Story:
    """The forms of one prototype. ``own`` maps the ids of its rows, by table, to their ordinals."""
    made = Story()
    for n, kind, at, by, body in entries:
        told = _Telling(made, own, number, owner)
        gaps = told.value("", body)
        said = told.text(by)
        facts = {
            "algorithm": algorithm,
            "at": gap(AT),
            "body": gaps,
            "by": said,
            "kind": kind,
            "number": n,
            "prev_hash": gap(PREVIOUS),
            "stream": gap(STREAM),
        }
        canonical = chain.canonical(gaps).decode().replace("\\", "\\\\")
        made.entries.append(
            EntryForm(
                n,
                kind,
                at.astimezone(dt.UTC),
                Form.of(said),
                Form.of(canonical),
                Form.of(chain.canonical(facts).decode()),
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class _Telling:
    story: Story
    own: Mapping[str, Mapping[int | str, int]]
    number: str | None
    owner: int | None

    def value(self, key: str, value: Any) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"digest", "text"}:
                return {**value, "text": gap(self.story.slot("", self.own[""][value["text"]]))}
            return {name: self.value(name, inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.value(key, inner) for inner in value]
        if isinstance(value, str):
            return self.text(value)
        table = _TABLES.get(key)
        if table and isinstance(value, int) and value in self.own[table]:
            return number_gap(self.story.slot(table, self.own[table][value]))
        return value

    def text(self, text: str) -> str:
        if self.owner is not None and text == f"user:{self.owner}":
            return gap(OWNER)
        return text.replace(self.number, gap(NUMBER)) if self.number else text


@dataclass(frozen=True, slots=True)
class Ids:
    """Where a table's copies begin, and how many of them each case has room for."""

    first: int
    room: int

    def of(self, copy: int, ordinal: int) -> int:
        return self.first + copy * self.room + ordinal


def text_id(case: int, ordinal: int) -> str:
    """The address of a copy's personal text; ``copies.TEXT_ID`` says the same in SQL."""
    return f"{case:08x}-{ordinal:04x}-4000-8000-000000000000"


class Writer:
    """Fills the forms: lines for COPY of entries, and of the head of each stream."""

    def __init__(self, key: bytes, algorithm: str, ids: Mapping[str, Ids]) -> None:
        self.key, self.algorithm, self.ids, self.seals = key, algorithm, ids, chain.Seals(key)

    def lines(
        self, told: Story, *, case: int, copy: int, number: str, owner: int, late: int
    ) -> tuple[list[str], str]:
        stream = f"case:{case}"
        values = [stream, chain.BEFORE_THE_FIRST, "", number, f"user:{owner}"]
        values += [
            str(self.ids[table].of(copy, ordinal)) if table else text_id(case, ordinal)
            for table, ordinal in told.own
        ]
        delay, algorithm, seal_of = dt.timedelta(milliseconds=late), self.algorithm, self.seals.of
        first = self.ids["ledger_entry"].of(copy, -1)
        lines, last = [], chain.BEFORE_THE_FIRST
        for entry in told.entries:
            n = entry.number
            values[PREVIOUS] = last
            values[AT] = at = (entry.at + delay).isoformat(timespec="microseconds")
            found = chain.digest(algorithm, entry.hashed.fill(values).encode())
            lines.append(
                f"{first + n}\t{stream}\t{n}\t{entry.kind}\t{at}\t{entry.by.fill(values)}"
                f"\t{entry.body.fill(values)}\t{algorithm}\t{last}\t{found}\t{seal_of(found)}\n"
            )
            last = found
        n = len(told.entries)
        mac = chain.head_mac(self.key, algorithm=algorithm, stream=stream, number=n, entry_hash=last)
        return lines, f"{stream}\t{n}\t{last}\t{algorithm}\t{mac}\n"


class WordsForm:
    """What search reads of a prototype, with gaps for what is each copy's own."""

    def __init__(self, sources: list[list[str]], gaps: Mapping[str, int], fold: Any) -> None:
        said = [[kind, self._gapped(text, gaps)] for kind, text in sources]
        self.sources = Form.of(json.dumps(said, ensure_ascii=False).replace("\\", "\\\\"))
        self.folded = Form.of("\\n".join(filter(None, (fold(text) for _, text in said))))

    @staticmethod
    def _gapped(text: str, gaps: Mapping[str, int]) -> str:
        for token, slot in gaps.items():
            text = text.replace(token, gap(slot))
        return text
