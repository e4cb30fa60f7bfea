"""What the owner of a free request opens for the company: the draft of an application it needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework.drafts import add_materials, new_case
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseKind, CaseState, Deed
from qitong.casework.models import Case
from qitong.casework.move import locked, move_case
from qitong.catalogue.queries import item as current_item
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

CARRIED = ("contact_name", "contact_phone", "share_consent")


@transaction.atomic
def propose_application(*, case_id: int, item_code: str, by: Actor, at: dt.datetime) -> Case:
    """Open a draft of ``item_code`` for the company whose request this is; the company hands it in.

    Whom to contact is carried over, known papers are attached. The same item again returns the
    draft or case already opened. Keeps the promise of a plan, as a dispatched task does.
    """
    case = locked(case_id)
    if case.kind != CaseKind.REQUEST:
        raise Refused(say("只有诉求可以为企业开出事项申请。"), code="not_a_request")
    version = current_item(item_code, day_of(at))
    if version is None:
        raise Refused(say("没有这个事项。"), code="not_found", field="item")
    given_up = (CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED, CaseState.ENDED)
    opened = case.children.filter(item_version__code=item_code).exclude(state__in=given_up).first()
    if opened is not None:
        return opened
    facts = {} if case.planned_at else {"planned_at": at}
    name = {"zh": version.name_zh, "en": version.name_en}
    move_case(case, Deed.PLAN, by=by, at=at, facts=facts, body={"item": item_code, "name": name})
    form: dict[str, Any] = {key: case.form[key] for key in CARRIED if key in case.form}
    child = new_case(
        CaseKind.APPLICATION,
        case.enterprise_id,
        by=by,
        at=at,
        client_key=None,
        item_version=version,
        title=version.name_zh,
        parent_id=case.pk,
        form={"facts": {}, **form},
    )
    add_materials(child, version, at=at)
    return child
