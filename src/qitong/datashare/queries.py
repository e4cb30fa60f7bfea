"""Reads for screens, already limited to what the actor may see as a member of enterprises.

What officers see of documents follows from their cases: see casework.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet

from qitong.accounts.actors import Actor
from qitong.datashare.models import Consent, Document, DocumentQuerySet, Scan


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many documents await their scan, and since when the oldest does."""

    count: int
    oldest: dt.datetime | None


def visible_to(actor: Actor) -> DocumentQuerySet:
    """The documents of the actor's enterprises, newest first, withdrawn ones among them."""
    return (
        Document.objects.filter(enterprise_id__in=actor.enterprise_ids)
        .select_related("consent")
        .order_by("-uploaded_at", "-pk")
    )


def by_public_id(actor: Actor, public_id: uuid.UUID) -> Document | None:
    """One visible document, or None."""
    return visible_to(actor).filter(public_id=public_id).first()


def kept_for(actor: Actor, enterprise_id: int) -> list[Document]:
    """What the enterprise keeps with us: not withdrawn, newest first."""
    return list(visible_to(actor).filter(enterprise_id=enterprise_id, withdrawn_at=None))


def consents_of(actor: Actor) -> QuerySet[Consent]:
    """The consents of the actor's enterprises, revoked ones among them, with the enterprise."""
    return Consent.objects.filter(enterprise_id__in=actor.enterprise_ids).select_related("enterprise")


def scan_backlog() -> Backlog:
    """For the health page: a scanner that is down shows here."""
    found = Document.objects.filter(scan=Scan.PENDING).aggregate(count=Count("pk"), oldest=Min("uploaded_at"))
    return Backlog(count=found["count"], oldest=found["oldest"])
