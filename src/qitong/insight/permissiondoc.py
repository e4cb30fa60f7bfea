"""Who may do what, asked of the permission functions: ``make permissions`` writes ``docs/permissions.md``.

The cast is not in a database: each of it is an :class:`Actor` with its grants, beside one case, one of its
tasks and one of its company's things. So the page says what the program would answer, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from qitong.accounts import permissions as accounts
from qitong.accounts.actors import Actor, Grant, Role
from qitong.accounts.models import ApiToken, Department, Enterprise, User
from qitong.casework import finding, personal
from qitong.casework.logic import tags
from qitong.casework.logic.flow import CASE_FLOW, TASK_FLOW, CaseKind, CaseState, Row, TaskState
from qitong.casework.models import Case, Task
from qitong.casework.permissions import Standing, why_not
from qitong.datashare import permissions as datashare
from qitong.datashare.models import Document
from qitong.insight import permissions as insight
from qitong.kernel.words import Sentence
from qitong.policies import editing, serving
from qitong.policies import permissions as policies
from qitong.policies.editing import PolicyDeed
from qitong.policies.serving import PackageDeed, Served

YES, NO = "✓", "·"
_COMPANY, _OTHER_COMPANY = 1, 2
_WINDOW, _LEAD, _DEPARTMENT, _OTHER_DEPARTMENT = 20, 21, 30, 31
_PARK, _OTHER_PARK = 40, 41
_CLERK, _OWNER, _HELPER, _REVIEWER, _AUDITOR, _LEADER, _EDITOR = 100, 101, 102, 103, 104, 105, 124
_SOMEBODY = 999

Asked = Callable[[Actor], bool]


@dataclass(frozen=True, slots=True)
class Seat:
    """One of the cast: how the page names it, and what it holds."""

    zh: str
    en: str
    actor: Actor


_NOBODY: frozenset[int] = frozenset()


def _of(
    number: int,
    *grants: Grant,
    ref: str = "user",
    enterprise_ids: frozenset[int] = _NOBODY,
    administers: frozenset[int] = _NOBODY,
    stands_in_for: frozenset[int] = _NOBODY,
) -> Actor:
    return Actor(
        ref=f"{ref}:{number}",
        user_id=number,
        name="",
        roles=frozenset(grants),
        enterprise_ids=enterprise_ids,
        administers=administers,
        stands_in_for=stands_in_for,
    )


def _in(role: Role, department: int) -> Grant:
    return Grant(role, department)


def _for(role: Role, place: int | None = None) -> Grant:
    return Grant(role, None, place)


_OWN, _OTHERS = frozenset({_COMPANY}), frozenset({_OTHER_COMPANY})
_AT_WINDOW = _in(Role.DUTY_OFFICER, _WINDOW)

SEATS: tuple[Seat, ...] = (
    Seat("企业管理员", "administrator of the company", _of(_CLERK, enterprise_ids=_OWN, administers=_OWN)),
    Seat("企业经办人", "clerk of the company", _of(110, enterprise_ids=_OWN)),
    Seat(
        "其他企业",
        "administrator of another company",
        _of(111, enterprise_ids=_OTHERS, administers=_OTHERS),
    ),
    Seat("访客", "visitor, not signed in", Actor.visitor()),
    Seat("账号已停用", "closed account (whatever it held)", _of(112)),
    Seat("首问负责人", "duty officer who owns the case", _of(_OWNER, _AT_WINDOW)),
    Seat("同一窗口的值班人员", "duty officer of the same window", _of(113, _AT_WINDOW)),
    Seat("协办人", "helper, added to the case", _of(_HELPER, _in(Role.SERVICE_OFFICER, _OTHER_DEPARTMENT))),
    Seat(
        "领取任务的审核人员", "reviewer who claimed the task", _of(_REVIEWER, _in(Role.REVIEWER, _DEPARTMENT))
    ),
    Seat("同部门审核人员", "reviewer of the same department", _of(114, _in(Role.REVIEWER, _DEPARTMENT))),
    Seat("承办部门负责人", "head of the task's department", _of(115, _in(Role.DEPARTMENT_HEAD, _DEPARTMENT))),
    Seat("牵头部门负责人", "head of the department in charge", _of(116, _in(Role.DEPARTMENT_HEAD, _LEAD))),
    Seat(
        "其他部门审核人员", "reviewer of another department", _of(117, _in(Role.REVIEWER, _OTHER_DEPARTMENT))
    ),
    Seat(
        "其他部门负责人", "head of another department", _of(118, _in(Role.DEPARTMENT_HEAD, _OTHER_DEPARTMENT))
    ),
    Seat("分管领导", "leader of the jurisdiction", _of(_LEADER, _for(Role.LEADER, _PARK))),
    Seat("其他地区领导", "leader of another jurisdiction", _of(119, _for(Role.LEADER, _OTHER_PARK))),
    Seat(
        "代首问负责人",
        "stands in for the owner today",
        _of(120, _in(Role.REVIEWER, _OTHER_DEPARTMENT), stands_in_for=frozenset({_OWNER})),
    ),
    Seat(
        "代分管领导",
        "stands in for the leader today",
        Actor(
            ref="user:121",
            user_id=121,
            name="",
            roles=frozenset({_in(Role.REVIEWER, _OTHER_DEPARTMENT)}),
            stands_in_for=frozenset({_LEADER}),
            in_place_of=frozenset({_for(Role.LEADER, _PARK)}),
        ),
    ),
    Seat("审计管理员", "auditor", _of(_AUDITOR, _for(Role.AUDITOR))),
    Seat("系统管理员", "system administrator", _of(122, _for(Role.SYSTEM_ADMINISTRATOR))),
    Seat("安全管理员", "security administrator", _of(123, _for(Role.SECURITY_ADMINISTRATOR))),
    Seat("政策编辑", "policy editor", _of(_EDITOR, _for(Role.POLICY_EDITOR))),
    Seat(
        "企业令牌",
        "API token of the company",
        _of(_CLERK, Grant(Role.ENTERPRISE), ref="token", enterprise_ids=_OWN),
    ),
    Seat("负责人的窗口令牌", "API token of the owner, for the window", _of(_OWNER, _AT_WINDOW, ref="token")),
    Seat(
        "负责人的其他令牌",
        "API token of the owner, for another department",
        _of(_OWNER, _in(Role.REVIEWER, _OTHER_DEPARTMENT), ref="token"),
    ),
    Seat(
        "审核令牌", "API token of the reviewer", _of(_REVIEWER, _in(Role.REVIEWER, _DEPARTMENT), ref="token")
    ),
    Seat("审计令牌", "API token of the auditor", _of(_AUDITOR, _for(Role.AUDITOR), ref="token")),
    Seat("系统", "the program itself", Actor.system("sweep")),
)


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join(
        [
            "# Who may do what",
            "",
            "Made by `make permissions` from the permission functions; do not edit by hand. From which state",
            f"a deed is possible is in [flow.md](flow.md). {YES} may (in some state), {NO} may not,",
            "`request` may for a free request only. Who may not see a case does not learn that it exists.",
            "`asks`: masked until they ask, which leaves an entry; `reason`: and they say why.",
            "",
            "| | 中文 | who |",
            "|---|---|---|",
            *(f"| **{_letter(n)}** | {seat.zh} | {seat.en} |" for n, seat in enumerate(SEATS)),
            "",
            *_table("What is seen", _seen()),
            *_table("A case, its materials and its notes", _case_rows()),
            *_table("A review task that was claimed, or that nobody has yet", _task_rows("review")),
            *_table("The task to decide", _task_rows("decision")),
            *_table("Documents, consents and figures", _shared()),
            *_table("Policies", _policies()),
            *_table("What a company asked and could use, and its service package", _package_rows()),
            *_table("People, companies and the system", _account_rows()),
        ]
    )


def _letter(n: int) -> str:
    return chr(ord("A") + n) if n < 26 else f"A{chr(ord('A') + n - 26)}"


def _table(title: str, rows: Iterable[tuple[str, str, Iterable[str]]]) -> list[str]:
    head = " | ".join(_letter(n) for n in range(len(SEATS)))
    lines = [f"## {title}", "", f"| deed | 中文 | {head} |", "|---|---|" + ":-:|" * len(SEATS)]
    return [*lines, *(f"| {code} | {words} | {' | '.join(cells)} |" for code, words, cells in rows), ""]


def _row(code: str, words: str, may: Asked) -> tuple[str, str, list[str]]:
    return code, words, [YES if may(seat.actor) else NO for seat in SEATS]


def _seen() -> Iterator[tuple[str, str, list[str]]]:
    """As search and ``queries.visible`` have it; a draft is the company's own."""
    company = tags.company(_COMPANY)
    concerned = {
        company,
        *map(tags.person, (_OWNER, _HELPER, _REVIEWER)),
        *map(tags.department, (_WINDOW, _DEPARTMENT, _LEAD)),
        tags.place(_PARK),
    }

    def handed_in(actor: Actor) -> bool:
        scope = finding.scope(actor)
        return scope is None or bool(concerned & set(scope))

    def shown(actor: Actor) -> str:
        case, standing = _case(CaseKind.APPLICATION, CaseState.IN_REVIEW), _standing(disputed=False)
        if not handed_in(actor) or personal.why_not_show(actor, case):
            return YES if actor.is_system else NO
        if personal.owns(actor, case):
            return YES
        task = _task("review", _DEPARTMENT, TaskState.CLAIMED, case, User(pk=_REVIEWER))
        return "reason" if personal.needs_reason(actor, case, standing, [task]) else "asks"

    yield _row("draft", "草稿", lambda actor: actor.is_system or company in (finding.scope(actor) or ()))
    yield _row("handed in", "已提交的办件", handed_in)
    yield "its personal data", "办件里的个人信息", [shown(seat.actor) for seat in SEATS]


