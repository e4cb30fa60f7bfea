"""The shape of a policy file: one pydantic model per thing, strict, nothing extra allowed.

What a shape cannot say — rules that do not read, references to nobody, examples that come out otherwise —
is added by :mod:`qitong.policies.check`. ``canonical()`` is the form that is hashed and stored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from qitong.kernel.words import NOTHING, Sentence, say
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import Period, Reach
from qitong.policies.logic.standing import Status
from qitong.policies.logic.tree import canonical
from qitong.policies.logic.units import UNITS, Kind

Text = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^\S(.*\S)?$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
ConditionId = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]+[a-z]?$", max_length=8)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
MOST_SCORES = 30
"""Of a policy, and parts of a score: their sum is a tree with as many levels."""
Plain = bool | int | float | str | list[str] | None
"""A fact in an example, as a company's file gives it; None: missing."""

REBATES = frozenset({"tax_rebate", "tax_refund_local", "fiscal_return"})
"""What fair-competition review forbids a place to offer; named here so that the refusal can say why."""


def _wrong(sentence: Sentence, *at: str | int) -> PydanticCustomError:
    """``at``: the part of the model at which it is wrong."""
    return PydanticCustomError("policy", "{sentence}", {"sentence": sentence, "at": at})


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, serialize_by_alias=True)


class Kept(Strict):
    """A whole file, as it is stored."""

    def canonical(self) -> dict[str, Any]:
        """JSON-ready, every field present."""
        return self.model_dump(mode="json")

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON, in hexadecimal."""
        return hashlib.sha256(canonical(self.canonical()).encode()).hexdigest()


class Bilingual(Strict):
    zh: Text
    en: Text


class Document(Strict):
    """A document the policy rests on, by its number (文号); a law by its title 《…》.

    Only what is still to be verified may go without a number, and is not published until it has one.
    """

    number: Annotated[str, StringConstraints(pattern=r"(《.+》|\d)", max_length=100)] | None
    title: Bilingual | None = None
    note: Bilingual | None = None


class Valid(Strict):
    """In force from ``from`` to ``to``, both included; ``to`` null: until further notice."""

    from_: dt.date = Field(alias="from")
    to: dt.date | None

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Self:
        if self.to is not None and self.to < self.from_:
            raise _wrong(say("有效期的截止日期早于开始日期。"))
        return self


class OpenWindow(Strict):
    """Applications are taken from ``open`` to ``close``, both included."""

    open: dt.date
    close: dt.date
    basis: Bilingual

    @model_validator(mode="after")
    def closes_after_opening(self) -> Self:
        if self.close < self.open:
            raise _wrong(say("申报窗口的截止日期早于开始日期。"))
        return self


FactPeriod = Literal[
    "now", "last_year", "this_year", "last_two_years", "last_three_years", "last_12_months", "filing_period"
]
"""The time a fact speaks of, counted from the year of the application."""


class Input(Strict):
    """A fact the policy asks for: ``unit`` is a key of ``logic.units.UNITS``; ``range`` is in it."""

    name: Bilingual
    unit: str
    period: FactPeriod = "now"
    question: Bilingual
    choices: dict[Key, Bilingual] = {}
    range: Annotated[list[int | float], Field(min_length=2, max_length=2)] | None = None
    places: Annotated[int, Field(ge=0, le=10)] | None = None
    same_as: Key | None = None
    """Another fact that is this one by the policies' own definitions: known once, it is known for both."""
    opposite_of: Key | None = None
    """A yes-or-no fact that is yes exactly where this one is no."""

    @model_validator(mode="after")
    def is_whole(self) -> Self:
        if self.unit not in UNITS:
            raise _wrong(say("没有单位{unit}；可用：{known}。", unit=self.unit, known=", ".join(UNITS)))
        kind = UNITS[self.unit].kind
        if self.choices and kind not in (Kind.CODE, Kind.CODES):
            raise _wrong(say("choices只用于code或codes类的事实。"))
        numeric = UNITS[self.unit].most > 0
        if self.range is not None and (not numeric or self.range[0] > self.range[1]):
            raise _wrong(say("range只用于数，先小后大。"))
        if self.places is not None and not numeric:
            raise _wrong(say("places只用于数。"))
        if self.opposite_of is not None and (kind is not Kind.BOOL or self.same_as is not None):
            raise _wrong(say("opposite_of只用于是或否，不与same_as同写。"))
        return self


class ConditionSpec(Strict):
    id: ConditionId
    rule: Expression
    kind: Literal["hard", "manual"]
    clause: str = ""


class Measured(Strict):
    """Points by a table: each band is a bound that includes itself, and the points from there up."""

    label: Bilingual
    measure: Expression | None = None
    bands: Annotated[list[list[int | float | str]], Field(max_length=60)] = []
    below: int | float = 0
    expr: Expression | None = None

    @model_validator(mode="after")
    def has_one_form(self) -> Self:
        if (self.expr is None) == (self.measure is None) or bool(self.bands) != (self.measure is not None):
            raise _wrong(say("写 measure 和 bands，或者写 expr，两者取一。"))
        if any(len(band) != 2 for band in self.bands):
            raise _wrong(say("bands 的每一档写成 [下限, 分值]。"))
        return self


class ScoreSpec(Strict):
    """``best_of``: the best part counts; ``sum_of``: parts are added. A single part: either."""

    name: Key
    label: Bilingual
    max: Annotated[int, Field(ge=1, le=10_000)]
    best_of: Annotated[list[Measured], Field(max_length=MOST_SCORES)] = []
    sum_of: Annotated[list[Measured], Field(max_length=MOST_SCORES)] = []

    @model_validator(mode="after")
    def has_parts(self) -> Self:
        if bool(self.best_of) == bool(self.sum_of):
            raise _wrong(say("写 best_of 或 sum_of，两者取一。"))
        return self

    @property
    def parts(self) -> list[Measured]:
        return self.best_of or self.sum_of


