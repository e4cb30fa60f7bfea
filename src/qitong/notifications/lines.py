"""One line of the table of messages: who is told, and in which sentence."""

from __future__ import annotations

from dataclasses import dataclass

from qitong.kernel.words import Sentence
from qitong.notifications.audience import Audience


@dataclass(frozen=True, slots=True)
class Tell:
    """``even_doer`` tells also whoever did it: a hand-over is told to both sides."""

    who: tuple[Audience, ...]
    text: Sentence
    even_doer: bool = False


def line(*who: Audience, text: Sentence, even_doer: bool = False) -> Tell:
    return Tell(who, text, even_doer)
