"""What the page partials are made of; views build these, the tags in ``{% load qitong %}`` show them.

A text (``Text``) may be a str, a lazy translation, a Sentence or a Named: templates call ``str``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qitong.casework.logic.light import Colour
from qitong.kernel.words import Named, Sentence

Text = str | Promise | Sentence | Named


class Tone(StrEnum):
    """Colour of a chip or notice; the word beside it always says the same."""

    PLAIN = ""
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    TIDE = "tide"
    REED = "reed"


class TaskState(StrEnum):
    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    BLOCKED = "blocked"


TASK_WORDS: dict[TaskState, tuple[Text, Tone]] = {
    TaskState.TODO: (_("未开始"), Tone.TIDE),
    TaskState.DOING: (_("进行中"), Tone.REED),
    TaskState.DONE: (_("已完成"), Tone.PLAIN),
    TaskState.BLOCKED: (_("暂不能开始"), Tone.PLAIN),
}

CHANGE = _("修改")

# A light is never colour alone: a shape, drawn on 12 by 12 so that it looks alike in every font and in print,
# and casework's word say it too.
SHAPES: dict[Colour, str] = {
    Colour.GREEN: "M6 0a6 6 0 1 1 0 12a6 6 0 1 1 0-12z",
    Colour.AMBER: "M6 0a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM6 1.8v8.4a4.2 4.2 0 0 0 0-8.4z",
    Colour.RED: "M.5.5h11v11H.5z",
    Colour.PAUSED: "M2 0h3v12H2zM7 0h3v12H7z",
    Colour.DONE: "M.3 6.4 2 4.7l2.6 2.6L10 1.9l1.7 1.7L4.6 10.7z",
    Colour.NONE: "M1 5h10v2H1z",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list; without ``href`` it cannot be opened (``hint`` says why)."""

    label: Text
    state: TaskState
    href: str = ""
    hint: Text = ""

    @property
    def word(self) -> Text:
        return TASK_WORDS[self.state][0]

    @property
    def tone(self) -> Tone:
        return TASK_WORDS[self.state][1]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline, which the view gives newest first."""

    at: dt.datetime
    what: Text
    by: Text = ""
    text: Text = ""
    href: str = ""
    link: Text = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a summary list; ``href`` leads to where it can be changed."""

    label: Text
    value: Text
    href: str = ""
    change: Text = CHANGE


@dataclass(frozen=True, slots=True)
class Tab:
    label: Text
    href: str
    current: bool = False
    count: int | str | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    label: Text
    href: str = ""
