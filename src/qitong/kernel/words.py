"""Sentences that can be decided purely and shown in any language.

Pure logic must say why, yet may not know Django or the reader's language. So it returns a
:class:`Sentence`: the Chinese text (which is also the translation key) and its parameters.
``str(sentence)`` renders it in the language of the moment, through the translator that the
server installs at start; without one (tests of pure logic) the Chinese text is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _as_is(text: str) -> str:
    return text


def _plain(value: object) -> str:
    """In Chinese; of a name, str() would ask here again and never end."""
    if isinstance(value, Named):
        return value.zh
    if isinstance(value, list | tuple):
        return "、".join(map(_plain, value))
    return str(value)


_translate: Callable[[str], str] = _as_is
_show: Callable[[object], str] = _plain


def install(translate: Callable[[str], str], show: Callable[[object], str]) -> None:
    """Set how texts are translated and how parameters (dates, numbers) are shown."""
    global _translate, _show
    _translate, _show = translate, show


def installed() -> tuple[Callable[[str], str], Callable[[object], str]]:
    """What :func:`install` set last, to be set again after something else was for a while."""
    return _translate, _show


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with ``{named}`` places and what goes into them.

    A parameter may itself be a Sentence. The empty sentence is falsy.
    """

    text: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        if not self.text:
            return ""
        shown = {k: str(v) if isinstance(v, Sentence) else _show(v) for k, v in self.params.items()}
        return _translate(self.text).format(**shown)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted(self.params))))


NOTHING = Sentence("")


def say(text: str, /, **params: object) -> Sentence:
    """Mark ``text`` for translation and bind its parameters."""
    return Sentence(text, MappingProxyType(params))


@dataclass(frozen=True, slots=True)
class Named:
    """A name that exists in both languages (a department, an item, a material)."""

    zh: str
    en: str

    def __str__(self) -> str:
        return _show(self)
