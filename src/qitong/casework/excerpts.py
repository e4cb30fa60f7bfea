"""Why a case was found: the texts in which the words stand, around the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qitong.casework.logic.finding import Asked, Piece, Source, excerpt, fold
from qitong.casework.models import Case, ItemText
from qitong.kernel.masking import Veil

MOST = 3
_NOBODYS = (Source.NUMBER, Source.USCC, Source.ITEM, Source.OWNER, Source.CERTIFICATE, Source.COMPANY)
Text = tuple[Source, str]


@dataclass(frozen=True, slots=True)
class Excerpt:
    source: Source
    pieces: list[Piece]


def excerpts(
    cases: Sequence[Case], asked: Asked, veil_of: Callable[[Case], Veil]
) -> dict[int, list[Excerpt]]:
    """A few excerpts a case, the first ones enough to show every word; one query when items have to say it.

    The cases come with their ``words`` (``select_related``). What is found in personal data is named, and
    shown through the veil: who looks for a number they know learns whose it is, not the number.
    """
    own = {case.pk: _texts(case.words.sources) for case in cases}
    lacking = {case.item_version_id for case in cases if _unseen(own[case.pk], asked.words)} - {None}
    shared = {pk: _texts(row.sources) for pk, row in ItemText.objects.in_bulk(lacking).items()}
    return {
        case.pk: _told([*own[case.pk], *shared.get(case.item_version_id or 0, [])], asked, veil_of(case))
        for case in cases
    }


def _texts(sources: list[list[str]]) -> list[Text]:
    return [(Source(source), text) for source, text in sources]


def _unseen(texts: Sequence[Text], words: Sequence[str]) -> bool:
    folded = "\n".join(fold(text) for _, text in texts)
    return any(word not in folded for word in words)


def _told(texts: Sequence[Text], asked: Asked, veil: Veil) -> list[Excerpt]:
    """Those that show a word not shown yet come first, then others with a word in them."""
    seen: set[str] = set()
    first, then = [], []
    for source, text in texts:
        folded = fold(text)
        shown = {word for word in asked.words if word in folded}
        if shown - seen:
            first.append(Excerpt(source, excerpt(_seen(source, text, veil), asked.words)))
        elif shown:
            then.append(Excerpt(source, excerpt(_seen(source, text, veil), asked.words)))
        seen |= shown
    return [*first, *then[: max(0, MOST - len(first))]]


def _seen(source: Source, text: str, veil: Veil) -> str:
    if source is Source.PHONE:
        return veil.phone(text)
    if source is Source.CONTACT:
        return veil.name(text)
    return text if source in _NOBODYS else veil.text(text)
