"""The words of the tables: what sort of thing a version is, where a fact comes from, why one says no."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qitong.kernel.words import Sentence, say


class Sort(StrEnum):
    """What a version is a version of."""

    POLICY = "policy"
    SIZES = "sizes"


class Stage(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class Source(StrEnum):
    """Where a fact comes from."""

    PROFILE = "profile"
    """The company's entry in this system."""
    SHARED = "shared"
    """A department, under the company's consent."""
    ANSWER = "answer"
    """Somebody of the company, asked here or through the API."""


class Reason(StrEnum):
    """Why a company does not want a policy proposed again."""

    NO_NEED = "no_need"
    HAVE_IT = "have_it"
    NOT_OURS = "not_ours"
    TOO_MUCH = "too_much"
    OTHER = "other"


SOURCES: Mapping[Source, Sentence] = {
    Source.PROFILE: say("企业档案"),
    Source.SHARED: say("部门共享"),
    Source.ANSWER: say("企业填报"),
}
REASONS: Mapping[Reason, Sentence] = {
    Reason.NO_NEED: say("暂时不需要"),
    Reason.HAVE_IT: say("已经享受"),
    Reason.NOT_OURS: say("与本企业的业务无关"),
    Reason.TOO_MUCH: say("手续太多，不值得办"),
    Reason.OTHER: say("其他原因"),
}
