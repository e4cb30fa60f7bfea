"""The materials of a case with what the catalogue says of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.db.models.query import Prefetch

from qitong.casework.logic.deferral import Paper
from qitong.casework.logic.terms import COMING, MATERIAL_STATE_WORDS, MaterialState
from qitong.casework.models import Case, CaseMaterial
from qitong.catalogue.logic.kinds import LABELS, MaterialClass, MaterialSource
from qitong.catalogue.logic.types import MaterialSpec
from qitong.kernel.words import Named, Sentence
from qitong.web.common.parts import Tone
from qitong.web.common.shelf import CLASS_MEANING, CLASS_TONES

STATE_TONES: dict[MaterialState, Tone] = {
    MaterialState.MISSING: Tone.PLAIN,
    MaterialState.PROVIDED: Tone.TIDE,
    MaterialState.DEFERRED: Tone.REED,
    MaterialState.VERIFIED: Tone.GREEN,
    MaterialState.REJECTED: Tone.RED,
}


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
        return CLASS_TONES[MaterialClass(self.row.klass)]

    @property
    def meaning(self) -> Sentence:
        return CLASS_MEANING[MaterialClass(self.row.klass)]

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
    with_files = CaseMaterial.objects.select_related("document", "commitment__document", "consent")
    prefetch_related_objects([case], Prefetch("materials", queryset=with_files.order_by("position")))
    spec = case.item_version.spec
    found = [(row, spec.material(row.key)) for row in case.materials.all()]
    return [MaterialLine(row, known) for row, known in found if known is not None]
