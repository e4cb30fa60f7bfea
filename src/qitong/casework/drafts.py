"""The draft: started once, saved field by field, its materials attached one by one."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.models import QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseKind, Deed
from qitong.casework.logic.terms import CommitmentState, MaterialState
from qitong.casework.models import Case, CaseMaterial
from qitong.casework.move import locked, move_case, open_case, person
from qitong.catalogue.calendar import newest_row
from qitong.catalogue.models import ItemVersion, Material
from qitong.catalogue.queries import edition_pk
from qitong.catalogue.queries import item as current_item
from qitong.datashare import documents, reuse
from qitong.datashare.models import Document, Origin
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.sql.frozen import Frozen

FORM_FIELDS = frozenset({"title", "description", "contact_name", "contact_phone", "share_consent"})
MAX_FIELD = 5000
MAX_TITLE = 200


@transaction.atomic
def start_application(
    *,
    enterprise_id: int,
    item_code: str,
    by: Actor,
    at: dt.datetime,
    client_key: str | None = None,
    facts: Mapping[str, Any] | None = None,
    project_id: int | None = None,
    parent_id: int | None = None,
) -> Case:
    """Open a draft for an item. The same ``client_key`` again returns the draft already opened.

    Known materials are carried over: what the company holds under the same key is attached.
    """
    if found := _already(client_key, by):
        return found
    _demand_member(by, enterprise_id)
    version = current_item(item_code, day_of(at))
    if version is None:
        raise Refused(say("没有这个事项。"), code="not_found", field="item")
    case = new_case(
        CaseKind.APPLICATION,
        enterprise_id,
        by=by,
        at=at,
        client_key=client_key,
        item_version=version,
        title=version.name_zh,
        project_id=project_id,
        parent_id=parent_id,
        form={"facts": dict(facts or {}), **_contact(Enterprise.objects.get(pk=enterprise_id), by)},
    )
    add_materials(case, version, at=at)
    return case


@transaction.atomic
def start_request(
    *,
    enterprise_id: int,
    by: Actor,
    at: dt.datetime,
    client_key: str | None = None,
    answers: Mapping[str, str] | None = None,
) -> Case:
    """Open a draft for a free request (诉求), with what is answered already (FORM_FIELDS)."""
    return open_request(enterprise_id=enterprise_id, by=by, at=at, client_key=client_key, answers=answers)


def open_request(
    *,
    enterprise_id: int,
    by: Actor,
    at: dt.datetime,
    client_key: str | None = None,
    answers: Mapping[str, str] | None = None,
) -> Case:
    """:func:`start_request` for a transaction that is under way, and ends with what is refused here."""
    if found := _already(client_key, by):
        return found
    case = request_of(enterprise_id, answers or {}, client_key=client_key, by=by, at=at)
    return open_case(case, by=by, at=at)


def request_of(
    enterprise_id: int,
    answers: Mapping[str, str],
    *,
    by: Actor,
    at: dt.datetime,
    client_key: str | None = None,
) -> Case:
    """A request that is written down nowhere yet: for ``open_case``, or to be handed in at once."""
    _demand_member(by, enterprise_id)
    enterprise = _ENTERPRISE(pk=enterprise_id, on=day_of(at))[0]
    form = _contact(enterprise, by)
    for field, value in answers.items():
        form = _with(form, field, value)
    title = str(form.get("title", "")).strip()
    case = _draft(
        CaseKind.REQUEST, enterprise_id, by=by, at=at, client_key=client_key, title=title, form=form
    )
    case.enterprise = enterprise
    vars(case).update({name: vars(enterprise)[name] for name in ("newest_calendar", "edition_today")})
    return case


def _enterprise(pk: int, on: dt.date) -> QuerySet[Enterprise]:
    """With what handing in asks of calendar and catalogue."""
    along = {"newest_calendar": newest_row(), "edition_today": edition_pk(on)}
    return Enterprise.objects.select_related("jurisdiction").filter(pk=pk).annotate(**along)


_ENTERPRISE: Frozen[Enterprise] = Frozen(_enterprise)


def _already(client_key: str | None, by: Actor) -> Case | None:
    """The draft this key opened before; a key of somebody else's company is refused."""
    if not client_key:
        return None
    with connection.cursor() as cursor:  # of two clicks at once, the second waits and finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [client_key])
    found = Case.objects.filter(client_key=client_key).first()
    if found is not None:
        _demand_member(by, found.enterprise_id)
    return found


