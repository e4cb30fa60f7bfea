"""Files are erased: their bytes and their names; the row and its hash stay for who counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed
from qitong.datashare import storage
from qitong.datashare.models import Document
from qitong.ledger.record import NewEntry, record_many

NAMELESS = "—"


@transaction.atomic
def erase(ids: Iterable[int], *, by: Actor, at: dt.datetime) -> int:
    """Erase these documents; how many were not erased before. That none is needed any more is the caller's to
    know. Bytes go once this is committed, unless another document has the same.

    Of what was erased before the bytes are taken again: a restored backup may have brought them back.
    """
    require_allowed(by, Deed.ERASE)
    rows = list(Document.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk"))
    fresh = [row for row in rows if row.erased_at is None]
    for row in fresh:
        row.erased_at, row.withdrawn_at, row.name = at, row.withdrawn_at or at, NAMELESS
    Document.objects.bulk_update(fresh, ["erased_at", "withdrawn_at", "name"])
    record_many(
        NewEntry(
            stream=f"enterprise:{row.enterprise_id}",
            kind="document.erased",
            by=by.ref,
            at=at,
            body={"document": str(row.public_id), "key": row.key},
        )
        for row in fresh
    )
    hashes = {row.sha256 for row in rows}
    transaction.on_commit(lambda: _drop(hashes))
    return len(fresh)


def _drop(hashes: set[str]) -> None:
    still = Document.objects.filter(sha256__in=hashes, erased_at=None)
    for sha256 in sorted(hashes - set(still.values_list("sha256", flat=True))):
        storage.store().delete(sha256)
