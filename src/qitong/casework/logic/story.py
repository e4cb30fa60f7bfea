"""Ledger entries of a case as sentences for its timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qitong.casework.logic.terms import (
    OUTCOME_WORDS,
    OWED_WORDS,
    TASK_OUTCOME_WORDS,
    Outcome,
    Owed,
    TaskOutcome,
)
from qitong.kernel.masking import LIFTED, Veil
from qitong.kernel.words import Named, Sentence, say
from qitong.kernel.workdays import PauseReason

CASE_SENTENCES: dict[str, Sentence] = {
    "case.draft": say("开始填写"),
    "case.submit": say("提交成功，编号{number}，已确定首问负责人"),
    "case.discard": say("放弃草稿"),
    "case.from_policy": say("由政策“{name}”（第{version}版）开出申请草稿"),
    "case.notify_correction": say("一次性告知需要补正的内容"),
    "case.answer_correction": say("补正后重新提交"),
    "case.accept": say("予以受理，自{promise_from}起计时"),
    "case.deem_accepted": say("五个工作日内未告知补正，视为受理，自{promise_from}起计时"),
    "case.refuse_acceptance": say("不予受理，已告知去处"),
    "case.withdraw": say("企业撤回"),
    "case.complete_review": say("审查完毕，报请决定"),
    "case.send_back": say("退回部门重新审查：{reason}"),
    "case.deliver": say("结果已送达，编号{number}"),
    "case.confirm": say("企业确认办结"),
    "case.auto_confirm": say("送达后期满，自动办结"),
    "case.reopen": say("企业要求重新办理，已转回相关部门"),
    "case.end": say("办理终止：承诺的容缺材料逾期未补齐"),
    "case.commit": say("签署容缺受理承诺书，{due_on}前补齐"),
    "case.authorise": say("企业授权部门共享：{names}"),
    "case.fetch": say("获取{department}共享的“{name}”"),
    "case.cure": say("补齐容缺材料"),
    "case.contact": say("已与企业联系"),
    "case.plan": say("安排部门任务：{ask}"),
    "case.transfer": say("增加协办人{name}：{reason}"),
    "case.extend": say("批准延长{days}个工作日：{reason}"),
    "case.answer_supplement": say("企业答复补充材料"),
    "case.remind_company": say("提醒企业{owed}"),
    "case.recompute": say("日历更新，期限重新计算"),
    "case.note": say("留言"),
    "case.notes_read": say("已读留言"),
    "case.owner": say("首问负责人已更换"),
    "personal_data.erased": say("个人信息已按规定删除"),
    "task.enable": say("{department}开始“{name}”，应于{due_on}前完成"),
    "task.claim": say("{department}领取“{name}”"),
    "task.assign": say("{department}的“{name}”交给{assignee}办理"),
    "task.release": say("{department}放回“{name}”"),
    "task.return": say("{department}退回“{name}”：{reason}"),
    "task.reroute": say("“{name}”改由{department}办理"),
    "task.drop": say("“{name}”已取消"),
    "task.waive": say("领导决定不再等待{department}的“{name}”：{grounds}"),
    "task.ask_supplement": say("{department}要求补充：{question}"),
    "task.pause": say("{department}因{reason}中止计时"),
    "task.resume": say("{department}恢复计时"),
    "task.remind": say("催办{department}的“{name}”"),
    "reminder.acceptance_due": say("提醒：受理期限将至"),
    "reminder.contact_overdue": say("提醒：尚未与企业首次联系"),
    "reminder.plan_overdue": say("提醒：尚未安排办理"),
    "reminder.promise_near": say("提醒：承诺期限将至"),
    "reminder.promise_overdue": say("提醒：已超过承诺期限"),
    "reminder.task_near": say("提醒：{department}的期限将至"),
    "reminder.task_overdue": say("提醒：{department}已超期"),
    "reminder.department_silent": say("提醒：{department}尚未领取任务"),
    "reminder.reroute_overdue": say("提醒：退单尚未改派"),
    "reminder.correction_waiting": say("提醒：等待企业补正"),
    "reminder.commitment_near": say("提醒：容缺材料补齐期限将至"),
}

QUIET = frozenset(
    {
        "case.save",
        "case.attach",
        "case.verify",
        "case.note",
        "case.notes_read",
        "ledger.texts_erased",
        "personal_data.shown",
        "personal_data.opened",
    }
)
"""Kept in the ledger, left out of the timeline that people read; notes and looks have their own place."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline."""

    number: int
    at: dt.datetime
    by: str
    kind: str
    sentence: Sentence
    detail: str
    name: str = ""
    """The person behind ``by``; empty for the system, a token, or who is no longer known."""


def tell(kind: str, body: Mapping[str, Any], *, veil: Veil = LIFTED) -> Sentence:
    """What happened, for people. An unknown kind is shown by its name rather than hidden.

    What somebody wrote is shown through ``veil``.
    """
    body = {name: veil.text(value) if isinstance(value, str) else value for name, value in body.items()}
    if kind == "task.finish":
        return _finish(body)
    if kind in ("case.approve", "case.refuse"):
        words = OUTCOME_WORDS[Outcome(body["outcome"])]
        return say("作出决定：{outcome}。{grounds}", outcome=words, grounds=body.get("grounds", ""))
    if kind == "case.remind_company":
        return say(CASE_SENTENCES[kind].text, owed=OWED_WORDS[Owed(body["owed"])])
    found = CASE_SENTENCES.get(kind)
    if kind == "case.plan" and "item" in body:
        found = say("为企业开好“{name}”的申请草稿，由企业补齐后提交")
    if found is None:
        return say("{kind}", kind=kind)
    return say(found.text, **{k: _shown(k, v) for k, v in body.items()})


def of_material(kind: str, body: Mapping[str, Any], *, veil: Veil = LIFTED) -> Sentence:
    """What happened to one material; the rest is told as in the timeline."""
    if kind == "case.attach":
        return say("撤下文件") if body.get("removed") else say("提供文件")
    if kind == "case.verify":
        return (
            say("核对无误")
            if body["correct"]
            else say("不符合要求：{remark}", remark=veil.text(body["remark"]))
        )
    return tell(kind, body, veil=veil)


def _finish(body: Mapping[str, Any]) -> Sentence:
    outcome = TASK_OUTCOME_WORDS[TaskOutcome(body["outcome"])] if body.get("outcome") else say("完成")
    return say(
        "{department}完成“{name}”：{outcome}。{opinion}",
        department=_shown("department", body.get("department", "")),
        name=_shown("name", body.get("name", "")),
        outcome=outcome,
        opinion=body.get("opinion", ""),
    )


def _shown(name: str, value: object) -> object:
    if isinstance(value, Mapping) and {"zh", "en"} <= value.keys():
        return Named(str(value["zh"]), str(value["en"]))
    if isinstance(value, list):
        return tuple(_shown(name, part) for part in value)
    if isinstance(value, str) and (name.endswith("_on") or name == "promise_from"):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    if name == "reason" and isinstance(value, str) and value in PauseReason.__members__.values():
        return PauseReason(value).say()
    return value
