"""The materials of a case as rows: how each stands, and whether this officer may judge it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qitong.casework.logic.terms import (
    COMING,
    MATERIAL_CLASS_WORDS,
    MATERIAL_SOURCE_WORDS,
    MATERIAL_STATE_WORDS,
    MaterialState,
)
from qitong.casework.models import Case, CaseMaterial, Commitment
from qitong.kernel.words import Named, Sentence
from qitong.web.common.addresses import address
from qitong.web.common.parts import Tone
from qitong.web.workbench.blanks import Asked
from qitong.web.workbench.case_deeds import FETCH, VERIFY
from qitong.web.workbench.deeds import Bound
from qitong.web.workbench.forms import DeedForm, FetchForm, VerifyForm
from qitong.web.workbench.places import Place

TONES = {
    MaterialState.MISSING: Tone.RED,
    MaterialState.PROVIDED: Tone.TIDE,
    MaterialState.DEFERRED: Tone.REED,
    MaterialState.VERIFIED: Tone.GREEN,
    MaterialState.REJECTED: Tone.RED,
}


def rows_of(case: Case) -> list[CaseMaterial]:
    """The materials of an application; a request has none, and nobody is asked for them."""
    return list(case.materials.all()) if case.item_version_id is not None else []


def commitments(case: Case) -> list[Commitment]:
    """The signed letters, which always name materials of the case."""
    named = (material.commitment for material in rows_of(case))
    return list({letter.pk: letter for letter in named if letter is not None}.values())


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One material as a row; ``form`` asks what is wrong with it, None when it cannot be judged now.

    ``fetch`` takes the file that the department supplied, None when there is none to be fetched.
    """

    material: CaseMaterial
    name: Named
    klass: Sentence
    source: Sentence
    word: Sentence
    tone: Tone
    form: Asked | None
    fetch: Asked | None
    open: bool
    href: str

    @property
    def is_to_check(self) -> bool:
        """Handed in, and nobody has said yet whether it is right."""
        return self.material.state == MaterialState.PROVIDED

    @property
    def is_verified(self) -> bool:
        return self.material.state == MaterialState.VERIFIED


def lines(place: Place, bound: Bound | None) -> Iterator[MaterialLine]:
    names = {paper.key: paper.name for paper in place.detail.papers}
    may_verify, may_fetch = not VERIFY.why_not(place), not FETCH.why_not(place)
    for material in rows_of(place.case):
        state = MaterialState(material.state)
        is_in = state in (MaterialState.PROVIDED, MaterialState.VERIFIED)
        awaited = material.is_authorised and not is_in
        refused = bound.form if bound is not None and bound.key == material.key else None
        judged = refused if isinstance(refused, VerifyForm) else None
        brought = refused if isinstance(refused, FetchForm) else None
        yield MaterialLine(
            material,
            names[material.key],
            MATERIAL_CLASS_WORDS[material.klass],
            MATERIAL_SOURCE_WORDS[material.source],
            COMING if awaited and state is not MaterialState.DEFERRED else MATERIAL_STATE_WORDS[state],
            Tone.REED if awaited else TONES[state],
            _asked(VerifyForm, "remark", place, f"verify-{material.key}", judged, may=may_verify and is_in),
            _asked(FetchForm, "file", place, f"fetch-{material.key}", brought, may=may_fetch and awaited),
            refused is not None,
            address("workbench:material", place.case.number, material.key),
        )


def _asked(
    kind: type[DeedForm], field: str, place: Place, anchor: str, refused: DeedForm | None, *, may: bool
) -> Asked | None:
    return Asked(kind, place, anchor, refused, (field,)) if may or refused else None


def progress(found: Sequence[MaterialLine]) -> tuple[int, int]:
    """How many materials were checked, of how many."""
    return sum(line.is_verified for line in found), len(found)


def first_href(found: Sequence[MaterialLine]) -> str:
    """Where to begin checking: the first that nobody has judged, else the first with a file."""
    with_file = [line for line in found if line.material.document_id is not None]
    first = next((line for line in with_file if line.is_to_check), next(iter(with_file), None))
    return first.href if first else ""
