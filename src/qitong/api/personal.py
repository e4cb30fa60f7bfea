"""The personal data of a case: masked everywhere else for who is not of the company."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from qitong.accounts.showing import LONGEST_REASON
from qitong.api.auth import acting, now
from qitong.api.case_shapes import ContactOut, contact_out
from qitong.api.idempotency import unkept
from qitong.api.scope import CaseRef, case_of, seen
from qitong.api.shapes import In
from qitong.casework import personal

router = Router(tags=["cases"])


class ShowReason(In):
    reason: str = Field(
        default="", max_length=LONGEST_REASON, description="Required of who does not work on the case"
    )


class PersonalData(BaseModel):
    """``until``: so long this token reads the case unmasked; null for the company's own."""

    contact: ContactOut
    description: str
    until: dt.datetime | None


@router.post(
    "/cases/{ref}/personal-data", response=PersonalData, summary="Show personal data; leaves an access entry"
)
@unkept  # or the key would show it again, days later and without an entry
def show_personal_data(request: HttpRequest, ref: CaseRef, body: ShowReason) -> PersonalData:
    """One entry a quarter of an hour and token, which the company can read."""
    actor, at = acting(request), now()
    personal.show(case=seen(actor, ref), reason=body.reason, by=actor, at=at)
    case = case_of(actor, ref)
    veil = personal.veil_of(actor, case, at=at)
    return PersonalData(
        contact=contact_out(case, veil),
        description=veil.text(str(case.form.get("description", ""))),
        until=personal.shown_until(case),
    )
