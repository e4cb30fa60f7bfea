"""The life of a case and of a task, each one table. READ FIRST.

A row says which deed takes which states to which state and which party may do it. ``move.py``
is the only code that changes a state, and it changes it only along a row of these tables.
``make flow`` prints them to ``docs/flow.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from qitong.kernel.words import Sentence, say


class CaseKind(StrEnum):
    APPLICATION = "application"
    REQUEST = "request"


class CaseState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTION = "correction"
    IN_REVIEW = "in_review"
    AWAITING_DECISION = "awaiting_decision"
    APPROVED = "approved"
    REFUSED = "refused"
    DELIVERED = "delivered"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class TaskState(StrEnum):
    WAITING = "waiting"
    ENABLED = "enabled"
    CLAIMED = "claimed"
    DONE = "done"
    RETURNED = "returned"
    DROPPED = "dropped"


class Party(StrEnum):
    """In which capacity somebody acts on a case or a task."""

    COMPANY = "company"
    OWNER = "owner"
    HELPER = "helper"
    DEPARTMENT = "department"
    LEAD = "lead"
    DECIDER = "decider"
    LEADER = "leader"
    SYSTEM = "system"


class Deed(StrEnum):
    """Everything that can be done to a case or to one of its tasks."""

    SAVE = "save"
    SUBMIT = "submit"
    DISCARD = "discard"
    NOTIFY_CORRECTION = "notify_correction"
    ANSWER_CORRECTION = "answer_correction"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    WITHDRAW = "withdraw"
    COMPLETE_REVIEW = "complete_review"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REFUSE = "refuse"
    DELIVER = "deliver"
    CONFIRM = "confirm"
    AUTO_CONFIRM = "auto_confirm"
    REOPEN = "reopen"
    END = "end"
    # deeds that leave the state of the case as it is
    ATTACH = "attach"
    AUTHORISE = "authorise"
    FETCH = "fetch"
    COMMIT = "commit"
    CURE = "cure"
    VERIFY = "verify"
    CONTACT = "contact"
    PLAN = "plan"
    TRANSFER = "transfer"
    EXTEND = "extend"
    ANSWER_SUPPLEMENT = "answer_supplement"
    REMIND_COMPANY = "remind_company"
    NOTE = "note"
    # deeds on a task
    ENABLE = "enable"
    CLAIM = "claim"
    RELEASE = "release"
    FINISH = "finish"
    RETURN = "return"
    REROUTE = "reroute"
    DROP = "drop"
    WAIVE = "waive"
    ASK_SUPPLEMENT = "ask_supplement"
    PAUSE = "pause"
    RESUME = "resume"
    REMIND = "remind"
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a flow table. ``target`` is None when the state stays as it is."""

    deed: Deed
    sources: frozenset[str]
    target: str | None
    who: tuple[Party, ...]
    words: Sentence


def _row(
    deed: Deed, sources: Iterable[str], target: str | None, who: Iterable[Party], words: Sentence
) -> Row:
    return Row(deed, frozenset(sources), target, tuple(who), words)


_C, _T, _D, _P = CaseState, TaskState, Deed, Party

OPEN_STATES = frozenset({_C.SUBMITTED, _C.CORRECTION, _C.IN_REVIEW, _C.AWAITING_DECISION, _C.APPROVED})
FINAL_STATES = frozenset({_C.CLOSED, _C.REFUSED, _C.NOT_ACCEPTED, _C.WITHDRAWN, _C.ENDED})
LIVE_TASK_STATES = frozenset({_T.ENABLED, _T.CLAIMED, _T.RETURNED})
_EARLY = (_C.DRAFT, _C.SUBMITTED, _C.CORRECTION)
_ACCEPTED = (_C.IN_REVIEW, _C.AWAITING_DECISION, _C.APPROVED)

