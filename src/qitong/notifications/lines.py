"""One line of the table of messages: who is told, in which sentence, and what sort of message it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from qitong.kernel.words import Sentence
from qitong.notifications.audience import Audience
from qitong.notifications.logic.wishes import Group


@dataclass(frozen=True, slots=True)
class Tell:
    """``even_doer`` tells also whoever did it: a hand-over is told to both sides."""

    who: tuple[Audience, ...]
    text: Sentence
    even_doer: bool = False
    group: Group = Group.PROGRESS


def line(*who: Audience, text: Sentence, even_doer: bool = False, group: Group = Group.PROGRESS) -> Tell:
    return Tell(who, text, even_doer, group)


todo = partial(line, group=Group.TODO)
legal = partial(line, group=Group.LEGAL)


def group_of(kind: str, tell: Tell) -> Group:
    """Reminders and notes are known by their kind, the others by their line."""
    if kind.startswith("reminder.") or kind in ("task.remind", "case.remind_company"):
        return Group.REMINDER
    return Group.CONVERSATION if kind == "case.note" else tell.group
