"""What the path of a project knows of an item or a milestone, and how it is read from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from qitong.catalogue.logic.conditions import Condition, Facts, parse
from qitong.catalogue.logic.graph import Dag
from qitong.catalogue.logic.types import FactSpec, ItemSpec, MilestoneSpec
from qitong.kernel.errors import Refused
from qitong.kernel.words import say


class StepKind(StrEnum):
    ITEM = "item"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class PathItem:
    """An item or a milestone as the path sees it; ``days`` are promised working days (milestone: 0).

    ``requires`` are codes that come first, ``requires_if`` those that do where a condition holds.
    ``variants`` gives other days for values of the fact ``variant_fact``.
    """

    code: str
    days: int = 0
    requires: tuple[str, ...] = ()
    requires_if: tuple[tuple[Condition, tuple[str, ...]], ...] = ()
    applies_when: Condition | None = None
    variant_fact: str = ""
    variants: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    kind: StepKind = StepKind.ITEM

    def days_for(self, facts: Facts) -> int:
        """The days of the variant the facts name; ``days`` while that fact is missing."""
        value = facts.get(self.variant_fact) if self.variants else None
        if value is None or self.applies(facts) is False:
            return self.days
        if str(value) not in self.variants:
            raise Refused(
                say("“{value}”不是{item}的类别。", value=value, item=self.code),
                code="unknown_variant",
                field=self.variant_fact,
            )
        return self.variants[str(value)]

    def applies(self, facts: Facts) -> bool | None:
        """Whether the project needs it; None when the facts at hand do not settle that."""
        return self.applies_when.evaluate(facts) if self.applies_when else True

    def open_facts(self, facts: Facts) -> tuple[str, ...]:
        """The missing facts on which this step depends: whether it applies, after what, how long."""
        conditions = [self.applies_when] if self.applies_when else []
        conditions += [condition for condition, _ in self.requires_if]
        names = [name for condition in conditions for name in condition.unsettled(facts)]
        if self.variants and facts.get(self.variant_fact) is None:
            names.append(self.variant_fact)
        return tuple(dict.fromkeys(names))


def from_data(item: Mapping[str, Any]) -> PathItem:
    """Read one item of the catalogue's data (``code``, ``promised_wd``, ``requires`` …).

    Without ``variant_fact``, variants follow the one fact that ``applies_when`` names.
    """
    variants = {str(code): int(v["promised_wd"]) for code, v in (item.get("variants") or {}).items()}
    return _item(
        code=item["code"],
        days=item["promised_wd"],
        requires=item.get("requires") or (),
        requires_if=(item.get("requires_if") or {}).items(),
        applies_when=item.get("applies_when") or "",
        variant_fact=item.get("variant_fact") or "",
        variants=variants,
    )


def from_spec(item: ItemSpec) -> PathItem:
    """The same from an item that has been read already."""
    return _item(
        code=item.code,
        days=item.promised_days,
        requires=item.requires,
        requires_if=item.requires_if,
        applies_when=item.applies_when,
        variant_fact=item.variant_fact,
        variants={v.code: v.promised_days for v in item.variants},
    )


def milestone(code: str, requires: Iterable[str], *, applies_when: str = "") -> PathItem:
    """A milestone: a point that is reached when somebody says so, not before all it requires."""
    condition = parse(applies_when) if applies_when else None
    return PathItem(code, requires=tuple(requires), applies_when=condition, kind=StepKind.MILESTONE)


def milestones_from_data(data: Mapping[str, Mapping[str, Any]]) -> tuple[PathItem, ...]:
    """Read the catalogue's ``milestones`` (code → ``requires``, perhaps ``applies_when``)."""
    return tuple(
        milestone(code, row.get("requires") or (), applies_when=row.get("applies_when") or "")
        for code, row in data.items()
    )


def milestone_from_spec(spec: MilestoneSpec) -> PathItem:
    return milestone(spec.code, spec.requires)


def complete_facts(facts: Facts, specs: Iterable[FactSpec]) -> dict[str, object]:
    """``facts`` where every fact that need not be asked has its ``otherwise`` value."""
    known = {spec.code: spec for spec in specs}
    asked = {code: parse(spec.asked_when) for code, spec in known.items() if spec.asked_when}
    order = Dag(
        {code: [n for n in asked[code].names if n in known] if code in asked else [] for code in known}
    )
    full = dict(facts)
    for code in order.order:
        if code in asked and asked[code].evaluate(full) is False:
            full[code] = known[code].otherwise
    return full


def _item(
    *,
    code: str,
    days: int,
    requires: Iterable[str],
    requires_if: Iterable[tuple[str, Iterable[str]]],
    applies_when: str,
    variant_fact: str,
    variants: Mapping[str, int],
) -> PathItem:
    condition = parse(applies_when) if applies_when else None
    if variants and not variant_fact:
        names = sorted(condition.names) if condition else []
        if len(names) != 1:
            raise Refused(say("{item}有多种时限，但未说明按哪项事实选择。", item=code), code="variant_fact")
        variant_fact = names[0]
    return PathItem(
        code=code,
        days=days,
        requires=tuple(requires),
        requires_if=tuple((parse(when), tuple(codes)) for when, codes in requires_if),
        applies_when=condition,
        variant_fact=variant_fact,
        variants=MappingProxyType(dict(variants)),
    )
