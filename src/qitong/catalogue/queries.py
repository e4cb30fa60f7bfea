"""Read the published catalogue as it was in force on a day. It is public: everyone may see all of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

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
    return CatalogueVersion.objects.filter(effective_on__lte=on).order_by("-effective_on", "-id").first()


def items(on: dt.date) -> QuerySet[ItemVersion]:
    """All items in force on ``on``, in the order of the catalogue; none before the first version."""
    version = current_version(on)
    if version is None:
        return ItemVersion.objects.none()
    return ItemVersion.objects.filter(version=version).order_by("position")


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


def promises(on: dt.date) -> Promises:
    """What is promised where no item says otherwise; refused before a catalogue is published."""
    return Promises.from_data(_data(on)["promises"])


def intake_filters(on: dt.date) -> tuple[IntakeFilter, ...]:
    """Reasons why a request is not taken here, in the order of the catalogue."""
    return tuple(IntakeFilter.from_data(row["code"], row) for row in _data(on)["intake"])


def intake_hints(text: str, on: dt.date) -> tuple[IntakeFilter, ...]:
    """The filters whose everyday words occur in ``text``: a hint, a person decides."""
    lower = text.casefold()
    return tuple(f for f in intake_filters(on) if any(word.casefold() in lower for word in f.keywords))


def facts(on: dt.date) -> tuple[FactSpec, ...]:
    """What conditions may ask about a project, with its question."""
    return tuple(FactSpec.from_data(row["code"], row) for row in _data(on)["facts"])


def milestones(on: dt.date) -> tuple[MilestoneSpec, ...]:
    return tuple(MilestoneSpec.from_data(row["code"], row) for row in _data(on)["milestones"])


def department_names(on: dt.date) -> dict[str, Named]:
    """Name of each department code that the catalogue uses."""
    return {row["code"]: named(row) for row in _data(on)["departments"]}


def external_departments(on: dt.date) -> frozenset[str]:
    """Codes of bodies outside the park's authority, such as the grid company."""
    return frozenset(row["code"] for row in _data(on)["departments"] if row["external"])


def _data(on: dt.date) -> dict[str, Any]:
    version = current_version(on)
    if version is None:
        raise Refused(say("事项目录尚未发布，请联系系统管理员。"), code="no_catalogue")
    data: dict[str, Any] = version.data
    return data
