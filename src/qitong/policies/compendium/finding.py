"""Finding a policy by everyday words: its name, what it is about, its documents, what it asks and wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qitong.catalogue.logic.search import Hit, Phrase, Where, among, phrase
from qitong.policies.compendium.themes import BENEFITS, THEMES, Theme
from qitong.policies.compiling import named
from qitong.policies.library import Entry


def find(asked: str, entries: Iterable[Entry]) -> list[Hit]:
    """The policies that fit, best first, each with why (see ``catalogue.logic.search``)."""
    return among(asked, ((entry.policy.id, _phrases(entry)) for entry in entries))


def _phrases(entry: Entry) -> Iterator[Phrase]:
    policy = entry.policy
    for text in (policy.name.zh, policy.name.en):
        yield phrase(text, Where.NAME)
    kind, theme = BENEFITS[policy.benefit.type], THEMES[Theme(policy.theme)]
    for document in policy.documents:
        if document.number:
            yield phrase(document.number, Where.NAME)
    asked = [given.name for given in policy.inputs.values()]
    told = [named(text) for text in (policy.basis, *asked, *policy.materials)]
    for name in (kind, theme, *told):
        yield phrase(name.zh, Where.MATERIAL)
        yield phrase(name.en, Where.MATERIAL)