CASE_FLOW: tuple[Row, ...] = (
    _row(_D.SUBMIT, [_C.DRAFT], _C.SUBMITTED, [_P.COMPANY], say("提交")),
    _row(_D.DISCARD, [_C.DRAFT], _C.WITHDRAWN, [_P.COMPANY, _P.SYSTEM], say("放弃草稿")),
    _row(_D.NOTIFY_CORRECTION, [_C.SUBMITTED], _C.CORRECTION, [_P.OWNER], say("一次性告知补正")),
    _row(_D.ANSWER_CORRECTION, [_C.CORRECTION], _C.SUBMITTED, [_P.COMPANY], say("补正后重新提交")),
    _row(_D.ACCEPT, [_C.SUBMITTED], _C.IN_REVIEW, [_P.OWNER], say("受理")),
    _row(_D.DEEM_ACCEPTED, [_C.SUBMITTED], _C.IN_REVIEW, [_P.SYSTEM], say("逾期未告知，视为受理")),
    _row(_D.REFUSE_ACCEPTANCE, [_C.SUBMITTED], _C.NOT_ACCEPTED, [_P.OWNER], say("决定不予受理")),
    _row(
        _D.WITHDRAW,
        [_C.SUBMITTED, _C.CORRECTION, _C.IN_REVIEW, _C.AWAITING_DECISION],
        _C.WITHDRAWN,
        [_P.COMPANY],
        say("撤回"),
    ),
    _row(
        _D.COMPLETE_REVIEW,
        [_C.IN_REVIEW],
        _C.AWAITING_DECISION,
        [_P.SYSTEM, _P.OWNER],
        say("审查完毕，报请决定"),
    ),
    _row(_D.SEND_BACK, [_C.AWAITING_DECISION], _C.IN_REVIEW, [_P.DECIDER], say("退回部门重新审查")),
    _row(_D.APPROVE, [_C.AWAITING_DECISION], _C.APPROVED, [_P.DECIDER], say("准予")),
    _row(_D.REFUSE, [_C.AWAITING_DECISION], _C.REFUSED, [_P.DECIDER], say("不予")),
    _row(_D.DELIVER, [_C.APPROVED], _C.DELIVERED, [_P.OWNER, _P.LEAD], say("送达结果")),
    _row(_D.CONFIRM, [_C.DELIVERED], _C.CLOSED, [_P.COMPANY], say("确认办结")),
    _row(_D.AUTO_CONFIRM, [_C.DELIVERED], _C.CLOSED, [_P.SYSTEM], say("期满自动办结")),
    _row(_D.REOPEN, [_C.DELIVERED, _C.CLOSED, _C.REFUSED], _C.IN_REVIEW, [_P.COMPANY], say("要求重新办理")),
    _row(_D.END, [_C.SUBMITTED, _C.CORRECTION, *_ACCEPTED], _C.ENDED, [_P.SYSTEM], say("终止办理")),
    _row(_D.SAVE, [_C.DRAFT, _C.CORRECTION], None, [_P.COMPANY], say("填写")),
    _row(_D.ATTACH, [_C.DRAFT, _C.CORRECTION], None, [_P.COMPANY], say("提供材料")),
    _row(_D.AUTHORISE, [_C.DRAFT, _C.CORRECTION], None, [_P.COMPANY], say("授权部门共享材料")),
    _row(_D.FETCH, OPEN_STATES, None, [_P.OWNER, _P.HELPER, _P.LEAD], say("获取部门共享的材料")),
    _row(_D.COMMIT, [_C.DRAFT, _C.CORRECTION], None, [_P.COMPANY], say("签署容缺承诺书")),
    _row(_D.CURE, [_C.SUBMITTED, *_ACCEPTED], None, [_P.COMPANY], say("补齐容缺材料")),
    _row(_D.VERIFY, [_C.SUBMITTED, *_ACCEPTED], None, [_P.OWNER, _P.HELPER], say("核对材料")),
    _row(_D.CONTACT, OPEN_STATES, None, [_P.OWNER, _P.HELPER], say("登记首次联系")),
    _row(_D.PLAN, [_C.IN_REVIEW], None, [_P.OWNER], say("安排任务")),
    _row(_D.TRANSFER, OPEN_STATES, None, [_P.OWNER], say("增加协办人")),
    _row(_D.EXTEND, [_C.IN_REVIEW, _C.AWAITING_DECISION], None, [_P.DECIDER], say("批准延期")),
    _row(_D.ANSWER_SUPPLEMENT, [_C.SUBMITTED, *_ACCEPTED], None, [_P.COMPANY], say("答复补充材料")),
    _row(
        _D.REMIND_COMPANY,
        [_C.SUBMITTED, _C.CORRECTION, *_ACCEPTED, _C.DELIVERED],
        None,
        [_P.OWNER, _P.HELPER],
        say("提醒企业"),
    ),
    _row(
        _D.NOTE,
        [*OPEN_STATES, _C.DELIVERED, _C.CLOSED, _C.REFUSED],
        None,
        [_P.COMPANY, _P.OWNER, _P.HELPER],
        say("留言"),
    ),
)

