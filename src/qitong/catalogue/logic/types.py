"""What a service item is, as frozen facts, for pure logic and for screens.

Every ``from_data`` reads the canonical form that ``catalogue.schema`` has validated and that a
published version stores as JSON, so nothing here checks again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qitong.catalogue.logic.graph import Dag
from qitong.catalogue.logic.kinds import (
    LABELS,
    WINDOW,
    FactType,
    Kind,
    LimitUnit,
    MaterialClass,
    MaterialSource,
    PauseReason,
    PromiseSource,
    Stage,
    StepKind,
)
from qitong.kernel.limits import Limit
from qitong.kernel.words import Named

__all__ = [
    "LABELS",
    "WINDOW",
    "CertificateSpec",
    "FactSpec",
    "FactType",
    "IntakeFilter",
    "ItemSpec",
    "Kind",
    "LimitSpec",
    "LimitUnit",
    "MaterialClass",
    "MaterialSource",
    "MaterialSpec",
    "MilestoneSpec",
    "PauseReason",
    "PauseSpec",
    "PromiseSource",
    "Promises",
    "Stage",
    "StepKind",
    "StepSpec",
    "VariantSpec",
    "WindowSpec",
    "named",
]


def named(data: Mapping[str, Any]) -> Named:
    """The name held in ``zh`` and ``en``; other keys are left alone."""
    return Named(data["zh"], data["en"])


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """A limit and its legal basis; ``days`` is None exactly when ``unit`` is none."""

    days: int | None
    unit: LimitUnit
    basis: Named

    @property
    def limit(self) -> Limit:
        """As the kernel reckons with it; no limit is 0 of unit none."""
        return Limit(self.days or 0, self.unit)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> LimitSpec:
        return cls(data["days"], LimitUnit(data["unit"]), named(data["basis"]))


@dataclass(frozen=True, slots=True)
class MaterialSpec:
    key: str
    name: Named
    klass: MaterialClass
    source: MaterialSource
    from_department: str
    """Code of the department that shares it; empty unless ``source`` is shared."""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> MaterialSpec:
        return cls(
            key=data["id"],
            name=named(data),
            klass=MaterialClass(data["class"]),
            source=MaterialSource(data["source"]),
            from_department=data["from"],
        )


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One node of an item's step graph: ``days`` in working days, ``level`` counted from 1."""

    key: str
    name: Named
    kind: StepKind
    department: str
    days: int
    after: tuple[str, ...]
    level: int


@dataclass(frozen=True, slots=True)
class CertificateSpec:
    """What the company holds at the end; ``document`` is False where the law issues none."""

    name: Named
    issuer: str
    validity: Named
    document: bool

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> CertificateSpec:
        return cls(named(data), data["issuer"], named(data["validity"]), data["document"])


@dataclass(frozen=True, slots=True)
class PauseSpec:
    """Time outside the clock, in the item's own wording; ``reason`` is None if art. 45 does not list it."""

    name: Named
    reason: PauseReason | None


