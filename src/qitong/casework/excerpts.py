"""Why a case was found: the texts in which the words stand, around the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qitong.casework.logic.finding import Asked, Piece, Source, excerpt, fold
from qitong.casework.models import Case, ItemText

MOST = 3
Text = tuple[Source, str]


@dataclass(frozen=True, slots=True)
class Excerpt:
    source: Source
    pieces: list[Piece]


def excerpts(cases: Sequence[Case], asked: Asked) -> dict[int, list[Excerpt]]:
    """A few excerpts a case, the first ones enough to show every word; one query when items have to say it.

    The cases come with their ``words`` (``select_related``).
    """
    own = {case.pk: _texts(case.words.sources) for case in cases}
    lacking = {case.item_version_id for case in cases if _unseen(own[case.pk], asked.words)} - {None}
    shared = {pk: _texts(row.sources) for pk, row in ItemText.objects.in_bulk(lacking).items()}
    return {
        case.pk: _told([*own[case.pk], *shared.get(case.item_version_id or 0, [])], asked) for case in cases
    }


def _texts(sources: list[list[str]]) -> list[Text]:
    return [(Source(source), text) for source, text in sources]


def _unseen(texts: Sequence[Text], words: Sequence[str]) -> bool:
    folded = "\n".join(fold(text) for _, text in texts)
    return any(word not in folded for word in words)


def _told(texts: Sequence[Text], asked: Asked) -> list[Excerpt]:
    """Those that show a word not shown yet come first, then others with a word in them."""
    seen: set[str] = set()
    first, then = [], []
    for source, text in texts:
        folded = fold(text)
        shown = {word for word in asked.words if word in folded}
        if shown - seen:
            first.append(Excerpt(source, _masked(source, excerpt(text, asked.words))))
        elif shown:
            then.append(Excerpt(source, _masked(source, excerpt(text, asked.words))))
        seen |= shown
    return [*first, *then[: max(0, MOST - len(first))]]


def _masked(source: Source, pieces: list[Piece]) -> list[Piece]:
    """A list shows of a phone number what was looked for, and no more."""
    if source is not Source.PHONE:
        return pieces
    return [piece if piece.hit else Piece("*" * len(piece.text), False) for piece in pieces]