TASK_FLOW: tuple[Row, ...] = (
    _row(_D.ENABLE, [_T.WAITING], _T.ENABLED, [_P.SYSTEM], say("开始")),
    _row(_D.CLAIM, [_T.ENABLED], _T.CLAIMED, [_P.DEPARTMENT, _P.SYSTEM], say("领取")),
    _row(_D.ASSIGN, [_T.ENABLED, _T.CLAIMED], _T.CLAIMED, [_P.DEPARTMENT], say("交给同事办理")),
    _row(_D.RELEASE, [_T.CLAIMED], _T.ENABLED, [_P.DEPARTMENT], say("放回本部门")),
    _row(_D.FINISH, [_T.CLAIMED], _T.DONE, [_P.DEPARTMENT, _P.SYSTEM], say("提交意见")),
    _row(_D.RETURN, [_T.ENABLED, _T.CLAIMED], _T.RETURNED, [_P.DEPARTMENT], say("退单")),
    _row(_D.REROUTE, [_T.RETURNED], _T.ENABLED, [_P.OWNER], say("改派")),
    _row(
        _D.DROP,
        [_T.WAITING, _T.ENABLED, _T.CLAIMED, _T.RETURNED],
        _T.DROPPED,
        [_P.SYSTEM],
        say("取消"),
    ),
    _row(_D.WAIVE, [_T.ENABLED, _T.CLAIMED, _T.RETURNED], _T.DROPPED, [_P.LEADER], say("领导决定不再等待")),
    _row(_D.ASK_SUPPLEMENT, [_T.CLAIMED], None, [_P.DEPARTMENT], say("要求补充材料")),
    _row(_D.PAUSE, [_T.CLAIMED], None, [_P.DEPARTMENT], say("中止计时")),
    _row(_D.RESUME, [_T.CLAIMED], None, [_P.DEPARTMENT], say("恢复计时")),
    _row(
        _D.REMIND, [_T.ENABLED, _T.CLAIMED, _T.RETURNED], None, [_P.OWNER, _P.HELPER, _P.LEADER], say("催办")
    ),
)

CASE_STATE_WORDS: dict[CaseState, Sentence] = {
    _C.DRAFT: say("草稿"),
    _C.SUBMITTED: say("已提交，待受理"),
    _C.CORRECTION: say("待补正"),
    _C.IN_REVIEW: say("审查中"),
    _C.AWAITING_DECISION: say("待决定"),
    _C.APPROVED: say("已准予，待送达"),
    _C.REFUSED: say("不予办理"),
    _C.DELIVERED: say("已送达，待确认"),
    _C.CLOSED: say("已办结"),
    _C.NOT_ACCEPTED: say("不予受理"),
    _C.WITHDRAWN: say("已撤回"),
    _C.ENDED: say("已终止"),
}

TASK_STATE_WORDS: dict[TaskState, Sentence] = {
    _T.WAITING: say("未开始"),
    _T.ENABLED: say("待领取"),
    _T.CLAIMED: say("办理中"),
    _T.DONE: say("已完成"),
    _T.RETURNED: say("已退单，待改派"),
    _T.DROPPED: say("已取消"),
}

PARTY_WORDS: dict[Party, Sentence] = {
    _P.COMPANY: say("申请企业"),
    _P.OWNER: say("首问负责人"),
    _P.HELPER: say("协办人"),
    _P.DEPARTMENT: say("承办部门"),
    _P.LEAD: say("牵头部门"),
    _P.DECIDER: say("有权决定的人"),
    _P.LEADER: say("分管领导"),
    _P.SYSTEM: say("系统"),
}

_CASE_ROWS = {row.deed: row for row in CASE_FLOW}
_TASK_ROWS = {row.deed: row for row in TASK_FLOW}


def case_row(deed: Deed) -> Row:
    return _CASE_ROWS[deed]


def task_row(deed: Deed) -> Row:
    return _TASK_ROWS[deed]


def is_task_deed(deed: Deed) -> bool:
    return deed in _TASK_ROWS


def _why_not(row: Row, state: str, shown: Sentence, parties: frozenset[Party]) -> Sentence:
    if state not in row.sources:
        return say("现在是“{state}”，不能“{deed}”。", state=shown, deed=row.words)
    if not parties.intersection(row.who):
        who = tuple(str(p) for p in row.who)
        names = _names(who)
        return say("“{deed}”由{who}办理。", deed=row.words, who=names)
    return Sentence("")


def _names(who: tuple[str, ...]) -> Sentence:
    shown = [PARTY_WORDS[Party(p)] for p in who]
    if len(shown) == 1:
        return shown[0]
    return say("{first}或{second}", first=shown[0], second=_names(who[1:]))


def case_why_not(deed: Deed, state: CaseState, parties: frozenset[Party]) -> Sentence:
    """Why ``deed`` is not open to these parties in this state; empty when it is."""
    return _why_not(_CASE_ROWS[deed], state, CASE_STATE_WORDS[state], parties)


def task_why_not(deed: Deed, state: TaskState, parties: frozenset[Party]) -> Sentence:
    return _why_not(_TASK_ROWS[deed], state, TASK_STATE_WORDS[state], parties)
