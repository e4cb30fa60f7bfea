"""Finds cases by words, newest first, within what the actor may see; every hit, and nothing else.

Two ways lead to the same answer. A rare word is looked up in the index of character pairs. A word that
stands in every tenth case would bring too many rows from there; reading the newest cases one after
another soon finds enough of them. So the newest are read first, and how many of those fit decides.
Whatever way a case is found, its text is looked at: a hit is the word itself, as :mod:`logic.finding` folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, Func, Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.casework import queries
from qitong.casework.logic import tags
from qitong.casework.logic.finding import Asked, fold, grams
from qitong.casework.models import Case, CaseText, ItemText
from qitong.casework.sight import SEES_EVERYTHING

MOST = 1000
"""Up to here hits are counted exactly."""

NEWEST = 2_000
"""So many of the newest cases are read to see how common the words are."""

SCATTERED = 5
"""Hits that the index gives lie anywhere: each costs a page, where a page holds a dozen cases in a row."""

WINDOW = 200_000
"""How far back common words are followed case by case before the index is asked after all."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The newest hits, at most MOST of them, newest first; ``more``: there are more than these."""

    ids: list[int]
    more: bool

    @property
    def count(self) -> int | str:
        return f"{MOST:,}+" if self.more else len(self.ids)


def find(actor: Actor, asked: Asked) -> Hits:
    """The cases in which all the words are found. Two queries, one where there are few cases."""
    ids = _ids(scope(actor), asked, most=MOST + 1)
    return Hits(ids[:MOST], len(ids) > MOST)


def of_companies(actor: Actor) -> Actor:
    """The actor as a member of companies alone: at their own pages officers search their companies' cases."""
    return Actor(ref=actor.ref, user_id=None, name=actor.name, enterprise_ids=actor.enterprise_ids)


def find_before(actor: Actor, asked: Asked, *, before: int, most: int) -> list[int]:
    """The next hits with smaller ids, for who reads on beyond MOST."""
    return _ids(scope(actor), asked, most=most, before=before)


def narrow(cases: QuerySet[Case], asked: Asked) -> QuerySet[Case]:
    """Of ``cases`` (already within somebody's scope) those in which all the words are found."""
    if not asked.words:
        return cases.none()
    keys = Func("folded", function="casework_grams", output_field=ArrayField(BigIntegerField()))
    found = CaseText.objects.annotate(keys=keys)
    for word in asked.words:
        of_item = ItemText.objects.filter(folded__contains=word).values(tag=F("pk") + tags.item(0))
        own = Q(keys__contains=grams(word), folded__contains=word)
        found = found.filter(own | Q(tags__overlap=ArraySubquery(of_item)))
    return cases.filter(pk__in=found.values("pk"))


def by_number(actor: Actor, text: str) -> Case | None:
    """The visible case with exactly this number, however it was typed; None asks nothing of the database."""
    bare = fold(text).upper()
    if len(bare) != 12 or not bare.isascii() or not bare.startswith("QT"):
        return None
    number = f"{bare[:4]}-{bare[4:8]}-{bare[8:]}"
    return queries.visible(actor).filter(number=number, submitted_at__isnull=False).first()


def scope(actor: Actor) -> list[int] | None:
    """``queries.visible`` in tags: None sees everything that was handed in, an empty list nothing."""
    if actor.is_system or any(actor.has(role) for role in SEES_EVERYTHING):
        return None
    found = {tags.company(pk) for pk in actor.enterprise_ids}
    if actor.is_officer:
        found |= {tags.person(pk) for pk in actor.desks}
        found |= {tags.department(pk) for pk in actor.departments() | actor.departments_overseen()}
        found |= {tags.place(pk) for pk in actor.places_overseen()}
    return tags.kept(found)


@dataclass(frozen=True, slots=True)
class _Term:
    """A word, and the tags of the items in whose texts it stands."""

    word: str
    items: list[int]


class _Where:
    """Conditions on a row ``t`` of casework_casetext, with their values."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.values: list[Any] = []

    def __str__(self) -> str:
        return " AND ".join(self._parts) or "true"

    def add(self, condition: str, *values: object) -> None:
        self._parts.append(condition)
        self.values += values

    def words(self, terms: Sequence[_Term]) -> None:
        """Each word stands in the case's own texts, or in those of its item."""
        for term in terms:
            if term.items:
                self.add("(strpos(t.folded, %s) > 0 OR t.tags && %s::bigint[])", term.word, term.items)
            else:
                self.add("strpos(t.folded, %s) > 0", term.word)

    def keys(self, terms: Sequence[_Term]) -> None:
        """What the index can say; apart from the words, so that it is not asked again of each row."""
        if alone := {key for term in terms if not term.items for key in grams(term.word)}:
            self.add("casework_grams(t.folded) @> %s::bigint[]", sorted(alone))
        for term in terms:
            if term.items:
                keys = grams(term.word)
                self.add(
                    "(casework_grams(t.folded) @> %s::bigint[] OR t.tags && %s::bigint[])", keys, term.items
                )

    def scope(self, scope: list[int] | None, *, by_index: bool = True) -> None:
        """Who sees most cases is not looked up: that would read most of the index to leave out little."""
        if scope is not None:
            self.add("t.tags && %s::bigint[]" if by_index else "(t.tags && %s::bigint[]) IS TRUE", scope)


