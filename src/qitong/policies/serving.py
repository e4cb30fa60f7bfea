"""Who serves a company with packages: its window's officers; who answers them: the company's own people.

Nobody else learns what a company asked, used or could use, nor that it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields import BigIntegerField

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Enterprise, Jurisdiction
from qitong.accounts.places import Above
from qitong.casework.routing import WINDOW_ROLES
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.policies.logic.package import OPEN_STAGES
from qitong.policies.models import ServicePackage

SERVING_ROLES = (*WINDOW_ROLES, Role.DEPARTMENT_HEAD)


class PackageDeed(StrEnum):
    SEE = "see"
    """The profile of a company, and its package while it is being prepared."""
    PREPARE = "prepare"
    """Propose, adjust, send and withdraw a package."""
    ANSWER = "answer"
    """Open a package and answer its lines."""


@dataclass(frozen=True, slots=True)
class Served:
    """What has to be known of a company to tell who serves it.

    ``places``: its place and those above it; ``officers``: whose open packages it has (one at most).
    """

    enterprise_id: int
    window_id: int | None
    places: frozenset[int]
    officers: frozenset[int]


def why_not(actor: Actor, deed: PackageDeed, served: Served) -> Sentence:
    """Why not; empty when they may. The program may all but answer."""
    if deed is PackageDeed.ANSWER:
        own = served.enterprise_id in actor.enterprise_ids
        return NOTHING if own else say("服务包由企业自己的人员答复。")
    if actor.is_system or _serves(actor, served):
        return NOTHING
    if deed is PackageDeed.SEE and (
        actor.places_overseen() & served.places or served.window_id in actor.departments_overseen()
    ):
        return NOTHING
    return say("企业的需求画像和服务包，由企业所在地受理窗口的人员查看和准备。")


def demand(actor: Actor, deed: PackageDeed, served: Served) -> None:
    if reason := why_not(actor, deed, served):
        raise Refused(reason, code="forbidden")


def _serves(actor: Actor, served: Served) -> bool:
    """In person: at the window of the company's place, or (standing in for) the officer of its package."""
    if not actor.is_person:
        return False
    at_window = any(
        grant.role in SERVING_ROLES and grant.department_id == served.window_id
        for grant in actor.roles
        if grant.department_id is not None
    )
    return at_window or bool(actor.is_officer and actor.people & served.officers)


class NearestWindow(Func):
    """The window of the place a column names, or of the nearest one above it; NULL where there is none."""

    template = """(
WITH RECURSIVE up(id, parent_id, steps) AS (
    SELECT id, parent_id, 0 FROM accounts_jurisdiction WHERE id = %(expressions)s
    UNION ALL SELECT j.id, j.parent_id, up.steps + 1
    FROM accounts_jurisdiction j JOIN up ON j.id = up.parent_id
) SELECT d.id FROM up JOIN accounts_department d ON d.jurisdiction_id = up.id AND d.is_window
ORDER BY up.steps, d.id LIMIT 1)"""
    output_field = BigIntegerField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column))


def with_serving(companies: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Read along with the companies what :func:`served` has to know of each."""
    prepared = ServicePackage.objects.filter(enterprise=OuterRef("pk"), stage__in=OPEN_STAGES)
    return companies.annotate(
        serving_window=NearestWindow("jurisdiction_id"),
        serving_places=Above("jurisdiction_id"),
        serving_officer=Subquery(prepared.values("officer_id")[:1]),
    )


def served(enterprise: Enterprise) -> Served:
    """For a company read :func:`with_serving`."""
    read = vars(enterprise)
    officer = read["serving_officer"]
    return Served(
        enterprise.pk,
        read["serving_window"],
        frozenset(read["serving_places"]),
        frozenset({officer} if officer is not None else ()),
    )


def find(actor: Actor, uscc: str) -> Enterprise | None:
    """The company of a code that the actor may see; None for any other, be there one or not: one query."""
    rows = with_serving(Enterprise.objects.select_related("jurisdiction", "counted_as"))
    found = rows.filter(uscc=uscc).first()
    if found is None or why_not(actor, PackageDeed.SEE, served(found)):
        return None
    return found


def companies_of(actor: Actor) -> QuerySet[Enterprise]:
    """The companies the actor serves or oversees: one query for the places, which are few."""
    places = Jurisdiction.objects.annotate(window=NearestWindow("id"), chain=Above("id"))
    mine = frozenset(
        g.department_id for g in actor.roles if g.role in SERVING_ROLES and g.department_id is not None
    )
    overseen, headed = actor.places_overseen(), actor.departments_overseen()
    found = [
        place
        for place, window, chain in places.values_list("pk", "window", "chain")
        if (actor.is_person and window in mine) or window in headed or overseen & set(chain)
    ]
    scope = Q(jurisdiction__in=found)
    if actor.is_person and actor.is_officer:
        packages = ServicePackage.objects.filter(officer__in=actor.people, stage__in=OPEN_STAGES)
        scope |= Q(pk__in=packages.values("enterprise"))
    return Enterprise.objects.filter(scope)
