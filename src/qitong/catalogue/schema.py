"""The shape of catalogue data: one pydantic model per thing, strict, nothing extra allowed.

Data comes from YAML through :mod:`qitong.catalogue.check`, which adds what a shape cannot say
(references, cycles, limits). ``canonical()`` is the form that is hashed, stored and read by
:mod:`qitong.catalogue.logic.types`. All limits named ``*_wd`` are working days.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from qitong.catalogue.logic.kinds import (
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
from qitong.kernel.words import Sentence, say

Text = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^\S(.*\S)?$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
MilestoneCode = Annotated[str, StringConstraints(pattern=r"^M_[A-Z0-9_]+$", max_length=60)]
Reference = Annotated[str, StringConstraints(pattern=r"^(M_[A-Z0-9_]+|[a-z][a-z0-9_]*)$", max_length=60)]
Days = Annotated[int, Field(ge=0, le=400)]


def _wrong(sentence: Sentence) -> PydanticCustomError:
    """An error of shape that carries its sentence, so that the check can show it as it is."""
    return PydanticCustomError("catalogue", "{sentence}", {"sentence": sentence})


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, serialize_by_alias=True)


class Bilingual(Strict):
    zh: Text
    en: Text


class Region(Bilingual):
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class Department(Bilingual):
    external: bool = False


class Fact(Strict):
    name: Bilingual
    question: Bilingual
    type: FactType
    unit: Bilingual | None = None
    choices: dict[Key, Bilingual] = {}
    asked_when: str = ""
    otherwise: bool | int | str | None = None

    @model_validator(mode="after")
    def choices_belong_to_a_choice(self) -> Self:
        if (self.type is FactType.CHOICE) != bool(self.choices):
            raise _wrong(say("choices只用于、且必须用于choice类型的事实。"))
        if (self.otherwise is None) != (not self.asked_when):
            raise _wrong(say("asked_when与otherwise应同时填写。"))
        if self.otherwise is not None and not self.admits(self.otherwise):
            raise _wrong(say("otherwise应为该事实可取的值。"))
        return self

    def admits(self, value: object) -> bool:
        if self.type is FactType.BOOL:
            return isinstance(value, bool)
        if self.type is FactType.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        return value in self.choices


class Milestone(Bilingual):
    requires: list[Reference]


class Limit(Strict):
    days: Annotated[int, Field(ge=1, le=400)] | None
    unit: LimitUnit
    basis: Bilingual

    @model_validator(mode="after")
    def days_have_a_unit(self) -> Self:
        if (self.days is None) != (self.unit is LimitUnit.NONE):
            raise _wrong(say("unit为none时days应为null，否则应填写天数。"))
        return self


class Material(Bilingual):
    id: Key
    klass: MaterialClass = Field(alias="class")
    source: MaterialSource
    from_: Key | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def shared_comes_from_somewhere(self) -> Self:
        if (self.source is MaterialSource.SHARED) != (self.from_ is not None):
            raise _wrong(say("source为shared时应在from中写明部门，其他来源不写from。"))
        return self


class Certificate(Bilingual):
    issuer: Key
    validity: Bilingual
    document: bool = True


class Step(Bilingual):
    key: Key
    kind: StepKind
    department: Key
    days: Days
    after: list[Key]


class Pause(Bilingual):
    reason: PauseReason | None

    @model_validator(mode="after")
    def reason_stops_the_promise(self) -> Self:
        if self.reason is not None and not self.reason.stops_promise:
            raise _wrong(say("这一原因不能中止对企业的承诺时限。"))
        return self


class Variant(Bilingual):
    statutory: Limit
    promised_wd: Days


class Window(Strict):
    open: dt.date
    close: dt.date
    basis: Bilingual

    @model_validator(mode="after")
    def closes_after_opening(self) -> Self:
        if self.close < self.open:
            raise _wrong(say("申报窗口的截止日期早于开始日期。"))
        return self


class Item(Strict):
    code: Key
    name: Bilingual
    keywords: Annotated[list[Text], Field(min_length=3, max_length=40)]
    stage: Stage
    kind: Kind
    lead: Key
    co: list[Key] = []
    red_line: bool = False
    statutory: Limit
    promised_wd: Annotated[int, Field(ge=1, le=400)]
    promise_source: PromiseSource
    variant_fact: Key | None = None
    variants: dict[Key, Variant] = {}
    requires: list[Reference] = []
    requires_if: dict[str, list[Reference]] = {}
    applies_when: str = ""
    excluded_from_clock: list[Pause] = []
    window: Window | None = None
    escalation: Bilingual | None = None
    policy: Key | None = None
    materials: Annotated[list[Material], Field(min_length=1)]
    steps: Annotated[list[Step], Field(min_length=1)]
    certificate: Certificate
    notes: Bilingual | None = None
    confidence: Annotated[str, StringConstraints(pattern=r"^(high|medium|low)$")]

    @model_validator(mode="after")
    def variants_hang_on_a_fact(self) -> Self:
        if bool(self.variants) != (self.variant_fact is not None):
            raise _wrong(say("variants与variant_fact应同时填写。"))
        return self

    def canonical(self) -> dict[str, Any]:
        """JSON-ready, every field present, absent texts as empty strings: what ``ItemSpec`` reads."""
        data = self.model_dump(mode="json")
        for name in ("variant_fact", "policy"):
            data[name] = data[name] or ""
        for material in data["materials"]:
            material["from"] = material["from"] or ""
        return data


class Resolution(Strict):
    simple: Days
    general: Days
    structural: Days


class RequestPromises(Strict):
    contact_wd: Days
    plan_wd: Days
    resolution_wd: Resolution
    default: Annotated[str, StringConstraints(pattern=r"^(simple|general|structural)$")]


class ApplicationPromises(Strict):
    """Acceptance within 5 working days at most: Administrative Licensing Law art. 32."""

    contact_wd: Days
    acceptance_wd: Annotated[int, Field(ge=0, le=5)]


class Promises(Strict):
    """Extension and certificate within 10 working days at most: the same law, art. 42 and 44."""

    request: RequestPromises
    application: ApplicationPromises
    reopen_window_wd: Days
    auto_confirm_wd: Days
    extension_max_wd: Annotated[int, Field(ge=0, le=10)]
    reroute_wd: Days
    certificate_wd: Annotated[int, Field(ge=0, le=10)]


class IntakeReason(Strict):
    name: Bilingual
    question: Bilingual
    where: Bilingual
    keywords: list[Text] = []


class Catalogue(Strict):
    """A whole catalogue; several YAML files of one folder may each hold some of its sections."""

    schema_: Annotated[int, Field(ge=1, le=1, alias="schema")]
    as_of: dt.date
    region: Region
    departments: Annotated[dict[Key, Department], Field(min_length=1)]
    facts: dict[Key, Fact] = {}
    milestones: dict[MilestoneCode, Milestone] = {}
    promises: Promises
    items: Annotated[list[Item], Field(min_length=1)]
    intake: dict[Key, IntakeReason] = {}

    def canonical(self) -> dict[str, Any]:
        """The whole as JSON-ready data, items included."""
        data = self.model_dump(mode="json", exclude={"items"})
        data["items"] = [item.canonical() for item in self.items]
        return data

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON, in hexadecimal."""
        text = json.dumps(self.canonical(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