def _ids(scope: list[int] | None, asked: Asked, *, most: int, before: int | None = None) -> list[int]:
    if not asked.words or scope == []:
        return []
    newest = _among_newest(scope, asked, before)
    if newest.read < NEWEST or len(newest.ids) >= most:
        return newest.ids[:most]
    if newest.is_common(most):
        ids, all_read = _one_after_another(scope, newest.terms, most, before)
        if len(ids) >= most or all_read:
            return ids
    return _by_index(scope, newest, most, before)


@dataclass(frozen=True, slots=True)
class _Newest:
    """``read`` of about ``rows`` cases were looked at, ``seen`` of them in scope; ``ids`` are the hits."""

    rows: int
    read: int
    seen: int
    ids: list[int]
    terms: list[_Term]

    def is_common(self, most: int) -> bool:
        """Whether to read on is quicker than to fetch every hit from where it happens to lie."""
        share = len(self.ids) / self.read
        return share > 0 and most / share < share * self.rows * SCATTERED

    @property
    def sees_most(self) -> bool:
        return self.seen > self.read / 2


_ITEMS = "ARRAY(SELECT %s + i.item_version_id FROM casework_itemtext i WHERE strpos(i.folded, %s) > 0)"


def _among_newest(scope: list[int] | None, asked: Asked, before: int | None) -> _Newest:
    back, hit, seen = _back(before), _Where(), _Where()
    seen.scope(scope)
    hit.scope(scope)
    names = [f"items{n}" for n in range(len(asked.words))]
    for name, word in zip(names, asked.words, strict=True):
        hit.add(" ".join(["(strpos(t.folded, %s) > 0 OR t.tags && (SELECT", name, "FROM w))"]), word)
    [(rows, read, within, ids, *items)] = _rows(
        "WITH w AS MATERIALIZED (SELECT",
        ", ".join(f"{_ITEMS} AS {name}" for name in names),
        ") SELECT (SELECT reltuples::bigint FROM pg_class WHERE oid = 'casework_casetext'::regclass),",
        "count(*), count(*) FILTER (WHERE",
        seen,
        "), coalesce(array_agg(t.case_id ORDER BY t.case_id DESC) FILTER (WHERE",
        hit,
        "), '{}'),",
        ", ".join(" ".join(["(SELECT", name, "FROM w)"]) for name in names),
        "FROM (SELECT case_id, folded, tags FROM casework_casetext t WHERE",
        back,
        "ORDER BY t.case_id DESC LIMIT %s) t",
        values=[
            *(value for word in asked.words for value in (tags.item(0), word)),
            *seen.values,
            *hit.values,
            *back.values,
            NEWEST,
        ],
    )
    terms = [_Term(*pair) for pair in zip(asked.words, items, strict=True)]
    return _Newest(max(rows, read), read, within, ids, terms)


def _one_after_another(
    scope: list[int] | None, terms: Sequence[_Term], most: int, before: int | None
) -> tuple[list[int], bool]:
    """The newest hits within the window, and whether the window reaches back to the oldest case."""
    back, hit = _back(before), _Where()
    hit.scope(scope)
    hit.words(terms)
    found = _rows(
        "SELECT t.case_id FROM (SELECT case_id, folded, tags FROM casework_casetext t WHERE",
        back,
        "ORDER BY t.case_id DESC LIMIT %s) t WHERE",
        hit,
        "ORDER BY t.case_id DESC LIMIT %s",
        values=[*back.values, WINDOW, *hit.values, most],
    )
    if len(found) >= most:
        return [pk for (pk,) in found], False
    further = _rows(
        "SELECT 1 FROM casework_casetext t WHERE",
        back,
        "ORDER BY t.case_id DESC OFFSET %s LIMIT 1",
        values=[*back.values, WINDOW],
    )
    return [pk for (pk,) in found], not further


def _by_index(scope: list[int] | None, newest: _Newest, most: int, before: int | None) -> list[int]:
    where = _back(before)
    where.keys(newest.terms)
    where.scope(scope, by_index=not newest.sees_most)
    where.words(newest.terms)
    # "+ 0": never by reading the cases in their order until enough fit, for few do.
    found = _rows(
        "SELECT t.case_id FROM casework_casetext t WHERE",
        where,
        "ORDER BY t.case_id + 0 DESC LIMIT %s",
        values=[*where.values, most],
    )
    return [pk for (pk,) in found]


def _back(before: int | None) -> _Where:
    where = _Where()
    if before is not None:
        where.add("t.case_id < %s", before)
    return where


def _rows(*parts: str | _Where, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(" ".join(map(str, parts)), values)
        return list(cursor.fetchall())
