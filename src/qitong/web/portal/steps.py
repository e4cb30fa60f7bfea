"""The steps of a draft: which there are, how far each is, and which comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.db.models.query import Prefetch
from django.urls import reverse

from qitong.casework.logic import intake
from qitong.casework.logic.deferral import Paper, to_bring
from qitong.casework.logic.flow import CaseKind
from qitong.casework.logic.terms import COMING, MATERIAL_STATE_WORDS, MaterialState
from qitong.casework.models import Case, CaseMaterial
from qitong.catalogue import queries as catalogue
from qitong.catalogue.logic.kinds import LABELS, MaterialClass, MaterialSource
from qitong.catalogue.logic.types import FactSpec, MaterialSpec
from qitong.kernel.words import Named, Sentence, say
from qitong.web.common.parts import Tone
from qitong.web.portal import answers

WORDS: dict[str, Sentence] = {
    "need": say("需求"),
    "contact": say("联系人"),
    "facts": say("情况"),
    "materials": say("材料"),
    "deferral": say("容缺承诺"),
    "check": say("核对并提交"),
}

CLASS_TONES: dict[str, Tone] = {"core": Tone.TIDE, "deferrable": Tone.REED, "red_line": Tone.RED}
CLASS_MEANING: dict[str, Sentence] = {
    "core": say("受理时必须提供"),
    "deferrable": say("签署承诺书后可以稍后补齐"),
    "red_line": say("涉及安全或环境，必须提供，不能容缺"),
}
STATE_TONES: dict[MaterialState, Tone] = {
    MaterialState.MISSING: Tone.PLAIN,
    MaterialState.PROVIDED: Tone.TIDE,
    MaterialState.DEFERRED: Tone.REED,
    MaterialState.VERIFIED: Tone.GREEN,
    MaterialState.REJECTED: Tone.RED,
}


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    href: str

    @property
    def words(self) -> Sentence:
        return WORDS[self.key]


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One material of a case with what the catalogue says of it."""

    row: CaseMaterial
    spec: MaterialSpec

    @property
    def paper(self) -> Paper:
        state = MaterialState(self.row.state)
        return Paper(self.row.key, self.spec.name, self.row.klass, state, self.row.is_authorised)

    @property
    def name(self) -> Named:
        return self.spec.name

    @property
    def klass(self) -> Named:
        return LABELS[MaterialClass(self.row.klass)]

    @property
    def tone(self) -> Tone:
        return CLASS_TONES[self.row.klass]

    @property
    def meaning(self) -> Sentence:
        return CLASS_MEANING[self.row.klass]

    @property
    def state(self) -> Sentence:
        return COMING if self.is_coming else MATERIAL_STATE_WORDS[MaterialState(self.row.state)]

    @property
    def state_tone(self) -> Tone:
        return Tone.REED if self.is_coming else STATE_TONES[MaterialState(self.row.state)]

    @property
    def is_in(self) -> bool:
        return self.paper.is_in

    @property
    def is_coming(self) -> bool:
        return self.paper.is_coming

    @property
    def is_sharable(self) -> bool:
        """A department holds it and could supply it, would the company allow that."""
        return self.row.source == MaterialSource.SHARED and not self.is_in and not self.row.is_authorised

    @property
    def is_owed(self) -> bool:
        """Promised for later, or handed in and found wanting."""
        return self.row.state in (MaterialState.DEFERRED, MaterialState.REJECTED)


def material_lines(case: Case) -> list[MaterialLine]:
    """The materials in the catalogue's order, with their documents; one query a case."""
    if case.item_version is None:
        return []
    with_files = CaseMaterial.objects.select_related("document", "commitment", "consent").order_by("position")
    prefetch_related_objects([case], Prefetch("materials", queryset=with_files))
    spec = case.item_version.spec
    found = [(row, spec.material(row.key)) for row in case.materials.all()]
    return [MaterialLine(row, known) for row, known in found if known is not None]


def questions(case: Case, on: dt.date) -> list[FactSpec]:
    """The questions to put for this case, given its answers so far."""
    if case.item_version is None:
        return []
    specs = answers.about(case.item_version.spec, catalogue.facts(on))
    return answers.asked(specs, answers.all_typed(specs, case.form.get("facts", {})))


def steps_of(case: Case, lines: Sequence[MaterialLine], on: dt.date) -> list[Step]:
    """The steps of this draft as it stands; signing for later appears once it can be of use."""
    if case.kind == CaseKind.REQUEST:
        keys = ["need", "contact", "check"]
    else:
        keys = ["contact"]
        if questions(case, on):
            keys.append("facts")
        if lines:
            keys.append("materials")
        if any(line.row.klass == "deferrable" and not (line.is_in or line.is_coming) for line in lines):
            keys.append("deferral")
        keys.append("check")
    return [Step(key, reverse(f"portal:{key}", args=[case.pk])) for key in keys]


def unfilled(case: Case) -> list[str]:
    """The fields without which it cannot be handed in."""
    return intake.missing_fields(case.kind, case.form)


def first_open(case: Case, steps: Sequence[Step], lines: Sequence[MaterialLine]) -> Step:
    """Where to go on: the first step with something to do, else the check."""
    missing = set(unfilled(case))
    by_key = {step.key: step for step in steps}
    if missing & {"title", "description"} and "need" in by_key:
        return by_key["need"]
    if missing:
        return by_key["contact"]
    if "facts" in by_key and not case.form.get("facts"):
        return by_key["facts"]
    if to_bring([line.paper for line in lines]):
        return by_key["materials"]
    return by_key["check"]


def after(steps: Sequence[Step], key: str) -> Step:
    """The step after ``key``; the last one for the last, and for one that is no longer there."""
    keys = [step.key for step in steps]
    if key not in keys:
        return steps[-1]
    return steps[min(keys.index(key) + 1, len(steps) - 1)]


def place(steps: Sequence[Step], key: str) -> dict[str, object]:
    """Number, count and title for the stepper, and the way back."""
    keys = [step.key for step in steps]
    number = keys.index(key) + 1 if key in keys else len(keys)
    back = steps[number - 2].href if number > 1 else ""
    return {"number": number, "of": len(keys), "title": WORDS[key], "back": back}
