"""What a case knows of people is overwritten; that there was a case, its dates and its decision stay."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed
from qitong.casework import indexing, personal
from qitong.casework.models import Case, CaseMaterial, Certificate, Commitment, Note, Supplement, Task
from qitong.casework.move import locked
from qitong.datashare import erasing
from qitong.datashare.models import Document
from qitong.kernel.masking import Veil
from qitong.ledger.erase import erase as erase_texts
from qitong.ledger.models import Text
from qitong.ledger.record import record

ERASED = "personal_data.erased"
GONE = "（已按规定删除）"
_OFFICIAL = {
    Case: ("correction_notice", "refusal_grounds", "ended_reason"),
    Task: ("ask", "opinion", "return_reason", "drop_reason"),
}


@transaction.atomic
def erase_case(*, case_id: int, why: str, by: Actor, at: dt.datetime) -> bool:
    """Overwrite the personal data of one case; False when that was done before.

    What the company wrote goes, with its files and all personal texts of the ledger; in what the office
    wrote names and numbers are masked; a decision, once taken, stands. Whether a law still keeps the case is
    the caller's to know. ``why`` is a word for the ledger: ``request``, ``retention``.
    """
    require_allowed(by, Deed.ERASE)
    case = locked(case_id)
    if case.erased_at is not None:
        return False
    veil = personal.listed(case)
    files = _files(case)
    _overwrite(case, veil, at)
    _papers(case, veil)
    if Text.objects.filter(entry__stream=case.stream).exists():
        erase_texts(case.stream, by=by.ref, at=at, reason=why)
    erasing.erase(files, by=by, at=at)
    record(case.stream, ERASED, by=by.ref, at=at, body={"why": why, "files": len(files)})
    indexing.index([case.pk])
    return True


def _overwrite(case: Case, veil: Veil, at: dt.datetime) -> None:
    """Answers about the project stay, but for what is text: they decide which law applied."""
    facts = {k: v for k, v in case.form.get("facts", {}).items() if not isinstance(v, str)}
    case.form = {"facts": facts}
    if case.item_version_id is None:
        case.title = GONE
    for field in _OFFICIAL[Case]:
        setattr(case, field, veil.text(getattr(case, field)))
    case.fingerprint, case.erased_at = "", at
    case.save(update_fields=["form", "title", "fingerprint", "erased_at", *_OFFICIAL[Case]])


def _papers(case: Case, veil: Veil) -> None:
    for task in Task.objects.filter(case=case):
        for field in _OFFICIAL[Task]:
            setattr(task, field, veil.text(getattr(task, field)))
        task.save(update_fields=list(_OFFICIAL[Task]))
    Supplement.objects.filter(case=case).update(question=GONE)
    Supplement.objects.filter(case=case).exclude(answer="").update(answer=GONE)
    Commitment.objects.filter(case=case).update(signer_name=GONE, text=GONE)
    case.materials.exclude(remark="").update(remark=GONE)


def _files(case: Case) -> list[int]:
    """The files that hang on this case and on no other that still has its own."""
    others = Case.objects.filter(enterprise=case.enterprise_id, erased_at=None).exclude(pk=case.pk)
    return sorted(_hanging_on(Case.objects.filter(pk=case.pk)) - _hanging_on(others))


def loose_files(enterprise_id: int) -> list[int]:
    """Files of a company that hang on no case which still has its own."""
    cases = Case.objects.filter(enterprise=enterprise_id, erased_at=None)
    own = Document.objects.filter(enterprise=enterprise_id, erased_at=None)
    return sorted(set(own.values_list("pk", flat=True)) - _hanging_on(cases))


def _hanging_on(cases: QuerySet[Case]) -> set[int]:
    among = cases.values("pk")
    found: set[int | None] = set()
    for model in (CaseMaterial, Commitment, Certificate):
        found |= set(model._default_manager.filter(case__in=among).values_list("document_id", flat=True))
    sent, noted = Supplement.documents.through, Note.documents.through
    found |= set(sent.objects.filter(supplement__case__in=among).values_list("document_id", flat=True))
    found |= set(noted.objects.filter(note__case__in=among).values_list("document_id", flat=True))
    return {pk for pk in found if pk is not None}