@dataclass(frozen=True, slots=True)
class VariantSpec:
    """Other limits for one value of the item's ``variant_fact``."""

    code: str
    name: Named
    statutory: LimitSpec
    promised_days: int


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """Applications are taken from ``opens`` to ``closes``, both included."""

    opens: dt.date
    closes: dt.date
    basis: Named

    def is_open(self, on: dt.date) -> bool:
        return self.opens <= on <= self.closes

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> WindowSpec:
        opens, closes = dt.date.fromisoformat(data["open"]), dt.date.fromisoformat(data["close"])
        return cls(opens, closes, named(data["basis"]))


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One service item (事项). Department fields hold codes; ``promised_days`` are working days."""

    code: str
    name: Named
    stage: Stage
    kind: Kind
    lead: str
    co: tuple[str, ...]
    statutory: LimitSpec
    promised_days: int
    promise_source: PromiseSource
    red_line: bool
    materials: tuple[MaterialSpec, ...]
    steps: tuple[StepSpec, ...]
    certificate: CertificateSpec
    requires: tuple[str, ...]
    """Codes of items and milestones that come first."""
    requires_if: tuple[tuple[str, tuple[str, ...]], ...]
    """Pairs of a condition and the codes that come first where it holds."""
    applies_when: str
    """A condition over facts; empty: the item always applies."""
    pauses: tuple[PauseSpec, ...]
    variant_fact: str
    variants: tuple[VariantSpec, ...]
    window: WindowSpec | None
    escalation: Named | None
    policy: str
    notes: Named | None
    keywords: tuple[str, ...]
    confidence: str

    @property
    def pause_reasons(self) -> frozenset[PauseReason]:
        return frozenset(p.reason for p in self.pauses if p.reason is not None)

    @property
    def decision(self) -> StepSpec:
        return next(s for s in self.steps if s.kind is StepKind.DECISION)

    def material(self, key: str) -> MaterialSpec | None:
        return next((m for m in self.materials if m.key == key), None)

    def in_variant(self, code: str) -> ItemSpec:
        """The item with the limits of variant ``code`` and its steps' days cut in proportion.

        Days are rounded down, so the slowest chain stays within the promise. No such variant: as is.
        """
        variant = next((v for v in self.variants if v.code == code), None)
        if variant is None or not self.promised_days:
            return self
        steps = tuple(
            replace(s, days=s.days * min(variant.promised_days, self.promised_days) // self.promised_days)
            for s in self.steps
        )
        return replace(self, statutory=variant.statutory, promised_days=variant.promised_days, steps=steps)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ItemSpec:
        return cls(
            code=data["code"],
            name=named(data["name"]),
            stage=Stage(data["stage"]),
            kind=Kind(data["kind"]),
            lead=data["lead"],
            co=tuple(data["co"]),
            statutory=LimitSpec.from_data(data["statutory"]),
            promised_days=data["promised_wd"],
            promise_source=PromiseSource(data["promise_source"]),
            red_line=data["red_line"],
            materials=tuple(MaterialSpec.from_data(m) for m in data["materials"]),
            steps=_steps(data["steps"]),
            certificate=CertificateSpec.from_data(data["certificate"]),
            requires=tuple(data["requires"]),
            requires_if=tuple((when, tuple(codes)) for when, codes in data["requires_if"].items()),
            applies_when=data["applies_when"],
            pauses=tuple(
                PauseSpec(named(p), PauseReason(p["reason"]) if p["reason"] else None)
                for p in data["excluded_from_clock"]
            ),
            variant_fact=data["variant_fact"],
            variants=_variants(data["variants"]),
            window=WindowSpec.from_data(data["window"]) if data["window"] else None,
            escalation=named(data["escalation"]) if data["escalation"] else None,
            policy=data["policy"],
            notes=named(data["notes"]) if data["notes"] else None,
            keywords=tuple(data["keywords"]),
            confidence=data["confidence"],
        )


def _variants(rows: Mapping[str, Mapping[str, Any]]) -> tuple[VariantSpec, ...]:
    """The longest first: JSON in the database does not keep the order of keys."""
    found = [
        VariantSpec(code, named(row), LimitSpec.from_data(row["statutory"]), row["promised_wd"])
        for code, row in rows.items()
    ]
    return tuple(sorted(found, key=lambda v: (-v.promised_days, v.code)))


def _steps(rows: Sequence[Mapping[str, Any]]) -> tuple[StepSpec, ...]:
    level = Dag({row["key"]: row["after"] for row in rows}).levels()
    return tuple(
        StepSpec(
            key=row["key"],
            name=named(row),
            kind=StepKind(row["kind"]),
            department=row["department"],
            days=row["days"],
            after=tuple(row["after"]),
            level=1 + level[row["key"]],
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class MilestoneSpec:
    """A point in a project's life (开工, 建成, 投产), reached when all it ``requires`` is in hand."""

    code: str
    name: Named
    requires: tuple[str, ...]

    @classmethod
    def from_data(cls, code: str, data: Mapping[str, Any]) -> MilestoneSpec:
        return cls(code, named(data), tuple(data["requires"]))


@dataclass(frozen=True, slots=True)
class FactSpec:
    """Something a condition asks about a company's project, and how to ask it.

    The question is put only where ``asked_when`` (a condition; empty: always) holds; where it
    does not hold, the fact is ``otherwise``.
    """

    code: str
    name: Named
    question: Named
    type: FactType
    unit: Named | None
    choices: tuple[tuple[str, Named], ...]
    asked_when: str
    otherwise: bool | int | float | str | None

    @classmethod
    def from_data(cls, code: str, data: Mapping[str, Any]) -> FactSpec:
        return cls(
            code=code,
            name=named(data["name"]),
            question=named(data["question"]),
            type=FactType(data["type"]),
            unit=named(data["unit"]) if data["unit"] else None,
            choices=tuple((value, named(name)) for value, name in dict(data["choices"]).items()),
            asked_when=data["asked_when"],
            otherwise=data["otherwise"],
        )


@dataclass(frozen=True, slots=True)
class IntakeFilter:
    """A reason why a request is not accepted here, and where to go instead."""

    code: str
    name: Named
    question: Named
    where: Named
    keywords: tuple[str, ...]

    @classmethod
    def from_data(cls, code: str, data: Mapping[str, Any]) -> IntakeFilter:
        return cls(
            code, named(data["name"]), named(data["question"]), named(data["where"]), tuple(data["keywords"])
        )


@dataclass(frozen=True, slots=True)
class Promises:
    """What the park promises where no item says otherwise; all in working days."""

    request_contact: int
    request_plan: int
    request_resolution: Mapping[str, int]
    """Per class of request: simple, general, structural."""
    request_default: str
    application_contact: int
    application_acceptance: int
    reopen_window: int
    auto_confirm: int
    extension_max: int
    reroute: int
    certificate: int

    def resolution(self, klass: str = "") -> int:
        return self.request_resolution[klass or self.request_default]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Promises:
        request, application = data["request"], data["application"]
        return cls(
            request_contact=request["contact_wd"],
            request_plan=request["plan_wd"],
            request_resolution=dict(request["resolution_wd"]),
            request_default=request["default"],
            application_contact=application["contact_wd"],
            application_acceptance=application["acceptance_wd"],
            reopen_window=data["reopen_window_wd"],
            auto_confirm=data["auto_confirm_wd"],
            extension_max=data["extension_max_wd"],
            reroute=data["reroute_wd"],
            certificate=data["certificate_wd"],
        )
