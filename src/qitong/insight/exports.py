"""Exports: a list taken out as a table. Small ones at once, large ones by a job; each is in the ledger.

What is taken out is what the officer may see at that moment, and only they may fetch it.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import uuid
from typing import BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from procrastinate.contrib.django import app

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.models import User
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.filters import Filter
from qitong.casework.models import Case
from qitong.casework.move import person
from qitong.datashare import storage
from qitong.datashare.models import Document
from qitong.insight import sheets
from qitong.insight.export_rows import Export, ExportState
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.ledger.record import record

JOB = "insight.make_export"
AT_ONCE = 2000
MOST_WAITING = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def size_of(actor: Actor, cut: Filter, *, ids: list[int] | None = None, at: dt.datetime) -> int:
    """How many rows it would have, counted up to one more than are made at once."""
    return _found(actor, cut, ids, at).order_by()[: AT_ONCE + 1].count()


def _found(actor: Actor, cut: Filter, ids: list[int] | None, at: dt.datetime) -> QuerySet[Case]:
    rows = sheets.rows_for(actor, cut, today=day_of(at))
    return rows if ids is None else rows.filter(pk__in=ids)


def take(cut: Filter, *, ids: list[int] | None = None, by: Actor, at: dt.datetime) -> BinaryIO:
    """A small list at once, from its beginning. ``ids`` keeps only these cases."""
    found = _found(by, cut, ids, at)
    if found.order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        raise Refused(say("超过{most}行，请用后台导出。", most=AT_ONCE), code="too_large")
    file = io.BytesIO()
    rows = sheets.write(file, found, cut, today=day_of(at))
    file.seek(0)
    with transaction.atomic():
        _enter(person(by), "taken", by=by.ref, at=at, query=cut.query(), rows=rows, chosen=len(ids or ()))
    return file


@transaction.atomic
def ask(cut: Filter, *, language: str, by: Actor, at: dt.datetime) -> Export:
    """Have a large list made by a job. Asked for again in one language while it waits, it is the same."""
    user = person(by)
    User.objects.select_for_update().get(pk=user)  # of two clicks at once the second finds the first's
    found = list(Export.objects.filter(user_id=user, state=ExportState.WAITING))
    asked = (cut.query(), language)
    if same := next((row for row in found if (row.query, row.language) == asked), None):
        return same
    if len(found) >= MOST_WAITING:
        raise Refused(say("已有{n}份在做，请等其中一份做好。", n=len(found)), code="too_many")
    export = Export.objects.create(user_id=user, query=cut.query(), language=language, asked_at=at)
    _enter(user, "asked", by=by.ref, at=at, export=export.pk, query=export.query)
    _defer(export)
    return export


def make(export_id: int, *, by: Actor, at: dt.datetime) -> None:
    """Make the file and tell the officer. Done again after a crash; never told twice."""
    export = Export.objects.select_related("user").get(pk=export_id)
    if export.state != ExportState.WAITING:
        return
    actor, cut = actor_for(export.user, on=day_of(at)), Filter.parse(export.query)
    if not actor.is_officer:
        fail(export_id, say("您已没有工作人员的权限。"), by=by, at=at)
        return
    with tempfile.TemporaryFile() as file, translation.override(export.language):
        rows = sheets.write(file, sheets.rows_for(actor, cut, today=day_of(at)), cut, today=day_of(at))
        file.seek(0)
        sha256, size = storage.store().put(cast(BinaryIO, file))
    with transaction.atomic():
        facts = {"rows": rows, "sha256": sha256, "size": size, "state": ExportState.READY, "ended_at": at}
        if Export.objects.filter(pk=export_id, state=ExportState.WAITING).update(**facts):
            until = day_of(at + settings.RETENTION["exports"])
            body = {"export": export.pk, "query": export.query, "rows": rows, "until_on": until}
            _enter(export.user_id, "made", by=by.ref, at=at, title=_title(cut), **body)


@transaction.atomic
def fail(export_id: int, reason: Sentence, *, by: Actor, at: dt.datetime) -> None:
    """Note that it could not be made, and tell the officer."""
    export = Export.objects.select_for_update().get(pk=export_id)
    if export.state != ExportState.WAITING:
        return
    facts = {"state": ExportState.FAILED, "ended_at": at, "reason": reason.text}
    Export.objects.filter(pk=export_id).update(**facts)
    title = _title(Filter.parse(export.query))
    _enter(export.user_id, "failed", by=by.ref, at=at, export=export.pk, title=title)


@transaction.atomic
def retry(*, export: Export, by: Actor, at: dt.datetime) -> Export:
    """Try one that failed again."""
    row = Export.objects.select_for_update().get(pk=export.pk, user_id=person(by))
    if row.state == ExportState.FAILED:
        row.state, row.ended_at, row.reason = ExportState.WAITING, None, ""
        row.save(update_fields=["state", "ended_at", "reason"])
        _enter(row.user_id, "asked", by=by.ref, at=at, export=row.pk, query=row.query)
        _defer(row)
    return row


def fetch(*, public_id: uuid.UUID, by: Actor, at: dt.datetime) -> tuple[Export, BinaryIO]:
    """The file, for who asked for it and is still an officer; noted in the ledger."""
    export = Export.objects.filter(public_id=public_id, user_id=by.user_id or 0).first()
    if export is None or not by.is_person or not by.is_officer:
        raise Refused(say("没有这份导出。"), code="not_found")
    if export.state != ExportState.READY:
        raise Refused(say("这份导出还没有做好，或已过期删除。"), code="not_ready")
    try:
        file = storage.store().open(export.sha256)
    except FileNotFoundError as error:
        raise Refused(say("文件没有完整保存，请重新导出。"), code="not_stored") from error
    with transaction.atomic():
        facts = {"export": export.pk, "query": export.query, "rows": export.rows}
        _enter(export.user_id, "taken", by=by.ref, at=at, **facts)
    return export, file


def clean(*, by: Actor, at: dt.datetime) -> int:
    """Delete what has lain as long as settings say; how many. The row stays and says that there was one.

    A row names its file until that is gone, so a process that dies between the two leaves no file behind.
    """
    old = Export.objects.exclude(state=ExportState.DELETED, sha256="").filter(
        ended_at__lte=at - settings.RETENTION["exports"]
    )
    gone = 0
    for export in old.order_by("pk"):
        with transaction.atomic():
            row = Export.objects.filter(pk=export.pk)
            if row.exclude(state=ExportState.DELETED).update(state=ExportState.DELETED):
                _enter(export.user_id, "deleted", by=by.ref, at=at, export=export.pk)
                gone += 1
        if export.sha256 and not _used(export.sha256):
            storage.store().delete(export.sha256)
        row.update(sha256="")
    return gone


def _used(sha256: str) -> bool:
    """Whether the same bytes belong to something else as well."""
    exports = Export.objects.filter(sha256=sha256).exclude(state=ExportState.DELETED)
    return exports.exists() or Document.objects.filter(sha256=sha256).exists()


def _title(cut: Filter) -> dict[str, str]:
    """The filter as a sentence in both languages, for the message."""
    found = {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[name] = str(cut.sentence()).rstrip("。.")
    return found


def _enter(user_id: int, what: str, *, by: str, at: dt.datetime, **body: object) -> None:
    record(f"user:{user_id}", f"export.{what}", by=by, at=at, body=body)


def _defer(export: Export) -> None:
    """Have it made once the present transaction has committed."""
    app.configure_task(JOB, lock=f"export:{export.pk}").defer(export_id=export.pk)
