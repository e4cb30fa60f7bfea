"""The deeds at a case, in the order of its life. Each line calls the named function of casework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qitong.accounts.models import Department, User
from qitong.casework import decision, deferral, delivery, intake, planning, reminding, routing, sharing, tasks
from qitong.casework.logic.flow import CaseKind, CaseState, Deed
from qitong.casework.logic.terms import Outcome, RefusalReason
from qitong.catalogue.queries import intake_filters
from qitong.kernel.words import NOTHING, Sentence
from qitong.web.common.dates import day_of
from qitong.web.workbench import forms
from qitong.web.workbench.deeds import Way
from qitong.web.workbench.places import Place

Given = Mapping[str, Any]


def _contact(place: Place, given: Given) -> None:
    routing.contact(case_id=place.case.pk, note=given["note"], by=place.actor, at=place.at)


def _accept(place: Place, given: Given) -> None:
    intake.accept(case_id=place.case.pk, by=place.actor, at=place.at)


def _notify(place: Place, given: Given) -> None:
    intake.notify_correction(case_id=place.case.pk, text=given["text"], by=place.actor, at=place.at)


def _refuse_acceptance(place: Place, given: Given) -> None:
    """Why not, and where to go: what was typed, else what the catalogue says for the reason."""
    filters = {f.code: f for f in intake_filters(day_of(place.at))}
    where = given["where"].strip() or filters[given["reason"]].where.zh
    intake.refuse_acceptance(
        case_id=place.case.pk,
        reason=RefusalReason(given["reason"]),
        grounds=f"{given['grounds'].strip()}\n{where}",
        by=place.actor,
        at=place.at,
    )


def _dispatch(place: Place, given: Given) -> None:
    tasks.dispatch(
        case_id=place.case.pk,
        department=Department.objects.get(pk=given["department"]),
        ask=given["ask"],
        days=given["days"],
        after=tuple(given.get("after", ())),
        by=place.actor,
        at=place.at,
    )


def _propose(place: Place, given: Given) -> None:
    planning.propose_application(case_id=place.case.pk, item_code=given["item"], by=place.actor, at=place.at)


def _complete(place: Place, given: Given) -> None:
    tasks.complete_request(case_id=place.case.pk, by=place.actor, at=place.at)


def _transfer(place: Place, given: Given) -> None:
    to = User.objects.get(pk=given["to"])
    routing.transfer(case_id=place.case.pk, to=to, reason=given["reason"], by=place.actor, at=place.at)


def _remind_company(place: Place, given: Given) -> None:
    reminding.remind_company(case_id=place.case.pk, by=place.actor, at=place.at)


def _extend(place: Place, given: Given) -> None:
    decision.extend(
        case_id=place.case.pk, days=given["days"], reason=given["reason"], by=place.actor, at=place.at
    )


def _send_back(place: Place, given: Given) -> None:
    decision.send_back(
        case_id=place.case.pk, keys=given["keys"], reason=given["reason"], by=place.actor, at=place.at
    )


def _approve(place: Place, given: Given) -> None:
    _decide(place, Outcome.APPROVE, given["grounds"])


def _refuse(place: Place, given: Given) -> None:
    _decide(place, Outcome.REFUSE, given["grounds"])


def _decide(place: Place, outcome: Outcome, grounds: str) -> None:
    decision.decide(case_id=place.case.pk, outcome=outcome, grounds=grounds, by=place.actor, at=place.at)


def _deliver(place: Place, given: Given) -> None:
    file = given["file"]
    delivery.deliver(
        case_id=place.case.pk,
        file=file,
        name=file.name if file else "",
        verify_at=place.site + reverse("public:stage", args=[place.case.number]),
        by=place.actor,
        at=place.at,
    )


def _verify(place: Place, given: Given) -> None:
    deferral.verify(
        case_id=place.case.pk,
        key=given["key"],
        correct=given["correct"],
        remark=given["remark"],
        by=place.actor,
        at=place.at,
    )


def _fetch(place: Place, given: Given) -> None:
    file = given["file"]
    sharing.fetch(
        case_id=place.case.pk, key=given["key"], file=file, name=file.name, by=place.actor, at=place.at
    )


def _why_not_accept(place: Place) -> Sentence:
    if place.case.state != CaseState.SUBMITTED:
        return NOTHING
    return intake.why_not_acceptable(place.case, place.detail.papers)


def _why_not_deliver(place: Place) -> Sentence:
    return delivery.why_not_deliver(place.case) if place.case.state == CaseState.APPROVED else NOTHING


def _is_request(place: Place) -> bool:
    return place.case.kind == CaseKind.REQUEST


def _is_application(place: Place) -> bool:
    return place.case.kind == CaseKind.APPLICATION


def _is_accepted(place: Place) -> bool:
    return place.case.accepted_at is not None


def _waits_for_company(place: Place) -> bool:
    asked = (row.supplement for row in place.detail.tasks if row.supplement)
    waits = place.case.state in (CaseState.CORRECTION, CaseState.DELIVERED)
    return waits or any(row.answered_at is None for row in asked)


VERIFY = Way("verify", Deed.VERIFY, _("核对材料"), _verify, _("核对结果已记录。"), form=forms.VerifyForm)
FETCH = Way(
    "fetch", Deed.FETCH, _("附上部门共享的材料"), _fetch, _("部门共享的材料已附上。"), form=forms.FetchForm
)
MATERIAL_WAYS: tuple[Way, ...] = (VERIFY, FETCH)
"""The deeds at one material, posted with its ``key`` from its row in the table."""

CASE_WAYS: tuple[Way, ...] = (
    Way(
        "accept",
        Deed.ACCEPT,
        _("受理"),
        _accept,
        _("已受理，承诺期限开始计算。"),
        kind="primary",
        leads=True,
        more=_why_not_accept,
    ),
    Way(
        "notify",
        Deed.NOTIFY_CORRECTION,
        _("一次性告知补正"),
        _notify,
        _("已告知企业补正，企业补齐后重新提交。"),
        form=forms.NoticeForm,
    ),
    Way(
        "dispatch",
        Deed.PLAN,
        _("派给部门"),
        _dispatch,
        _("任务已派出。"),
        form=forms.DispatchForm,
        leads=True,
        fits=_is_request,
    ),
    Way(
        "propose",
        Deed.PLAN,
        _("为企业开出事项申请"),
        _propose,
        _("草稿已开好，企业补齐材料后提交。"),
        form=forms.ProposeForm,
        fits=_is_request,
    ),
    Way(
        "complete",
        Deed.COMPLETE_REVIEW,
        _("各项办完，准备答复"),
        _complete,
        _("已转入待决定，请给企业答复。"),
        fits=_is_request,
    ),
    Way(
        "answer",
        Deed.APPROVE,
        _("答复企业"),
        _approve,
        _("答复已定，请送达企业。"),
        form=forms.ApproveForm,
        kind="primary",
        leads=True,
        fits=_is_request,
        when=_is_accepted,
    ),
    Way(
        "approve",
        Deed.APPROVE,
        pgettext_lazy("deed", "准予"),
        _approve,
        _("已作出准予决定，请首问负责人送达结果。"),
        form=forms.ApproveForm,
        kind="primary",
        leads=True,
        fits=_is_application,
        when=_is_accepted,
    ),
    Way(
        "refuse",
        Deed.REFUSE,
        pgettext_lazy("deed", "不予办理"),
        _refuse,
        _("已作出不予决定，理由已告知企业。"),
        form=forms.RefuseForm,
        kind="danger",
        when=_is_accepted,
    ),
    Way(
        "send-back",
        Deed.SEND_BACK,
        _("退回部门重新审查"),
        _send_back,
        _("已退回所选部门。"),
        form=forms.SendBackForm,
        when=_is_accepted,
    ),
    Way(
        "extend",
        Deed.EXTEND,
        _("批准延期"),
        _extend,
        _("已延期，理由已告知企业。"),
        form=forms.ExtendForm,
        when=_is_accepted,
    ),
    Way(
        "deliver",
        Deed.DELIVER,
        _("送达结果"),
        _deliver,
        _("结果已送达，等待企业确认。"),
        form=forms.DeliverForm,
        kind="primary",
        leads=True,
        more=_why_not_deliver,
        when=_is_accepted,
    ),
    Way(
        "contact",
        Deed.CONTACT,
        _("登记与企业的联系"),
        _contact,
        _("已登记。"),
        form=forms.NoteForm,
    ),
    Way(
        "remind-company",
        Deed.REMIND_COMPANY,
        _("提醒企业"),
        _remind_company,
        _("已提醒企业。"),
        when=_waits_for_company,
    ),
    Way(
        "transfer",
        Deed.TRANSFER,
        _("增加协办人"),
        _transfer,
        _("协办人已加入，首问负责人不变。"),
        form=forms.TransferForm,
    ),
    Way(
        "refuse-acceptance",
        Deed.REFUSE_ACCEPTANCE,
        pgettext_lazy("deed", "不予受理"),
        _refuse_acceptance,
        _("不予受理，理由和去处已告知企业。"),
        form=forms.RefuseAcceptanceForm,
        kind="danger",
    ),
)