def _case(kind: CaseKind, state: CaseState) -> Case:
    return Case(kind=kind, state=state, enterprise_id=_COMPANY, owner_id=_OWNER, window_id=_WINDOW, round=1)


def _standing(*, disputed: bool) -> Standing:
    return Standing(_LEAD, frozenset({_PARK}), frozenset({_HELPER}), disputed)


def _case_rows() -> Iterator[tuple[str, str, list[str]]]:
    for row in CASE_FLOW:
        yield f"`{row.deed}`", row.words.text, [_cell(seat.actor, row, disputed=False) for seat in SEATS]
        if row.deed == "approve":
            cells = [_cell(seat.actor, row, disputed=True) for seat in SEATS]
            yield f"`{row.deed}`, a department objects", row.words.text, cells


def _cell(actor: Actor, row: Row, *, disputed: bool) -> str:
    standing = _standing(disputed=disputed)

    def may(kind: CaseKind) -> bool:
        return any(not why_not(actor, row.deed, _case(kind, state), standing) for state in CaseState)

    if may(CaseKind.APPLICATION):
        return YES
    return "request" if may(CaseKind.REQUEST) else NO


def _task_rows(kind: str) -> Iterator[tuple[str, str, list[str]]]:
    case = _case(CaseKind.APPLICATION, CaseState.IN_REVIEW)
    standing = _standing(disputed=False)
    holder = User(pk=_REVIEWER if kind == "review" else 116, is_active=True)
    department = _DEPARTMENT if kind == "review" else _LEAD

    def may(actor: Actor, row: Row) -> bool:
        return any(
            not why_not(actor, row.deed, _task(kind, department, state, case, holder), standing)
            for state in TaskState
        )

    for row in TASK_FLOW:
        yield f"`{row.deed}`", row.words.text, [YES if may(seat.actor, row) else NO for seat in SEATS]


