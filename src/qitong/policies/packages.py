"""Reads of service packages: the company's own, an officer's, and what there is to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.policies import serving
from qitong.policies.logic.package import OPEN_STAGES, WITH_COMPANY, Stage, Thing
from qitong.policies.models import PackageLine, ServicePackage, Unsuitable

_SHOWN = (*WITH_COMPANY, Stage.SETTLED)


@dataclass(frozen=True, slots=True)
class Whole:
    """A package with its lines, in their order."""

    package: ServicePackage
    lines: Sequence[PackageLine]

    @property
    def open_lines(self) -> int:
        return sum(not line.answer for line in self.lines)


def of_company(enterprise_id: int) -> Whole | None:
    """The company's newest that was sent: answered or not. One query."""
    return _newest(enterprise_id, _SHOWN)


def for_officers(enterprise_id: int) -> Whole | None:
    """The newest in any stage but withdrawn. One query."""
    return _newest(enterprise_id, (Stage.PROPOSED, *_SHOWN))


def _newest(enterprise_id: int, stages: Iterable[Stage]) -> Whole | None:
    newest = ServicePackage.objects.filter(enterprise=enterprise_id, stage__in=stages).order_by("-pk")
    lines = PackageLine.objects.filter(package=Subquery(newest.values("pk")[:1]))
    found = list(lines.select_related("package__officer", "case").order_by("position", "pk"))
    return Whole(found[0].package, found) if found else None


def declined_items(enterprise_id: int) -> list[Unsuitable]:
    """The items that are not proposed to the company, as it declared; the latest first."""
    rows = Unsuitable.objects.filter(enterprise=enterprise_id, thing=Thing.ITEM, taken_back_at=None)
    return list(rows.order_by("-declared_at", "-pk"))


def waiting(actor: Actor) -> list[ServicePackage]:
    """The packages that lie with the actor's companies, each with ``open_lines`` to answer. One query."""
    rows = ServicePackage.objects.filter(enterprise__in=actor.enterprise_ids, stage__in=WITH_COMPANY)
    unanswered = Count("lines", filter=Q(lines__answer=""))
    return list(
        rows.select_related("enterprise").annotate(open_lines=unanswered).order_by("sent_at", "pk")[:5]
    )


def prepared(actor: Actor, stage: Stage) -> QuerySet[ServicePackage]:
    """The packages of an officer's companies in one stage, each with its company."""
    rows = ServicePackage.objects.filter(stage=stage.value, enterprise__in=serving.companies_of(actor))
    return rows.select_related("enterprise", "officer")


def without(actor: Actor) -> QuerySet[Enterprise]:
    """The companies of an officer that have no open package."""
    under_way = ServicePackage.objects.filter(enterprise=OuterRef("pk"), stage__in=OPEN_STAGES)
    return serving.companies_of(actor).filter(~Exists(under_way)).select_related("counted_as")