BenefitType = Literal[
    "title",
    "entitlement",
    "tax_saving",
    "tax_credit",
    "tax_exemption",
    "vat_refund_statutory",
    "deferral",
    "subsidy",
    "insurance_return",
    "interest_subsidy",
]
"""``deferral`` brings time, no money; ``vat_refund_statutory`` is 即征即退 by national law, no rebate."""


class BenefitSpec(Strict):
    type: BenefitType
    amount: Expression
    unit: Literal["yuan", "wan", "none"]
    period: Period
    ceiling: Expression | None = None
    note: Bilingual | None = None

    @model_validator(mode="before")
    @classmethod
    def is_no_rebate(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("type") in REBATES:
            raise _wrong(say("不得以税收返还、财政返还作为优惠方式（公平竞争审查），该政策不能发布。"))
        return data


class FigureSpec(Strict):
    """A further amount worth showing beside the benefit, such as what remains payable."""

    label: Bilingual
    amount: Expression


class MaterialSpec(Bilingual):
    """A paper to hand in; ``key`` is its id among the materials of the policy's catalogue item."""

    key: Key | None = None


class Example(Strict):
    """A case worked by hand. ``like``: the facts of the example of that name, changed by ``in``.

    ``on``: the day on which it is judged; only where the rule reckons the time since a date.
    """

    name: Key
    like: Key | None = None
    on: dt.date | None = None
    in_: dict[Key, Plain] = Field(alias="in")
    expect: Outcome
    scores: dict[Key, int | float | None] = {}
    benefit: int | float | None = None
    """In the benefit's unit; absent: not looked at."""
    figures: dict[Key, int | float | None] = {}

    @model_serializer(mode="wrap")
    def keeps_what_is_looked_at(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A benefit that must be unknown and one that is not looked at read back as what they are."""
        data: dict[str, Any] = plain(self)
        if "benefit" not in self.model_fields_set:
            data.pop("benefit", None)
        if self.on is None:
            data.pop("on", None)
        return data


Level = Literal["national", "provincial", "municipal", "district"]


class Policy(Kept):
    schema_: Annotated[int, Field(ge=1, le=1, alias="schema")]
    id: Key
    name: Bilingual
    theme: Literal["recognition", "income_tax", "vat_and_fees", "employment", "trade_and_local"]
    level: Annotated[list[Level], Field(min_length=1)]
    region: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    department: Key
    documents: Annotated[list[Document], Field(min_length=1)]
    basis: Bilingual
    valid: Valid
    status: Status
    superseded_by: Key | None = None
    windows: list[OpenWindow] = []
    confidence: Literal["high", "medium", "low"]
    inputs: dict[Key, Input]
    applies_when: Expression | None = None
    reach: Reach = Reach.SOME
    unlikely_when: Expression | None = None
    """Facts with which hardly anybody gets it though no condition says so: nobody is asked for its sake."""
    scores: Annotated[list[ScoreSpec], Field(max_length=MOST_SCORES)] = []
    conditions: Annotated[list[ConditionSpec], Field(min_length=1)]
    benefit: BenefitSpec
    figures: dict[Key, FigureSpec] = {}
    exclusive_with: list[Key] = []
    exclusive_outside: list[Bilingual] = []
    """What excludes it but is no policy of this library, in words."""
    stackable_with: list[Key] = []
    item: Key | None = None
    """The catalogue's item through which it is applied for."""
    materials: list[MaterialSpec] = []
    notes: Bilingual | None = None
    examples: Annotated[list[Example], Field(min_length=1)]

    @model_validator(mode="after")
    def superseded_by_somebody(self) -> Self:
        if (self.status is Status.SUPERSEDED) != (self.superseded_by is not None):
            at = "superseded_by" if self.superseded_by is not None else "status"
            raise _wrong(say("status为superseded时应写明superseded_by，其他状态不写。"), at)
        return self

    @model_validator(mode="after")
    def rests_on_numbers(self) -> Self:
        for index, document in enumerate(self.documents):
            if document.number is None and (self.status is not Status.VERIFY or document.title is None):
                at = ("documents", index, "number")
                raise _wrong(say("应有文号；待核实（verify）的可暂缺并写明title。"), *at)
        return self

    @property
    def why_not_publish(self) -> Sentence:
        """Why it may not be put before companies, however right its rule is; empty when it may."""
        if any(document.number is None for document in self.documents):
            return say("{id}缺少文号，补上之前不能发布。", id=self.id)
        return NOTHING


class SizeRow(Bilingual):
    id: Key
    industries: Annotated[list[str], Field(min_length=1)]
    except_: list[str] = Field(default=[], alias="except")
    bounds: dict[Key, Annotated[list[int], Field(min_length=3, max_length=3)]]
    """Indicator → its bounds for large, medium and small, in the indicator's unit."""


class SizeExample(Strict):
    industry: str
    in_: dict[Key, int | float | None] = Field(alias="in")
    expect: Literal["large", "medium", "small", "micro"] | None


class SizeFile(Kept):
    """The table by which companies are large, medium, small or micro."""

    schema_: Annotated[int, Field(ge=1, le=1, alias="schema")]
    name: Bilingual
    documents: Annotated[list[Document], Field(min_length=1)]
    valid: Valid
    inputs: dict[Key, Input]
    rows: Annotated[list[SizeRow], Field(min_length=1)]
    examples: Annotated[list[SizeExample], Field(min_length=1)]
    notes: Bilingual | None = None
