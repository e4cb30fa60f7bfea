"""Read the published catalogue as it was in force on a day. It is public: everyone may see all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import QuerySet, Subquery

from qitong.catalogue.logic.search import Hit, find
from qitong.catalogue.logic.types import (
    FactSpec,
    IntakeFilter,
    ItemSpec,
    MilestoneSpec,
    Promises,
    named,
)
from qitong.catalogue.models import CatalogueVersion, ItemVersion
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, say
from qitong.sql.frozen import Frozen


def current_version(on: dt.date) -> CatalogueVersion | None:
    """The version in force on ``on``; of two that start on one day, the one published later."""
    return CatalogueVersion.objects.filter(pk=edition_pk(on)).first()


def items(on: dt.date) -> QuerySet[ItemVersion]:
    """All items in force on ``on``, in the order of the catalogue; none before the first version."""
    return ItemVersion.objects.filter(version=edition_pk(on)).order_by("position")


def item(code: str, on: dt.date) -> ItemVersion | None:
    """The item ``code`` in force on ``on``."""
    return items(on).filter(code=code).first()


def guide_search(words: str, on: dt.date) -> list[ItemVersion]:
    """Items that match everyday ``words``, best first; all items in their order when there are none."""
    if not words.strip():
        return list(items(on))
    return [row for row, _ in found(words, on)]


def found(words: str, on: dt.date) -> list[tuple[ItemVersion, Hit]]:
    """Items that match everyday ``words``, best first, each with why (see ``logic.search``)."""
    rows = {row.code: row for row in items(on)}
    return [(rows[hit.code], hit) for hit in find(words, [row.spec for row in rows.values()])]


@dataclass(frozen=True, eq=False)
class Edition:
    """One published version, read once in a process: what is published never changes."""

    pk: int
    data: Mapping[str, Any]

    @cached_property
    def promises(self) -> Promises:
        """What is promised where no item says otherwise."""
        return Promises.from_data(self.data["promises"])

    @cached_property
    def intake_filters(self) -> tuple[IntakeFilter, ...]:
        """Reasons why a request is not taken here, in the order of the catalogue."""
        return tuple(IntakeFilter.from_data(row["code"], row) for row in self.data["intake"])

    def intake_hints(self, text: str) -> tuple[IntakeFilter, ...]:
        """The filters whose everyday words occur in ``text``: a hint, a person decides."""
        lower = text.casefold()
        return tuple(f for f in self.intake_filters if any(word.casefold() in lower for word in f.keywords))

    @cached_property
    def facts(self) -> tuple[FactSpec, ...]:
        """What conditions may ask about a project, with its question."""
        return tuple(FactSpec.from_data(row["code"], row) for row in self.data["facts"])

    @cached_property
    def milestones(self) -> tuple[MilestoneSpec, ...]:
        return tuple(MilestoneSpec.from_data(row["code"], row) for row in self.data["milestones"])

    @cached_property
    def specs(self) -> tuple[ItemSpec, ...]:
        """All items, in the order of the catalogue."""
        return tuple(row.spec for row in ItemVersion.objects.filter(version=self.pk).order_by("position"))

    @cached_property
    def item_names(self) -> dict[str, Named]:
        """Name of each item by its code, in the order of the catalogue."""
        rows = ItemVersion.objects.filter(version=self.pk).order_by("position")
        return {code: Named(zh, en) for code, zh, en in rows.values_list("code", "name_zh", "name_en")}

    @cached_property
    def department_names(self) -> dict[str, Named]:
        """Name of each department code that the catalogue uses."""
        return {row["code"]: named(row) for row in self.data["departments"]}


@lru_cache(maxsize=8)
def edition(pk: int) -> Edition:
    """The version with this primary key, which is never given out twice nor ever rewritten."""
    return Edition(pk, CatalogueVersion.objects.values_list("data", flat=True).get(pk=pk))


def edition_on(on: dt.date) -> Edition:
    """The version in force on ``on``: one small query; refused before a catalogue is published."""
    found = edition_or_none(on)
    if found is None:
        raise Refused(say("事项目录尚未发布，请联系系统管理员。"), code="no_catalogue")
    return found


def edition_or_none(on: dt.date) -> Edition | None:
    """The version in force on ``on``, where a page stands without one."""
    pk = _IN_FORCE.first(on=on)
    return None if pk is None else edition(pk)


def edition_pk(on: dt.date) -> Subquery:
    """Inside another query: the primary key of the version in force on ``on``."""
    return Subquery(_in_force(on)[:1])


def _in_force(on: dt.date) -> QuerySet[CatalogueVersion, int]:
    rows = CatalogueVersion.objects.filter(effective_on__lte=on).order_by("-effective_on", "-id")
    return rows.values_list("pk", flat=True)


_IN_FORCE: Frozen[int] = Frozen(lambda on: _in_force(on)[:1])


def promises(on: dt.date, known: int | None = None) -> Promises:
    """What is promised where no item says otherwise; refused before a catalogue is published.

    ``known`` is the version in force on ``on`` (:func:`edition_pk`), if it was read along.
    """
    return (edition_on(on) if known is None else edition(known)).promises


def intake_filters(on: dt.date) -> tuple[IntakeFilter, ...]:
    """Reasons why a request is not taken here, in the order of the catalogue."""
    return edition_on(on).intake_filters


def intake_hints(text: str, on: dt.date) -> tuple[IntakeFilter, ...]:
    """The filters whose everyday words occur in ``text``: a hint, a person decides."""
    return edition_on(on).intake_hints(text)


def facts(on: dt.date) -> tuple[FactSpec, ...]:
    """What conditions may ask about a project, with its question."""
    return edition_on(on).facts


def milestones(on: dt.date) -> tuple[MilestoneSpec, ...]:
    return edition_on(on).milestones


def department_names(on: dt.date) -> dict[str, Named]:
    """Name of each department code that the catalogue uses."""
    return edition_on(on).department_names