def _demand_member(by: Actor, enterprise_id: int) -> None:
    if enterprise_id not in by.enterprise_ids:
        raise Refused(say("您不是这家企业的成员，不能代它办理。"), code="not_allowed")


def _contact(enterprise: Enterprise, by: Actor) -> dict[str, Any]:
    return {"contact_name": by.name, "contact_phone": enterprise.phone}


def new_case(
    kind: CaseKind, enterprise_id: int, *, by: Actor, at: dt.datetime, client_key: str | None, **fields: Any
) -> Case:
    """A draft and its first entry; who may open one is the caller's to check."""
    return open_case(_draft(kind, enterprise_id, by=by, at=at, client_key=client_key, **fields), by=by, at=at)


def _draft(
    kind: CaseKind, enterprise_id: int, *, by: Actor, at: dt.datetime, client_key: str | None, **fields: Any
) -> Case:
    return Case(
        kind=kind,
        enterprise_id=enterprise_id,
        client_key=client_key or None,
        created_at=at,
        created_by_id=person(by),
        **fields,
    )


def add_materials(case: Case, version: ItemVersion, *, at: dt.datetime) -> None:
    """What the item asks for; what the company holds under the same key is attached."""
    materials = list(Material.objects.filter(item_version=version).order_by("position"))
    offers = reuse.offers(case.enterprise_id, [m.key for m in materials if m.source != "generated"])
    CaseMaterial.objects.bulk_create(
        CaseMaterial(
            case=case,
            item_version=version,
            key=m.key,
            klass=m.klass,
            source=m.source,
            position=m.position,
            document=offers.get(m.key),
            state=MaterialState.PROVIDED if m.key in offers else MaterialState.MISSING,
            provided_at=at if m.key in offers else None,
        )
        for m in materials
    )


def save_field(*, case_id: int, field: str, value: str, by: Actor, at: dt.datetime) -> Case:
    """Keep what was typed into one field; see :func:`save_fields`."""
    return save_fields(case_id=case_id, values={field: value}, by=by, at=at)


@transaction.atomic
def save_fields(
    *,
    case_id: int,
    values: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
    by: Actor,
    at: dt.datetime,
) -> Case:
    """Keep what was typed, as typed; judged only at submission.

    The names are FORM_FIELDS or ``fact.<name>``. The texts themselves stay out of the ledger.
    ``seen`` is what the writer had before them: where another device has written something else
    since, nothing is overwritten (``changed_elsewhere``).
    """
    case = locked(case_id)
    for field, before in (seen or {}).items():
        if field in values and answer_of(case, field) not in (before, values[field]):
            why = say("这一项刚才在另一处改过，您写的还没有保存。")
            raise Refused(why, code="changed_elsewhere", field=field)
    form = dict(case.form)
    for field, value in values.items():
        form = _with(form, field, value)
    facts: dict[str, Any] = {"form": form}
    if "title" in values and case.kind == CaseKind.REQUEST:
        facts["title"] = values["title"].strip()
    return move_case(case, Deed.SAVE, by=by, at=at, facts=facts, body={"fields": sorted(values)})


def answer_of(case: Case, field: str) -> str:
    """What is kept in one field, as it would be typed; empty for nothing."""
    fact = field.startswith("fact.")
    kept = case.form.get("facts", {}).get(field.removeprefix("fact.")) if fact else case.form.get(field)
    if isinstance(kept, bool):
        return "true" if kept else "false"
    return "" if kept is None else str(kept)


def _with(form: dict[str, Any], field: str, value: str) -> dict[str, Any]:
    """The form with one answer put in, or the refusal at its field."""
    if len(value) > (MAX_TITLE if field == "title" else MAX_FIELD):
        raise Refused(say("内容太长，请控制在{n}字以内。", n=MAX_FIELD), code="too_long", field=field)
    if field.startswith("fact."):
        return {**form, "facts": {**form.get("facts", {}), field.removeprefix("fact."): value}}
    if field not in FORM_FIELDS:
        raise Refused(say("没有这个填写项。"), code="unknown_field", field=field)
    return {**form, field: value}


