"""A compendium as data, the same for the web pages and for the document: chapters of articles, an appendix.

Texts are sentences and names in both languages; what exists in Chinese only (document numbers, clauses) is a
plain ``str``. Nothing here knows a page or a file format.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from qitong.kernel.words import Named, Sentence
from qitong.policies.compendium.themes import Theme
from qitong.policies.logic.asked import Line
from qitong.policies.logic.standing import Standing

Text: TypeAlias = Sentence | Named


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that the policy rests on: ``number`` as published, in Chinese; empty while unknown."""

    number: str
    says: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of what is to be known of a policy."""

    label: Sentence
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another policy of the same library."""

    code: str
    name: Named


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition. ``clause`` names its place in the document."""

    id: str
    clause: Named | None
    manual: bool
    line: Line


@dataclass(frozen=True, slots=True)
class Scoring:
    """How points are got; ``joins`` says how several parts come together, empty for a single one."""

    label: Named
    most: Named
    joins: Sentence
    parts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How to apply. ``path`` is an address of this site, empty when there is no item for it."""

    says: Sentence
    path: str


@dataclass(frozen=True, slots=True)
class Article:
    """One policy on the day. ``number`` is its version, 0 when it was read from a file.

    ``state`` says how it stands on the day, ``short`` in a word; ``window`` when to apply. ``facts`` are told
    of every policy.
    """

    code: str
    number: int
    name: Named
    theme: Theme
    standing: Standing
    state: Sentence
    successor: Other | None
    short: Sentence
    window: Sentence
    level: Named
    documents: tuple[Cited, ...]
    facts: tuple[Fact, ...]
    benefit: tuple[Fact, ...]
    scope: tuple[Line, ...]
    clauses: tuple[Clause, ...]
    scores: tuple[Scoring, ...]
    excludes: tuple[Other, ...]
    excludes_outside: tuple[Named, ...]
    stacks: tuple[Other, ...]
    materials: tuple[Named, ...]
    way: Way
    notes: Named | None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of its documents that are known, as published."""
        return tuple(cited.number for cited in self.documents if cited.number)


@dataclass(frozen=True, slots=True)
class Chapter:
    theme: Theme
    name: Named
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Compendium:
    """What is in force on a day by theme; ``appendix`` is what is not, or not yet.

    ``source`` says whether these are published versions or files.
    """

    on: dt.date
    place: Text
    title: Sentence
    source: Sentence
    chapters: tuple[Chapter, ...]
    appendix: tuple[Article, ...]

    @property
    def articles(self) -> tuple[Article, ...]:
        """All in force, in the order of the chapters."""
        return tuple(article for chapter in self.chapters for article in chapter.articles)
