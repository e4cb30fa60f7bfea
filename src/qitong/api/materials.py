"""The materials of a case: brought, generated, checked, read."""

from __future__ import annotations

from typing import Annotated

from django.http import FileResponse, HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from qitong.accounts.actors import Actor
from qitong.api.auth import acting, now
from qitong.api.case_shapes import CaseMaterialOut, materials_out
from qitong.api.scope import CaseRef, MaterialKey, attempt, case_of, seen
from qitong.api.shapes import In, Text
from qitong.api.uploads import opened
from qitong.casework import deferral, drafts, personal, sharing
from qitong.casework.logic.flow import CaseState, Deed
from qitong.casework.models import Case
from qitong.datashare import documents, downloads
from qitong.datashare.logic import filetypes
from qitong.datashare.models import Document
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

router = Router(tags=["materials"])
_TYPES = sorted({kind.content_type.partition(";")[0] for kind in filetypes.ACCEPTED})
BINARY = {
    "responses": {
        200: {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in _TYPES}}
    }
}


class MaterialList(BaseModel):
    materials: list[CaseMaterialOut]


class Verdict(In):
    correct: bool
    remark: Text = Field(default="", description="Required when the material is not correct")


@router.get("/cases/{ref}/materials", response=MaterialList, summary="The materials of a case")
def list_materials(request: HttpRequest, ref: CaseRef) -> MaterialList:
    case = case_of(acting(request), ref)
    return MaterialList(materials=materials_out(case, personal.veil_of(acting(request), case, at=now())))


@router.post("/cases/{ref}/materials/{key}", response=CaseMaterialOut, summary="Bring a material as a file")
def upload_material(
    request: HttpRequest, ref: CaseRef, key: MaterialKey, file: Annotated[UploadedFile, File()]
) -> CaseMaterialOut:
    """In a draft or a correction it is attached; later, a deferred or rejected material is cured."""
    actor = acting(request)
    found = seen(actor, ref)
    early = found.state in (CaseState.DRAFT, CaseState.CORRECTION)
    bring, deed = (drafts.attach, Deed.ATTACH) if early else (deferral.cure, Deed.CURE)
    attempt(
        actor,
        deed,
        found,
        lambda: bring(case_id=found.pk, key=key, file=opened(file), name=file.name or "", by=actor, at=now()),
    )
    return _one(found, key, actor)


@router.post(
    "/cases/{ref}/materials/{key}/generate",
    response=CaseMaterialOut,
    summary="Have a form filled in from what is known",
)
def generate_material(request: HttpRequest, ref: CaseRef, key: MaterialKey) -> CaseMaterialOut:
    actor = acting(request)
    found = seen(actor, ref)
    attempt(
        actor,
        Deed.ATTACH,
        found,
        lambda: drafts.generate(case_id=found.pk, key=key, by=actor, at=now()),
    )
    return _one(found, key, actor)


@router.post(
    "/cases/{ref}/materials/{key}/fetch",
    response=CaseMaterialOut,
    summary="Attach what the department supplied, under the company's consent",
)
def fetch_material(
    request: HttpRequest, ref: CaseRef, key: MaterialKey, file: Annotated[UploadedFile, File()]
) -> CaseMaterialOut:
    actor = acting(request)
    found = seen(actor, ref)
    content, name = opened(file), file.name or ""
    attempt(
        actor,
        Deed.FETCH,
        found,
        lambda: sharing.fetch(case_id=found.pk, key=key, file=content, name=name, by=actor, at=now()),
    )
    return _one(found, key, actor)


@router.post(
    "/cases/{ref}/materials/{key}/verify",
    response=CaseMaterialOut,
    summary="Say whether a material is correct",
)
def verify_material(request: HttpRequest, ref: CaseRef, key: MaterialKey, body: Verdict) -> CaseMaterialOut:
    actor = acting(request)
    found = seen(actor, ref)
    attempt(
        actor,
        Deed.VERIFY,
        found,
        lambda: deferral.verify(
            case_id=found.pk, key=key, correct=body.correct, remark=body.remark, by=actor, at=now()
        ),
    )
    return _one(found, key, actor)


@router.get("/cases/{ref}/materials/{key}/file", summary="The file of a material", openapi_extra=BINARY)
def read_material_file(request: HttpRequest, ref: CaseRef, key: MaterialKey) -> FileResponse:
    actor = acting(request)
    found = seen(actor, ref)
    document = drafts.material_of(found, key).document
    if document is None:
        raise Refused(say("这份材料还没有提供。"), code="not_found")
    return _download(document, found, actor)


@router.get(
    "/cases/{ref}/certificates/{number}/file", summary="The file of a delivered result", openapi_extra=BINARY
)
def read_certificate_file(request: HttpRequest, ref: CaseRef, number: MaterialKey) -> FileResponse:
    actor = acting(request)
    found = seen(actor, ref)
    certificate = found.certificates.select_related("document").filter(number=number).first()
    if certificate is None:
        raise Refused(say("没有这份办理结果。"), code="not_found")
    return _download(certificate.document, found, actor)


def _one(case: Case, key: str, actor: Actor) -> CaseMaterialOut:
    veil = personal.veil_of(actor, case, at=now())
    return next(m for m in materials_out(case, veil) if m.key == key)


def _download(document: Document, case: Case, actor: Actor) -> FileResponse:
    content = documents.open(document, actor=actor, allowed_by=f"case:{case.pk}")
    personal.note_opened(document=document, case_id=case.pk, by=actor, at=now())
    return downloads.answer(document, content)
