"""Which question to put next: of the facts that are missing, one that people can answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qitong.policies import matching
from qitong.policies.features import REGISTERED
from qitong.policies.library import Library
from qitong.policies.logic.question import Question, joined, order
from qitong.policies.matching import Match
from qitong.policies.sizing import INDUSTRY

_MONTHS, _SIZE = "months_since_registration", "size"


def worth_asking(
    library: Library, matches: Sequence[Match], facts: Mapping[str, Any], declined: Collection[str]
) -> list[Question]:
    """The questions of :func:`matching.next_questions`, each fact once, without those in ``declined``.

    What follows from simpler facts is asked by them: the age by the date of registration, the size by
    industry, people and revenue. When they do not know the simpler fact either, it is asked as it stands.
    """
    found: dict[str, Question] = {}
    for question in matching.next_questions(matches):
        wanted = [name for name in _simpler(question.fact, library, facts) if name not in declined]
        name = wanted[0] if wanted else question.fact
        if name not in declined and name in library.fields:
            found[name] = joined(found[name], question) if name in found else replace(question, fact=name)
    return sorted(found.values(), key=order)


def _simpler(fact: str, library: Library, facts: Mapping[str, Any]) -> list[str]:
    """The facts to ask instead, those known already left out; empty when it is asked as it stands."""
    if (main := library.main(fact)) != fact:
        return [main]
    if library.sizes is None or fact not in (_MONTHS, _SIZE):
        return []
    if fact == _MONTHS:
        wanted = [REGISTERED]
    elif industry := facts.get(INDUSTRY):
        row = library.sizes.table.row(industry)
        wanted = [name for name, _ in row.bounds] if row else []
    else:
        wanted = [INDUSTRY]
    return [name for name in wanted if facts.get(name) is None]
