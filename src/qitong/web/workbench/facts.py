"""What is known of a case, as rows: who, when, and what the company answered."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.casework import permissions, personal
from qitong.casework.logic.flow import OPEN_STATES
from qitong.casework.logic.ownership import OWNER_REASON_WORDS, OwnerReason
from qitong.casework.models import Case
from qitong.kernel.limits import Limit, LimitUnit
from qitong.policies.serving import SERVING_ROLES
from qitong.web.common.addresses import address
from qitong.web.common.answers import shown as answer
from qitong.web.common.answers import typed
from qitong.web.common.dates import shown
from qitong.web.common.parts import Row
from qitong.web.workbench.places import Place


def facts(place: Place) -> Iterator[Row]:
    case = place.case
    company = case.enterprise
    yield Row(_("企业"), f"{company.name}\n{company.uscc}", _demand(place), _("看需求和服务包"))
    yield Row(_("联系人"), _contact(place))
    reason = OWNER_REASON_WORDS.get(OwnerReason(case.owner_reason)) if case.owner_reason else None
    owner = case.owner.name if case.owner else ""
    yield Row(
        _("首问负责人"), f"{owner}{gettext('（%(reason)s）') % {'reason': reason}}" if reason else owner
    )
    if others := [name for _pk, name in permissions.helpers_of(case)]:
        yield Row(_("协办人"), gettext("、").join(others))
    yield Row(_("受理窗口"), case.window.label if case.window else "")
    yield from _dates(place)
    yield from answers(place)


def _demand(place: Place) -> str:
    """The way to what the company could use, for officers of the window that received the case."""
    serves = any(
        grant.role in SERVING_ROLES and grant.department_id == place.case.window_id
        for grant in place.actor.roles
    )
    return address("workbench:demand-of", place.case.enterprise.uscc) if serves else ""


def _contact(place: Place) -> str:
    """Masked, or once it is shown with a number to be called by a touch."""
    name, phone = personal.contact_of(place.case, place.veil)
    if place.veil.lifted and phone:
        return format_html('{} <a href="tel:{}">{}</a>', name, phone.replace(" ", ""), phone)
    return f"{name} {phone}".strip()


def _dates(place: Place) -> Iterator[Row]:
    case = place.case
    if case.submitted_at:
        yield Row(_("提交时间"), shown(case.submitted_at))
    if case.contacted_at:
        yield Row(_("首次联系"), shown(case.contacted_at))
    elif case.contact_due_on and case.state in OPEN_STATES:
        yield Row(_("首次联系"), gettext("尚未联系，应于%(due)s前") % {"due": shown(case.contact_due_on)})
    if case.accepted_at:
        yield Row(_("受理时间"), shown(case.accepted_at))
    if case.promise_due_on and case.promise_days is not None:
        limit = Limit(case.promise_days + case.extension_days, LimitUnit(case.promise_unit or "wd")).say()
        yield Row(_("承诺办结"), f"{shown(case.promise_due_on)}\n{limit}{_added(case)}")
    if case.statutory_due_on:
        yield Row(_("法定期限"), shown(case.statutory_due_on))
    if case.reopened_at:
        yield Row(_("重新办理"), shown(case.reopened_at))
    if case.refusal_grounds:
        yield Row(_("不予受理理由"), place.veil.text(case.refusal_grounds))
    if case.ended_reason:
        yield Row(_("终止原因"), gettext(case.ended_reason))


def _added(case: Case) -> str:
    if not case.extension_days:
        return ""
    return gettext("，含延期%(days)d个工作日") % {"days": case.extension_days}


def answers(place: Place) -> Iterator[Row]:
    """What the company answered about its project, with the question's name."""
    kept = {k: v for k, v in place.case.form.get("facts", {}).items() if v not in ("", None)}
    for spec in place.edition.facts if place.edition and kept else ():
        if spec.code in kept:
            value = kept[spec.code]
            fits = typed(spec, value) is not None  # what does not is shown as the company wrote it
            yield Row(spec.name, place.veil.text(shown(answer(spec, value)) if fits else str(value)))
