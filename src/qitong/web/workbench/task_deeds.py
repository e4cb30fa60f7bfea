"""The deeds at one task of a case. Each line calls the named function of casework."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from qitong.accounts.models import Department, User
from qitong.casework import supplements, tasks
from qitong.casework.logic.flow import Deed, TaskState
from qitong.casework.models import Task
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.web.workbench import forms
from qitong.web.workbench.deeds import Way
from qitong.web.workbench.places import Place

Given = Mapping[str, Any]


def _task(place: Place) -> Task:
    if place.task is None:
        raise TypeError("a deed at a task needs its task")
    return place.task


def _claim(place: Place, given: Given) -> None:
    tasks.claim(task_id=_task(place).pk, by=place.actor, at=place.at)


def _assign(place: Place, given: Given) -> None:
    to = User.objects.get(pk=given["to"])
    tasks.assign(task_id=_task(place).pk, to=to, by=place.actor, at=place.at)


def _why_not_assign(place: Place) -> Sentence:
    return tasks.why_not_assign(place.actor, _task(place), place.standing)


def _release(place: Place, given: Given) -> None:
    tasks.release(task_id=_task(place).pk, by=place.actor, at=place.at)


def _finish(place: Place, given: Given) -> None:
    tasks.finish(task_id=_task(place).pk, by=place.actor, at=place.at, **given)


def _return(place: Place, given: Given) -> None:
    tasks.return_task(task_id=_task(place).pk, reason=given["reason"], by=place.actor, at=place.at)


def _reroute(place: Place, given: Given) -> None:
    tasks.reroute(
        task_id=_task(place).pk,
        to=Department.objects.get(pk=given["to"]),
        note=given["note"],
        by=place.actor,
        at=place.at,
    )


def _waive(place: Place, given: Given) -> None:
    tasks.waive(task_id=_task(place).pk, grounds=given["grounds"], by=place.actor, at=place.at)


def _remind(place: Place, given: Given) -> None:
    tasks.remind(task_id=_task(place).pk, note=given["note"], by=place.actor, at=place.at)


def _ask(place: Place, given: Given) -> None:
    supplements.ask(task_id=_task(place).pk, question=given["question"], by=place.actor, at=place.at)


def _pause(place: Place, given: Given) -> None:
    supplements.pause(task_id=_task(place).pk, by=place.actor, at=place.at, **given)


def _resume(place: Place, given: Given) -> None:
    supplements.resume(task_id=_task(place).pk, by=place.actor, at=place.at)


def _why_not_waive(place: Place) -> Sentence:
    return tasks.why_not_waive(_task(place))


def _why_not_ask(place: Place) -> Sentence:
    asked = next((row.supplement for row in place.detail.tasks if row.task.pk == _task(place).pk), None)
    return say("本任务已经要求补充过一次，不能再次要求。") if asked else NOTHING


def _open_pause(place: Place) -> bool:
    """Whether the task stands still for a legal reason (asking the company is not one)."""
    rows = place.case.pauses.all()
    return any(p.task_id == _task(place).pk and p.ends_on is None and p.stops_promise for p in rows)


def _why_not_pause(place: Place) -> Sentence:
    if _open_pause(place):
        return say("这项任务已经暂停计时。")
    item = place.case.item_version
    if item is None or not item.spec.pause_reasons:
        return say("这个事项没有可以中止计时的法定事由。")
    return NOTHING


def _is_review(place: Place) -> bool:
    """Acceptance and decision have doors of their own at the case."""
    return _task(place).kind not in tasks.OWN_DOOR


def _in(*states: TaskState) -> Callable[[Place], bool]:
    return lambda place: _task(place).state in states


def _waits(place: Place) -> bool:
    return _task(place).state in (TaskState.ENABLED, TaskState.CLAIMED, TaskState.RETURNED)


TASK_WAYS: tuple[Way, ...] = (
    Way(
        "claim",
        Deed.CLAIM,
        _("领取"),
        _claim,
        _("任务已领取。"),
        kind="primary",
        fits=_is_review,
        when=_in(TaskState.ENABLED),
    ),
    Way(
        "finish",
        Deed.FINISH,
        _("提交意见"),
        _finish,
        _("意见已提交。"),
        form=forms.OpinionForm,
        kind="primary",
        leads=True,
        fits=_is_review,
        when=_in(TaskState.ENABLED, TaskState.CLAIMED),
    ),
    Way(
        "reroute",
        Deed.REROUTE,
        _("改派"),
        _reroute,
        _("任务已改派。"),
        form=forms.RerouteForm,
        kind="primary",
        leads=True,
        fits=_is_review,
        when=_in(TaskState.RETURNED),
    ),
    Way(
        "ask",
        Deed.ASK_SUPPLEMENT,
        _("要求企业补充材料"),
        _ask,
        _("已告知企业，企业答复前本任务暂停计时。"),
        form=forms.QuestionForm,
        more=_why_not_ask,
        fits=_is_review,
        when=_in(TaskState.CLAIMED),
    ),
    Way(
        "pause",
        Deed.PAUSE,
        _("中止计时"),
        _pause,
        _("已中止计时，并告知企业。"),
        form=forms.PauseForm,
        more=_why_not_pause,
        fits=_is_review,
        when=lambda place: _task(place).state == TaskState.CLAIMED and not _open_pause(place),
    ),
    Way(
        "resume",
        Deed.RESUME,
        _("恢复计时"),
        _resume,
        _("计时已恢复。"),
        fits=_is_review,
        when=_open_pause,
    ),
    Way(
        "release",
        Deed.RELEASE,
        _("放回本部门"),
        _release,
        _("任务已放回，本部门同事可以领取。"),
        fits=_is_review,
        when=_in(TaskState.CLAIMED),
    ),
    Way(
        "assign",
        Deed.ASSIGN,
        _("交给同事"),
        _assign,
        _("任务已交给同事，双方都已通知。"),
        form=forms.AssignForm,
        more=_why_not_assign,
        fits=_is_review,
        when=_in(TaskState.ENABLED, TaskState.CLAIMED),
    ),
    Way(
        "return",
        Deed.RETURN,
        _("退单"),
        _return,
        _("已退单，由首问负责人改派。"),
        form=forms.ReasonForm,
        kind="danger",
        fits=_is_review,
        when=_in(TaskState.ENABLED, TaskState.CLAIMED),
    ),
    Way(
        "remind",
        Deed.REMIND,
        _("催办"),
        _remind,
        _("已催办。"),
        form=forms.RemindForm,
        when=_waits,
    ),
    Way(
        "waive",
        Deed.WAIVE,
        _("不再等待该部门"),
        _waive,
        _("已决定不再等待，后续步骤开始。"),
        form=forms.GroundsForm,
        kind="danger",
        more=_why_not_waive,
        fits=_is_review,
        when=_in(TaskState.ENABLED, TaskState.CLAIMED, TaskState.RETURNED),
    ),
)
