"""The one error a person is meant to read."""

from __future__ import annotations

from qitong.kernel.words import Sentence, say


class Refused(Exception):
    """A deed was refused; ``sentence`` says why and, where there is one, the way on.

    ``code`` is stable, for machines (API problem type, ``--json``); ``field`` names the input
    the sentence belongs to, empty when it belongs to the whole deed.
    """

    def __init__(self, sentence: Sentence, *, code: str = "refused", field: str = "") -> None:
        super().__init__(sentence.text)
        self.sentence = sentence
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


def require(value: str, *, field: str, what: Sentence, most: int | None = None) -> str:
    """Return ``value`` stripped; refused when it is empty, or longer than ``most`` characters.

    A line break counts as one character, however it was sent.
    """
    text = value.replace("\r\n", "\n").strip()
    if not text:
        raise Refused(say("请填写{what}。", what=what), code="missing", field=field)
    if most is not None and len(text) > most:
        raise Refused(
            say("{what}最多{most}字，现在是{n}字。", what=what, most=most, n=len(text)),
            code="too_long",
            field=field,
        )
    return text
