"""What belongs to the companies of the person who asks; anything else does not exist for them (404)."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, QueryDict

from qitong.accounts.models import Enterprise, Membership
from qitong.casework import queries
from qitong.casework.logic.flow import CaseState
from qitong.casework.models import Case, Project
from qitong.casework.sight import Reach
from qitong.web.common.http import acting

EDITABLE = (CaseState.DRAFT, CaseState.CORRECTION)


def companies(request: HttpRequest) -> list[Enterprise]:
    """The enterprises this person acts for, by name."""
    return list(Enterprise.objects.filter(pk__in=acting(request).enterprise_ids).order_by("name", "pk"))


def cases(request: HttpRequest) -> QuerySet[Case]:
    """The companies' cases; an officer's own work is in the workbench, not here."""
    actor = acting(request)
    return queries.listed(actor).filter(enterprise_id__in=actor.enterprise_ids)


def case_page(request: HttpRequest, number: str) -> Case:
    """As :func:`case_by_number`, with the names of the company's people for its timeline."""
    actor = acting(request)
    people = Membership.objects.filter(enterprise=OuterRef("enterprise")).order_by("pk")
    rows = queries.whole(Reach.own(actor)).filter(number=number)
    known = people.values(json=JSONObject(pk="user_id", name="user__name"))
    found = rows.annotate(people=ArraySubquery(known)).first()
    if found is None:
        raise Http404
    return queries.fill(found)


def people_of(case: Case) -> dict[str, str]:
    """Who acted for the company, by their name in the ledger; for a case read through :func:`case_page`."""
    return {f"user:{one['pk']}": one["name"] for one in vars(case)["people"]}


def case_by_number(request: HttpRequest, number: str) -> Case:
    actor = acting(request)
    found = queries.find(actor, number=number, own=True)
    if found is None:
        raise Http404
    return found


def case_to_name(request: HttpRequest, number: str) -> Case:
    """The same without what hangs on it."""
    actor = acting(request)
    found = queries.visible(actor).filter(number=number, enterprise_id__in=actor.enterprise_ids).first()
    if found is None:
        raise Http404
    return found


def draft_by_pk(request: HttpRequest, pk: int) -> Case:
    """A draft has no number yet; its pages are addressed by its key."""
    actor = acting(request)
    mine = queries.visible(actor).filter(enterprise_id__in=actor.enterprise_ids)
    found = mine.select_related("enterprise__jurisdiction", "item_version", "window").filter(pk=pk).first()
    if found is None or (found.state == CaseState.WITHDRAWN and found.number is None):
        raise Http404
    return found


def project(request: HttpRequest, pk: int) -> Project:
    found = Project.objects.filter(pk=pk, enterprise_id__in=acting(request).enterprise_ids)
    row = found.select_related("enterprise", "version").first()
    if row is None:
        raise Http404
    return row


def is_editable(case: Case) -> bool:
    """Whether its form and materials may be changed: a draft, or sent back for correction."""
    return case.state in EDITABLE


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is a POST all the same."""
    return request.POST if request.method == "POST" else None


RUNNING = (
    CaseState.SUBMITTED,
    CaseState.IN_REVIEW,
    CaseState.AWAITING_DECISION,
    CaseState.APPROVED,
)
FINISHED = (
    CaseState.CLOSED,
    CaseState.REFUSED,
    CaseState.NOT_ACCEPTED,
    CaseState.WITHDRAWN,
    CaseState.ENDED,
)
