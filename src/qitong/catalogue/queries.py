"""Read the published catalogue as it was in force on a day. It is public: everyone may see all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import QuerySet, Subquery

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
    """Items that match ``words``, best first; all items in their order when ``words`` is blank.

    Words are separated by blanks and each must be found: in the everyday search words, the name in
    either language, or the materials. An everyday word inside an unbroken sentence counts as well
    ("我想开餐厅"), for people do not put blanks into Chinese.
    """
    rows = list(items(on))
    wanted = words.casefold().split()
    if not wanted:
        return rows
    scored = [(_score(row.spec, wanted), row) for row in rows]
    return [row for score, row in sorted(scored, key=lambda s: -s[0]) if score]


def _score(spec: ItemSpec, wanted: list[str]) -> int:
    """0 when some word is not found; more for a search word than for a name, a material least."""
    scores = [_score_word(spec, word) for word in wanted]
    return sum(scores) if all(scores) else 0


def _score_word(spec: ItemSpec, word: str) -> int:
    keywords = [keyword.casefold() for keyword in spec.keywords]
    if word in keywords:
        return 8
    if any(word in keyword or keyword in word for keyword in keywords):
        return 4
    if word == spec.code or word in f"{spec.name.zh}\n{spec.name.en}".casefold():
        return 3
    materials = "\n".join(f"{m.name.zh}\n{m.name.en}" for m in spec.materials).casefold()
    return 1 if word in materials else 0


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
    def item_names(self) -> dict[str, Named]:
        """Name of each item by its code, in the order of the catalogue."""
        rows = ItemVersion.objects.filter(version=self.pk).order_by("position")
        return {code: Named(zh, en) for code, zh, en in rows.values_list("code", "name_zh", "name_en")}

    @cached_property
    def department_names(self) -> dict[str, Named]:
        """Name of each department code that the catalogue uses."""
        return {row["code"]: named(row) for row in self.data["departments"]}

    @cached_property
    def external_departments(self) -> frozenset[str]:
        """Codes of bodies outside the park's authority, such as the grid company."""
        return frozenset(row["code"] for row in self.data["departments"] if row["external"])


@lru_cache(maxsize=8)
def edition(pk: int) -> Edition:
    """The version with this primary key, which is never given out twice nor ever rewritten."""
    return Edition(pk, CatalogueVersion.objects.values_list("data", flat=True).get(pk=pk))


def edition_on(on: dt.date) -> Edition:
    """The version in force on ``on``: one small query; refused before a catalogue is published."""
    pk = _in_force(on).first()
    if pk is None:
        raise Refused(say("事项目录尚未发布，请联系系统管理员。"), code="no_catalogue")
    return edition(pk)


def edition_pk(on: dt.date) -> Subquery:
    """Inside another query: the primary key of the version in force on ``on``."""
    return Subquery(_in_force(on)[:1])


def _in_force(on: dt.date) -> QuerySet[CatalogueVersion, int]:
    rows = CatalogueVersion.objects.filter(effective_on__lte=on).order_by("-effective_on", "-id")
    return rows.values_list("pk", flat=True)


def promises(on: dt.date) -> Promises:
    """What is promised where no item says otherwise; refused before a catalogue is published."""
    return edition_on(on).promises


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


def external_departments(on: dt.date) -> frozenset[str]:
    """Codes of bodies outside the park's authority, such as the grid company."""
    return edition_on(on).external_departments
