"""Asked once: what the enterprise has already handed in is offered, not asked for again.

An offer says that the document may be used; whether its bytes are really there is asked again when
it is handed in (``documents.why_unusable``).
"""

from __future__ import annotations

from collections.abc import Iterable

from qitong.datashare.models import Document


def find(enterprise_id: int, key: str) -> Document | None:
    """The newest usable document of this material key, or None."""
    return offers(enterprise_id, [key]).get(key)


def offers(enterprise_id: int, keys: Iterable[str]) -> dict[str, Document]:
    """The newest usable document of each material key that has one; one query."""
    wanted = {key for key in keys if key}
    newest = (
        Document.objects.usable()
        .select_related("consent")
        .filter(enterprise_id=enterprise_id, key__in=wanted)
        .order_by("key", "-uploaded_at", "-pk")
        .distinct("key")
    )
    return {document.key: document for document in newest}
