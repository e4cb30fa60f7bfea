"""Asked once: what the enterprise has already handed in is offered, not asked for again.

An offer says that the document may be used; whether its bytes are really there is asked again when
it is handed in (``documents.why_unusable``).
"""

from __future__ import annotations

from collections.abc import Iterable

from qitong.datashare.models import Document, DocumentQuerySet, Origin


def find(enterprise_id: int, key: str) -> Document | None:
    """The newest usable document of this material key, or None."""
    return offers(enterprise_id, [key]).get(key)


def offers(enterprise_id: int, keys: Iterable[str]) -> dict[str, Document]:
    """The newest usable document of each material key that has one; one query."""
    found = newest(enterprise_id, keys).select_related("consent")
    return {document.key: document for document in found}


def newest(enterprise_id: int, keys: Iterable[str]) -> DocumentQuerySet:
    """What is offered, as a query.

    A form that the system filled in speaks of the one case it was signed for, and is offered for no other.
    """
    return (
        Document.objects.usable()
        .exclude(origin=Origin.GENERATED)
        .filter(enterprise_id=enterprise_id, key__in={key for key in keys if key})
        .order_by("key", "-uploaded_at", "-pk")
        .distinct("key")
    )
