"""The items of the catalogue as they stand on the shelf: by stage, each with who and how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from qitong.catalogue import queries
from qitong.catalogue.logic.kinds import LABELS, WINDOW, Stage
from qitong.catalogue.logic.types import ItemSpec, MaterialClass
from qitong.catalogue.models import ItemVersion
from qitong.kernel.limits import Limit
from qitong.kernel.words import Named, Sentence, say
from qitong.web.common.parts import Tone
from qitong.web.common.step_graph import GraphNode

WINDOW_NAME = Named("综合服务窗口", "Single window")
CLASS_TONES = {
    MaterialClass.CORE: Tone.TIDE,
    MaterialClass.DEFERRABLE: Tone.REED,
    MaterialClass.RED_LINE: Tone.RED,
}
CLASS_MEANING = {
    MaterialClass.CORE: say("受理时必须提供"),
    MaterialClass.DEFERRABLE: say("签署承诺书后可以稍后补齐"),
    MaterialClass.RED_LINE: say("涉及安全或环境，必须提供，不能容缺"),
}


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: Named
    department: Named
    limit: Sentence


@dataclass(frozen=True, slots=True)
class Shelf:
    name: Named
    lines: tuple[Line, ...]


def promised(days: int) -> Sentence:
    """The promised limit in words; 0 is "on the spot"."""
    return Limit(days).say() if days else say("即时办结")


def department_name(names: Mapping[str, Named], code: str) -> Named:
    return WINDOW_NAME if code == WINDOW else names.get(code, Named(code, code))


def line_of(row: ItemVersion, names: Mapping[str, Named]) -> Line:
    name, lead = row.label, department_name(names, row.lead)
    return Line(row.code, name, lead, promised(row.promised_days))


def by_stage(rows: Iterable[ItemVersion], on: dt.date) -> tuple[Shelf, ...]:
    """The rows in the order given, under their stages in the order a company meets them."""
    kept = list(rows)
    if not kept:
        return ()
    names = queries.department_names(on)
    lines: dict[str, list[Line]] = {stage.value: [] for stage in Stage}
    for row in kept:
        lines[row.stage].append(line_of(row, names))
    return tuple(Shelf(LABELS[Stage(key)], tuple(found)) for key, found in lines.items() if found)


def step_nodes(spec: ItemSpec, names: Mapping[str, Named]) -> tuple[GraphNode, ...]:
    """The steps of an item for drawing, without any state."""
    return tuple(
        GraphNode(
            key=step.key,
            name=str(step.name),
            department=str(department_name(names, step.department)),
            days=step.days,
            after=step.after,
            kind=step.kind.value,
        )
        for step in spec.steps
    )


def language() -> str:
    """The active language as the drawing wants it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"