def _task(kind: str, department: int, state: TaskState, case: Case, holder: User) -> Task:
    assignee = holder if state is TaskState.CLAIMED else None
    return Task(kind=kind, department_id=department, state=state, case=case, assignee=assignee)


def _shared() -> Iterator[tuple[str, str, list[str]]]:
    paper = Document(enterprise_id=_COMPANY)

    def open_to(reason: Sentence) -> bool:
        return not reason

    yield _row(
        "open a document of the company",
        "查看企业文件",
        lambda a: open_to(datashare.why_not(a, "read", paper)),
    )
    yield _row("withdraw it", "撤回文件", lambda a: open_to(datashare.why_not(a, "withdraw", paper)))
    yield _row("give or revoke a consent", "授权共享", lambda a: open_to(datashare.why_not_for(a, _COMPANY)))
    yield _row("look at the figures", "查看看板", lambda a: open_to(insight.why_not_look(a)))
    yield _row("make a link to the wall", "创建看板链接", lambda a: open_to(insight.why_not_share(a)))


def _policies() -> Iterator[tuple[str, str, list[str]]]:
    """The draft is the policy editor's, so it takes another one to publish it."""

    def may(deed: PolicyDeed, author: int | None = None) -> Asked:
        return lambda actor: not editing.why_not(actor, deed, author)

    yield _row(
        "what the company can get: look, answer, apply",
        "查看、回答、申请政策",
        lambda actor: not policies.why_not(actor, _COMPANY),
    )
    yield _row("read the policies and what changed", "查看政策和变化", may(PolicyDeed.READ))
    yield _row("begin a draft", "起草政策", may(PolicyDeed.BEGIN))
    yield _row("change one's own draft", "修改自己的草稿", may(PolicyDeed.WRITE, _EDITOR))
    yield _row("change another's draft", "修改他人的草稿", may(PolicyDeed.WRITE, _SOMEBODY))
    yield _row("publish one's own draft", "发布自己的草稿", may(PolicyDeed.PUBLISH, _EDITOR))
    yield _row("publish another's draft", "发布他人的草稿", may(PolicyDeed.PUBLISH, _SOMEBODY))


