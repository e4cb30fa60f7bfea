"""What a list of cases is cut by: read from an address, written back to one, and said as a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlencode

from qitong.casework.logic.flow import CASE_STATE_WORDS, OPEN_STATES, CaseState
from qitong.casework.logic.light import COLOUR_WORDS, Colour
from qitong.kernel.words import NOTHING, Sentence, say

OPEN, ANY = "open", "any"
REQUEST = "request"
"""In place of an item's code: free requests."""
LIGHTS = (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.PAUSED, Colour.DONE)
LONGEST_TEXT = 100
Range = tuple[dt.date | None, dt.date | None]


class Scope(StrEnum):
    MINE = "mine"
    DEPARTMENT = "department"
    ALL = "all"


class Due(StrEnum):
    """When the next promised date lies."""

    PAST = "past"
    TODAY = "today"
    WEEK = "week"
    NEXT_WEEK = "next_week"
    MONTH = "month"


class Sort(StrEnum):
    DUE = "due"
    RECEIVED = "received"


DUE_WORDS: dict[Due, Sentence] = {
    Due.PAST: say("已过期限"),
    Due.TODAY: say("今天到期"),
    Due.WEEK: say("本周到期"),
    Due.NEXT_WEEK: say("下周到期"),
    Due.MONTH: say("本月到期"),
}
SORT_WORDS: dict[Sort, Sentence] = {
    Sort.DUE: say("最急的在前"),
    Sort.RECEIVED: say("最近收到的在前"),
}
_OPEN_WORDS = {
    Scope.MINE: say("我的在办办件"),
    Scope.DEPARTMENT: say("本部门的在办办件"),
    Scope.ALL: say("全部在办办件"),
}
_ANY_WORDS = {
    Scope.MINE: say("我的办件，不论状态"),
    Scope.DEPARTMENT: say("本部门的办件，不论状态"),
    Scope.ALL: say("全部办件，不论状态"),
}
_STATE_WORDS = {
    Scope.MINE: say("我的办件中“{state}”的"),
    Scope.DEPARTMENT: say("本部门办件中“{state}”的"),
    Scope.ALL: say("全部办件中“{state}”的"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """``state`` is a state of a case, or one of OPEN and ANY; ``item`` an item's code, or REQUEST.

    ``sort`` None: by due date where things are under way, by receipt where they are over.
    """

    scope: Scope = Scope.MINE
    state: str = OPEN
    lights: tuple[Colour, ...] = ()
    item: str = ""
    due: Due | None = None
    unread: bool = False
    text: str = ""
    sort: Sort | None = None

    @classmethod
    def read(cls, given: Mapping[str, Sequence[str]]) -> Filter:
        """From the parameters of an address. What is not known counts as not given: old links still open."""

        def one(name: str) -> str:
            return given[name][-1] if given.get(name) else ""

        state = one("state")
        known = state in (OPEN, ANY) or (state in set(CaseState) and state != CaseState.DRAFT)
        asked = set(given.get("light", ()))
        return cls(
            scope=Scope(one("scope")) if one("scope") in set(Scope) else Scope.MINE,
            state=state if known else OPEN,
            lights=tuple(colour for colour in LIGHTS if colour in asked),
            item=one("item")[:LONGEST_TEXT],
            due=Due(one("due")) if one("due") in set(Due) else None,
            unread=one("unread") == "1",
            text=one("q").strip()[:LONGEST_TEXT],
            sort=Sort(one("sort")) if one("sort") in set(Sort) else None,
        )

    @classmethod
    def parse(cls, query: str) -> Filter:
        """From what :meth:`query` wrote."""
        return cls.read(parse_qs(query))

    def pairs(self) -> list[tuple[str, str]]:
        """The scope, and whatever else is not as it would be anyway."""
        found = [("scope", str(self.scope))]
        if self.state != OPEN:
            found.append(("state", self.state))
        found.extend(("light", str(colour)) for colour in self.lights)
        plain = {"item": self.item, "due": self.due, "q": self.text, "sort": self.sort}
        found.extend((name, str(value)) for name, value in plain.items() if value)
        return [*found, ("unread", "1")] if self.unread else found

    def query(self) -> str:
        """The one address of this filter, to be linked to, compared and kept."""
        return urlencode(self.pairs())

    @property
    def is_plain(self) -> bool:
        """Nothing but a scope: what its tab shows."""
        return len(self.pairs()) == 1

    @property
    def by_due(self) -> bool:
        if self.sort is not None:
            return self.sort is Sort.DUE
        return self.state == OPEN or self.state in OPEN_STATES

    def sentence(self, item: object = "") -> Sentence:
        """What is listed, in words; ``item`` is the name of the item, where one is chosen."""
        if self.state == OPEN:
            head = _OPEN_WORDS[self.scope]
        elif self.state == ANY:
            head = _ANY_WORDS[self.scope]
        else:
            head = say(_STATE_WORDS[self.scope].text, state=CASE_STATE_WORDS[CaseState(self.state)])
        clauses = [head, *self._clauses(item), SORT_WORDS[Sort.DUE if self.by_due else Sort.RECEIVED]]
        return say("{clauses}。", clauses=_joined(clauses))

    def _clauses(self, item: object) -> list[Sentence]:
        found = []
        if self.lights:
            found.append(say("灯为{lights}", lights=_either([COLOUR_WORDS[c] for c in self.lights])))
        if self.item == REQUEST:
            found.append(say("只看诉求"))
        elif self.item:
            found.append(say("事项“{item}”", item=item or self.item))
        if self.due:
            found.append(DUE_WORDS[self.due])
        if self.unread:
            found.append(say("企业有新留言"))
        if self.text:
            found.append(say("含“{text}”", text=self.text))
        return found

    def due_range(self, today: dt.date) -> Range:
        """The first and the last day of ``due``, both included; None where it is open."""
        monday = today - dt.timedelta(days=today.weekday())
        match self.due:
            case Due.PAST:
                return None, today - dt.timedelta(days=1)
            case Due.TODAY:
                return today, today
            case Due.WEEK:
                return monday, monday + dt.timedelta(days=6)
            case Due.NEXT_WEEK:
                return monday + dt.timedelta(days=7), monday + dt.timedelta(days=13)
            case Due.MONTH:
                next_month = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
                return today.replace(day=1), next_month - dt.timedelta(days=1)
        return None, None


def _joined(parts: Sequence[Sentence]) -> Sentence:
    if not parts:
        return NOTHING
    first, *rest = parts
    return say("{first}，{rest}", first=first, rest=_joined(rest)) if rest else first


def _either(words: Sequence[Sentence]) -> Sentence:
    first, *rest = words
    return say("{first}或{second}", first=first, second=_either(rest)) if rest else first
