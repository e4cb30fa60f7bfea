"""申请: from a match to a draft with everything known filled in, which says where it came from."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework import drafts
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseState
from qitong.casework.models import Case
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.ledger.record import record
from qitong.policies import queries
from qitong.policies.brief import description
from qitong.policies.logic.package import Answer, Thing
from qitong.policies.logic.standing import WindowState
from qitong.policies.matching import Match
from qitong.policies.models import Application
from qitong.policies.permissions import demand_member
from qitong.policies.settling import settle


@transaction.atomic
def apply(*, enterprise_id: int, policy: str, by: Actor, at: dt.datetime) -> Case:
    """A draft of the policy's item, or of a request where it names none; a second time, the same draft.

    Facts, contact and what the company has handed in before are filled in; handing in is the company's to do.
    Refused: ``forbidden``, ``not_found``, ``under_way``, ``not_in_force``, ``window_closed``. That the rules
    are not met refuses nothing: the department decides.
    """
    demand_member(by, enterprise_id)
    company = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
    mine = queries.of_company(company, by=by, on=day_of(at))
    match = mine.match(policy)
    if match is None:
        raise Refused(say("没有代码为{id}的政策。", id=policy), code="not_found", field="policy")
    before = mine.applied.get(policy)
    if before is not None and before.case.state == CaseState.DRAFT:
        settle(enterprise_id, Thing.POLICY, policy, Answer.ACCEPTED, case=before.case, by=by, at=at)
        return before.case
    if before is not None and queries.is_open(before):
        raise Refused(say("已经申请，办件{number}还在办理。", number=before.case.number), code="under_way")
    if why := why_not(match):
        raise Refused(why, code="window_closed" if match.standing.in_force else "not_in_force")
    case = _draft(mine, match, by, at)
    version, number = mine.edition.versions[policy]
    outcome = match.found.outcome
    Application.objects.create(case=case, version_id=version, outcome=outcome.value, judged_on=mine.on)
    named = match.entry.policy.name
    body = {
        "policy": policy,
        "name": {"zh": named.zh, "en": named.en},
        "version": number,
        "outcome": outcome.value,
    }
    record(case.stream, "case.from_policy", by=by.ref, at=at, body=body)
    settle(enterprise_id, Thing.POLICY, policy, Answer.ACCEPTED, case=case, by=by, at=at)
    return case


def why_not(match: Match) -> Sentence:
    """Why nothing can be applied for now; empty when it can. A window still to come may be prepared for."""
    if not match.standing.in_force:
        return say("这项政策今天不在施行期内，不能申请。")
    if match.standing.window_state is WindowState.CLOSED and match.standing.window:
        return say("本轮申报已于{day}截止，还没有公布下一轮。", day=match.standing.window.last)
    return say("")


def _draft(mine: queries.Mine, match: Match, by: Actor, at: dt.datetime) -> Case:
    policy = match.entry.policy
    text = description(mine, match)
    if policy.item is None:
        answers = {"title": f"申请政策：{policy.name.zh}"[: drafts.MAX_TITLE], "description": text}
        return drafts.start_request(enterprise_id=mine.enterprise.pk, by=by, at=at, answers=answers)
    case = drafts.start_application(enterprise_id=mine.enterprise.pk, item_code=policy.item, by=by, at=at)
    return drafts.save_field(case_id=case.pk, field="description", value=text, by=by, at=at)