def _package_rows() -> Iterator[tuple[str, str, list[str]]]:
    served = Served(_COMPANY, _WINDOW, frozenset({_PARK}), frozenset({_OWNER}))
    words = {
        PackageDeed.SEE: "查看需求画像",
        PackageDeed.PREPARE: "准备服务包",
        PackageDeed.ANSWER: "答复服务包",
    }
    for deed, told in words.items():
        cells = [YES if not serving.why_not(seat.actor, deed, served) else NO for seat in SEATS]
        yield f"`{deed}`", told, cells


def _account_rows() -> Iterator[tuple[str, str, list[str]]]:
    for deed in accounts.Deed:
        for to, thing in _things(deed):
            code = f"`{deed}`" + (f" {to}" if to else "")
            words = accounts.reason_against(deed).text
            cells = [YES if not accounts.why_not(s.actor, deed, thing(s.actor)) else NO for s in SEATS]
            yield code, words, cells


_Things = tuple[tuple[str, Callable[[Actor], object]], ...]


def _things(deed: accounts.Deed) -> _Things:
    """To what it is done: oneself and a colleague of the task's department, this company and another."""
    deeds = accounts.Deed
    if deed in (deeds.ERASE, deeds.MANAGE_USERS, deeds.MANAGE_ORGANISATION, deeds.READ_AUDIT, deeds.OPERATE):
        return (("", lambda actor: None),)
    if deed is deeds.SET_DUTY:
        return (("in the task's department", lambda actor: Department(pk=_DEPARTMENT)),)
    if deed is deeds.REVOKE_TOKEN:
        return (("of the company", lambda actor: ApiToken(user_id=_CLERK, enterprise_id=_COMPANY)),)
    if deed in (deeds.CORRECT_LICENCE, deeds.MARK, deeds.REPAIR_MARK):
        return (("", lambda actor: Enterprise(pk=_COMPANY)),)
    if deed in (deeds.MANAGE_MEMBERS, deeds.EDIT_CONTACT, deeds.CREATE_TOKEN):
        return (("for the company", lambda actor: Enterprise(pk=_COMPANY)),)
    return (
        ("to oneself", lambda actor: User(pk=actor.user_id)),
        ("to somebody of the task's department", lambda actor: _colleague()),
    )


def _colleague() -> User:
    return accounts.know_departments(User(pk=_SOMEBODY), {_DEPARTMENT})
