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


def require(value: str, *, field: str, what: Sentence) -> str:
    """Return ``value`` stripped, or refuse with "please fill in ``what``"."""
    text = value.strip()
    if not text:
        raise Refused(say("请填写{what}。", what=what), code="missing", field=field)
    return text
