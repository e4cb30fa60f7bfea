"""The closed sets of values a service item is described with, and how each is shown to people."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qitong.kernel.limits import LimitUnit, PauseReason
from qitong.kernel.words import Named

__all__ = [
    "LABELS",
    "WINDOW",
    "FactType",
    "Kind",
    "LimitUnit",
    "MaterialClass",
    "MaterialSource",
    "PauseReason",
    "PromiseSource",
    "Stage",
    "StepKind",
]

WINDOW = "window"
"""The department code of the single window, which accepts on behalf of the lead department."""


class Stage(StrEnum):
    """Where in the life of a company an item stands, in the order a company meets them."""

    SETUP = "setup"
    LAND_PLANNING = "land_planning"
    ENVIRONMENT_ENERGY = "environment_energy"
    CONSTRUCTION = "construction"
    OPERATING_LICENCE = "operating_licence"
    QUALIFICATION = "qualification"
    TALENT = "talent"


class Kind(StrEnum):
    """The legal nature of an item (事项类型)."""

    LICENCE = "licence"
    CONFIRMATION = "confirmation"
    FILING = "filing"
    PUBLIC_SERVICE = "public_service"
    OTHER_POWER = "other_power"
    TAX_BENEFIT = "tax_benefit"


class PromiseSource(StrEnum):
    """``reference``: a published promise; ``illustrative``: to be replaced by the department's own."""

    REFERENCE = "reference"
    ILLUSTRATIVE = "illustrative"


class MaterialClass(StrEnum):
    """Only ``deferrable`` materials may follow later; a red line is never deferred or promised away."""

    CORE = "core"
    DEFERRABLE = "deferrable"
    RED_LINE = "red_line"


class MaterialSource(StrEnum):
    """Who brings it: the applicant, another department under the company's consent, or the platform."""

    APPLICANT = "applicant"
    SHARED = "shared"
    GENERATED = "generated"


class StepKind(StrEnum):
    ACCEPTANCE = "acceptance"
    REVIEW = "review"
    INSPECTION = "inspection"
    PUBLIC_NOTICE = "public_notice"
    EXPERT_REVIEW = "expert_review"
    DECISION = "decision"


class FactType(StrEnum):
    BOOL = "bool"
    NUMBER = "number"
    CHOICE = "choice"


LABELS: Mapping[StrEnum, Named] = {
    Stage.SETUP: Named("企业设立", "Setting up"),
    Stage.LAND_PLANNING: Named("用地规划", "Land and planning"),
    Stage.ENVIRONMENT_ENERGY: Named("环保节能", "Environment and energy"),
    Stage.CONSTRUCTION: Named("工程建设", "Construction"),
    Stage.OPERATING_LICENCE: Named("经营许可", "Operating"),
    Stage.QUALIFICATION: Named("资质认定", "Qualifications"),
    Stage.TALENT: Named("人才服务", "Talent"),
    Kind.LICENCE: Named("行政许可", "Administrative licence"),
    Kind.CONFIRMATION: Named("行政确认", "Administrative confirmation"),
    Kind.FILING: Named("备案", "Filing"),
    Kind.PUBLIC_SERVICE: Named("公共服务", "Public service"),
    Kind.OTHER_POWER: Named("其他行政权力", "Other administrative power"),
    Kind.TAX_BENEFIT: Named("税费优惠", "Tax benefit"),
    PromiseSource.REFERENCE: Named("参考园区承诺", "promise of the reference park"),
    PromiseSource.ILLUSTRATIVE: Named(
        "示例承诺，以部门公布为准", "illustrative, the department's own prevails"
    ),
    MaterialClass.CORE: Named("核心材料", "Core material"),
    MaterialClass.DEFERRABLE: Named("可容缺材料", "May follow later"),
    MaterialClass.RED_LINE: Named("红线材料", "Red-line material"),
    MaterialSource.APPLICANT: Named("企业提交", "From the company"),
    MaterialSource.SHARED: Named("授权后由部门共享", "Fetched from a department with consent"),
    MaterialSource.GENERATED: Named("平台预填生成", "Pre-filled by the platform"),
    StepKind.ACCEPTANCE: Named("受理", "Acceptance"),
    StepKind.REVIEW: Named("审查", "Review"),
    StepKind.INSPECTION: Named("现场核查", "Inspection"),
    StepKind.PUBLIC_NOTICE: Named("公示", "Public notice"),
    StepKind.EXPERT_REVIEW: Named("专家评审", "Expert review"),
    StepKind.DECISION: Named("决定", "Decision"),
}
"""How each value of the sets above is shown to people; no two of them share a value."""
