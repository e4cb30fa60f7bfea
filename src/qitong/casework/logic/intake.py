"""What intake decides purely: the case number, the repeat, the not-accepted filter."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O, no 1/I: numbers are read out over the phone."""

REQUEST_FIELDS = ("title", "description", "contact_name", "contact_phone")
APPLICATION_FIELDS = ("contact_name", "contact_phone")


def number(year: int, randoms: Sequence[int]) -> str:
    """A case number such as ``QT26-7K3M-X2PQ``: unguessable, so that asking by number leaks nothing."""
    letters = "".join(NUMBER_ALPHABET[r % len(NUMBER_ALPHABET)] for r in randoms[:8])
    return f"QT{year % 100:02d}-{letters[:4]}-{letters[4:]}"


def fingerprint(enterprise_id: int, item: str, title: str, description: str) -> str:
    """Equal for two cases of one company on the same facts, whatever the spaces and punctuation."""
    text = unicodedata.normalize("NFKC", f"{title}{description}").casefold()
    bare = "".join(c for c in text if c.isalnum())
    return hashlib.sha256(f"{enterprise_id}|{item}|{bare}".encode()).hexdigest()


def missing_fields(kind: str, form: Mapping[str, object]) -> list[str]:
    """Names of the fields that must be filled in before submission and are not."""
    wanted = REQUEST_FIELDS if kind == "request" else APPLICATION_FIELDS
    return [f for f in wanted if not str(form.get(f, "")).strip()]
