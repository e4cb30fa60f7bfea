"""The small closed vocabularies of a case, each with its words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from qitong.kernel.words import Sentence, say


class MaterialState(StrEnum):
    MISSING = "missing"
    PROVIDED = "provided"
    DEFERRED = "deferred"
    VERIFIED = "verified"
    REJECTED = "rejected"


class CommitmentState(StrEnum):
    OPEN = "open"
    FULFILLED = "fulfilled"
    MISSED = "missed"
    VOID = "void"


class TaskOutcome(StrEnum):
    CONCUR = "concur"
    OBJECT = "object"
    FINISHED = "finished"


class Outcome(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"


class Side(StrEnum):
    """Who speaks in the notes of a case: the company, or the officers who answer for it."""

    COMPANY = "company"
    OFFICE = "office"

    @property
    def other(self) -> Side:
        return Side.OFFICE if self is Side.COMPANY else Side.COMPANY


class RefusalReason(StrEnum):
    """The intake filter: what this platform may not take up, each with somewhere else to go."""

    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    BEFORE_COURT = "before_court"
    PETITION = "petition"
    SECRETS_PRIVACY = "secrets_privacy"
    UNLAWFUL_ABUSIVE = "unlawful_abusive"
    REPEAT_SAME_FACTS = "repeat_same_facts"


MATERIAL_STATE_WORDS: dict[MaterialState, Sentence] = {
    MaterialState.MISSING: say("未提供"),
    MaterialState.PROVIDED: say("已提供"),
    MaterialState.DEFERRED: say("容缺，承诺后补"),
    MaterialState.VERIFIED: say("已核对"),
    MaterialState.REJECTED: say("不符合要求"),
}

COMING = say("由部门共享，正在获取")
"""Shown instead of the state while a department is still to supply what the company let it share."""

MATERIAL_CLASS_WORDS: dict[str, Sentence] = {
    "core": say("核心材料"),
    "deferrable": say("可容缺材料"),
    "red_line": say("红线材料"),
}

MATERIAL_SOURCE_WORDS: dict[str, Sentence] = {
    "applicant": say("由企业提供"),
    "shared": say("经授权由部门共享"),
    "generated": say("由系统生成，在线签署"),
}

OUTCOME_WORDS: dict[Outcome, Sentence] = {
    Outcome.APPROVE: say("准予"),
    Outcome.REFUSE: say("不予"),
}

TASK_OUTCOME_WORDS: dict[TaskOutcome, Sentence] = {
    TaskOutcome.CONCUR: say("同意"),
    TaskOutcome.OBJECT: say("不同意"),
    TaskOutcome.FINISHED: say("办结"),
}


def choices(values: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Values for a Django field; the words live in the tables above."""
    return [(v.value, v.value) for v in values]


class Owed(StrEnum):
    """What a case waits for from the company."""

    CORRECTION = "correction"
    SUPPLEMENT = "supplement"
    COMMITMENT = "commitment"
    CONFIRMATION = "confirmation"


OWED_WORDS: dict[Owed, Sentence] = {
    Owed.CORRECTION: say("按告知书补正"),
    Owed.SUPPLEMENT: say("答复部门的补充要求"),
    Owed.COMMITMENT: say("补交容缺材料"),
    Owed.CONFIRMATION: say("确认办理结果"),
}