def material_of(case: Case, key: str) -> CaseMaterial:
    found = case.materials.filter(key=key).first()
    if found is None:
        raise Refused(say("这个事项没有材料“{key}”。", key=key), code="not_found", field="key")
    return found


@transaction.atomic
def attach(*, case_id: int, key: str, file: BinaryIO, name: str, by: Actor, at: dt.datetime) -> CaseMaterial:
    """Store one uploaded file as one material of the case (draft or correction)."""
    case = locked(case_id)
    material = material_of(case, key)
    document = documents.store(file, name=name, key=key, enterprise_id=case.enterprise_id, by=by, at=at)
    move_case(case, Deed.ATTACH, by=by, at=at, body={"material": key, "sha256": document.sha256})
    return put(material, document, at=at)


def put(material: CaseMaterial, document: Document, *, at: dt.datetime) -> CaseMaterial:
    """Make ``document`` the material. A deferred one keeps its commitment until all are in."""
    material.document = document
    material.state = MaterialState.PROVIDED
    material.provided_at = at
    material.verified_at = None
    material.remark = ""
    material.save()
    return material


@transaction.atomic
def reuse_known(*, case_id: int, key: str, by: Actor, at: dt.datetime) -> CaseMaterial:
    """Make what the company keeps under this key the material: nobody is asked twice."""
    case = locked(case_id)
    material = material_of(case, key)
    document = reuse.find(case.enterprise_id, key)
    if document is None:
        raise Refused(say("没有可以再用的文件，请上传。"), code="nothing_kept", field="file")
    move_case(case, Deed.ATTACH, by=by, at=at, body={"material": key, "sha256": document.sha256})
    return put(material, document, at=at)


@transaction.atomic
def detach(*, case_id: int, key: str, by: Actor, at: dt.datetime) -> CaseMaterial:
    """Take a material off the draft; the stored document stays for reuse."""
    case = locked(case_id)
    material = material_of(case, key)
    move_case(case, Deed.ATTACH, by=by, at=at, body={"material": key, "removed": True})
    material.document = None
    material.state = MaterialState.MISSING
    material.provided_at = None
    material.save()
    return material


@transaction.atomic
def generate(*, case_id: int, key: str, by: Actor, at: dt.datetime) -> CaseMaterial:
    """Fill in a generated form from what is known, signed in the name of the person who asks for it."""
    from qitong.datashare import papers  # here, so that no process holds it that draws none

    case = locked(case_id)
    material = material_of(case, key)
    if material.source != "generated":
        raise Refused(say("这份材料不是由系统生成的，请上传。"), code="not_generated", field=key)
    spec = Material.objects.get(item_version_id=material.item_version_id, key=key)
    content = papers.form(
        title=spec.name_zh,
        fields=_form_lines(case),
        signer=by.name,
        signed_at=at,
        reference=f"QT-{case.pk}-{key}",
    )
    document = documents.store(
        io.BytesIO(content),
        name=f"{spec.name_zh}.pdf".replace("/", "-"),
        key=key,
        enterprise_id=case.enterprise_id,
        origin=Origin.GENERATED,
        by=by,
        at=at,
    )
    move_case(case, Deed.ATTACH, by=by, at=at, body={"material": key, "sha256": document.sha256})
    return put(material, document, at=at)


def _form_lines(case: Case) -> Sequence[tuple[str, str]]:
    company = case.enterprise
    lines = [
        ("企业名称", company.name),
        ("统一社会信用代码", company.uscc),
        ("法定代表人", company.legal_representative),
        ("住所", company.address),
        ("办理事项", case.title),
        ("联系人", str(case.form.get("contact_name", ""))),
        ("联系电话", str(case.form.get("contact_phone", ""))),
    ]
    if case.form.get("description"):
        lines.append(("说明", str(case.form["description"])))
    return lines


@transaction.atomic
def discard(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Give a draft up. It leaves the lists; nothing is deleted."""
    case = move_case(locked(case_id), Deed.DISCARD, by=by, at=at)
    case.commitments.filter(state=CommitmentState.OPEN).update(state=CommitmentState.VOID, next_alarm_at=None)
    return case
