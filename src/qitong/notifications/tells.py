"""What is told to whom: kind of ledger entry → sentences, each saying who does what by when.

Places in a sentence are filled by ``places.py``. Nobody is told of what they have just done
themselves, except of a hand-over, which is told to both sides. Reminders are in ``reminders.py``.
``todo`` asks the reader to act, ``legal`` gives the company notice of what the office decided.
"""

from __future__ import annotations

from qitong.kernel.words import say
from qitong.notifications import audience as to
from qitong.notifications.account_tells import ACCOUNT_TELLS
from qitong.notifications.lines import Tell, legal, line, todo
from qitong.notifications.policy_tells import POLICY_TELLS
from qitong.notifications.reminders import REMINDERS

CASE_TELLS: dict[str, tuple[Tell, ...]] = {
    "case.submit": (
        line(
            to.company,
            text=say(
                "“{title}”已提交，编号{number}。首问负责人{owner}将在{contact_due_on}前与您联系，"
                "在{plan_due_on}前答复是否受理。"
            ),
            even_doer=True,
        ),
        todo(
            to.owner,
            text=say(
                "{company}提交了“{title}”（{number}），由您负责到底。请在{contact_due_on}前联系企业，"
                "在{plan_due_on}前受理或一次性告知补正。"
            ),
        ),
    ),
    "case.notify_correction": (
        legal(
            to.company,
            text=say(
                "“{title}”（{number}）需要补正。请按告知书一次补齐后重新提交，收到之日起重新计算受理期限。"
            ),
        ),
    ),
    "case.answer_correction": (
        todo(
            to.owner,
            text=say(
                "{company}已补正“{title}”（{number}）。请在{plan_due_on}前受理或不予受理，不能再次要求补正。"
            ),
        ),
    ),
    "case.accept": (
        legal(to.company, text=say("“{title}”（{number}）已受理，承诺在{promise_due_on}前办结。")),
    ),
    "case.deem_accepted": (
        legal(
            to.company,
            text=say(
                "“{title}”（{number}）五个工作日内未收到补正告知，依法视为受理，承诺在{promise_due_on}前办结。"
            ),
        ),
        todo(
            to.owner,
            to.window_head,
            text=say(
                "“{title}”（{number}）逾期未答复，已视为受理。请首问负责人{owner}在{promise_due_on}前办结。"
            ),
        ),
    ),
    "case.refuse_acceptance": (
        legal(to.company, text=say("“{title}”（{number}）不予受理，理由和去处请见办件页面。")),
    ),
    "case.withdraw": (
        line(to.owner, to.helpers, text=say("{company}已撤回“{title}”（{number}），不需要再办理。")),
    ),
    "case.complete_review": (
        todo(
            to.deciders,
            to.disputed_leader,
            text=say("“{title}”（{number}）审查完毕，请在{promise_due_on}前作出决定。"),
        ),
    ),
    "case.send_back": (
        todo(
            to.owner,
            text=say("“{title}”（{number}）已退回部门重新审查：{reason}。承诺期限{promise_due_on}不变。"),
        ),
    ),
    "case.approve": (
        legal(
            to.company,
            text=say("“{title}”（{number}）已准予办理，首问负责人{owner}将在{promise_due_on}前送达结果。"),
        ),
        todo(to.owner, text=say("“{title}”（{number}）已准予办理，请在{promise_due_on}前向企业送达结果。")),
    ),
    "case.refuse": (
        legal(
            to.company,
            text=say(
                "“{title}”（{number}）不予办理，理由请见决定。如有异议，请在{reopen_until}前要求重新办理。"
            ),
        ),
        todo(to.owner, text=say("“{title}”（{number}）已决定不予办理，请向{company}说明理由。")),
    ),
    "case.deliver": (
        legal(
            to.company,
            text=say(
                "“{title}”（{number}）的结果已送达，请确认。{confirm_on}前没有异议即自动办结，"
                "{reopen_until}前可以要求重新办理。"
            ),
        ),
    ),
    "case.confirm": (line(to.owner, text=say("{company}已确认办结“{title}”（{number}）。")),),
    "case.auto_confirm": (
        line(
            to.company,
            to.owner,
            text=say("“{title}”（{number}）送达后期满，已自动办结。企业可在{reopen_until}前要求重新办理。"),
        ),
    ),
    "case.reopen": (
        todo(
            to.owner,
            to.helpers,
            to.departments_of_round,
            text=say(
                "{company}要求重新办理“{title}”（{number}）。请相关部门重新审查，首问负责人{owner}在{promise_due_on}前办结。"
            ),
        ),
        line(
            to.company,
            text=say("“{title}”（{number}）重新办理的要求已转到相关部门，首问负责人仍是{owner}。"),
            even_doer=True,
        ),
    ),
    "case.end": (
        legal(
            to.company,
            to.owner,
            to.helpers,
            text=say("“{title}”（{number}）承诺的容缺材料逾期未补齐，办理终止。企业可以重新申请。"),
        ),
    ),
    "case.cure": (todo(to.owner, text=say("{company}补交了“{title}”（{number}）的容缺材料，请核对。")),),
    "case.extend": (
        legal(
            to.company,
            to.owner,
            text=say("“{title}”（{number}）经批准延长{days}个工作日，新的期限是{promise_due_on}：{reason}。"),
        ),
    ),
    "case.answer_supplement": (
        todo(
            to.department,
            to.owner,
            text=say("{company}已答复“{title}”（{number}）的补充要求，请在{due_on}前完成“{name}”。"),
        ),
    ),
    "case.remind_company": (
        line(to.company, text=say("首问负责人{owner}提醒：“{title}”（{number}）正等您{owed}。")),
    ),
    "case.recompute": (
        line(
            to.company,
            to.owner,
            text=say("节假日安排已发布，“{title}”（{number}）的期限重新计算为{promise_due_on}。"),
        ),
    ),
    "case.note": (
        line(
            to.company_if_from_office,
            text=say("{writer}就“{title}”（{number}）给您留言，请到办件页面查看、回复。"),
        ),
        line(
            to.office_if_from_company,
            text=say("{company}（{writer}）就“{title}”（{number}）留言，请首问负责人{owner}查看、回复。"),
        ),
    ),
}

HAND_OVERS: dict[str, tuple[Tell, ...]] = {
    "case.transfer": (
        todo(
            to.named("to"),
            text=say(
                "请您协助首问负责人{owner}办理“{title}”（{number}）：{reason}。承诺期限是{promise_due_on}。"
            ),
        ),
        line(
            to.doer,
            to.owner,
            text=say("已请{helper}协助办理“{title}”（{number}）：{reason}。首问负责人仍是{owner}。"),
            even_doer=True,
        ),
    ),
    "case.owner": (
        todo(
            to.owner,
            text=say(
                "“{title}”（{number}）的原首问负责人已离岗，由您接任。请联系{company}，在{promise_due_on}前办结。"
            ),
        ),
        line(
            to.company,
            text=say("“{title}”（{number}）的首问负责人已更换为{owner}，承诺期限{promise_due_on}不变。"),
        ),
        line(
            to.named("from"),
            to.window_head,
            text=say("“{title}”（{number}）的首问负责人已由{owner}接任。"),
        ),
    ),
    "task.enable": (
        todo(
            to.department,
            text=say("请{department}在{due_on}前完成“{title}”（{number}）的“{name}”。"),
        ),
    ),
    "task.assign": (
        todo(
            to.named("colleague"),
            text=say("“{title}”（{number}）的“{name}”交由您办理，请在{due_on}前完成。"),
        ),
        line(
            to.named("before"),
            to.doer,
            text=say("“{title}”（{number}）的“{name}”已交由{assignee}办理，应于{due_on}前完成。"),
            even_doer=True,
        ),
    ),
    "task.release": (
        todo(
            to.department,
            to.doer,
            text=say("“{title}”（{number}）的“{name}”已放回{department}，请领取，应于{due_on}前完成。"),
            even_doer=True,
        ),
    ),
    "task.return": (
        todo(
            to.owner,
            text=say(
                "{department}退回“{title}”（{number}）的“{name}”：{reason}。请在{reroute_due_on}前改派。"
            ),
        ),
        line(
            to.department_head,
            to.doer,
            text=say(
                "“{title}”（{number}）的“{name}”已退回首问负责人{owner}，由其在{reroute_due_on}前改派。"
            ),
            even_doer=True,
        ),
    ),
    "task.reroute": (
        todo(
            to.department,
            to.department_head,
            text=say("“{title}”（{number}）的“{name}”改由{department}办理，请在{due_on}前完成。"),
        ),
        line(
            to.department_before,
            to.owner,
            text=say("“{title}”（{number}）的“{name}”已改由{department}办理，应于{due_on}前完成。"),
            even_doer=True,
        ),
    ),
    "desk.handed_over": (
        todo(
            to.named("to"),
            text=say(
                "{person}的工作移交给您：办件{cases}件、任务{tasks}项、协办{helped}件、值班{shifts}天，"
                "最早的日期是{first_on}。"
            ),
        ),
        line(
            to.of_stream,
            to.doer,
            text=say(
                "{person}的工作已移交给{helper}：办件{cases}件、任务{tasks}项、协办{helped}件、值班{shifts}天，"
                "最早的日期是{first_on}。"
            ),
            even_doer=True,
        ),
    ),
    "absence.recorded": (
        todo(
            to.named("substitute"), text=say("{starts_on}至{ends_on}，由您代{person}办理其全部办件和任务。")
        ),
        line(
            to.of_stream,
            text=say("{starts_on}至{ends_on}，您的办件和任务由{substitute}代办。"),
            even_doer=True,
        ),
    ),
    "absence.cancelled": (
        line(
            to.named("substitute"),
            to.of_stream,
            text=say("{person}的请假已取消或提前结束，办件和任务由本人办理。"),
            even_doer=True,
        ),
    ),
}

EXPORT_TELLS: dict[str, tuple[Tell, ...]] = {
    "export.made": (
        line(
            to.of_stream,
            text=say("“{title}”的表格已做好，共{rows}行，请在{until_on}前到“导出”页下载。"),
        ),
    ),
    "export.failed": (line(to.of_stream, text=say("“{title}”的表格没有做成，请到“导出”页看原因并重试。")),),
}

TASK_TELLS: dict[str, tuple[Tell, ...]] = {
    "task.finish": (
        line(to.owner_of_step, text=say("{department}完成了“{title}”（{number}）的“{name}”：{outcome}。")),
        todo(
            to.leader_of_objection,
            text=say(
                "“{title}”（{number}）有部门不同意，须由分管领导写明理由后决定，承诺期限是{promise_due_on}。"
            ),
        ),
    ),
    "task.drop": (line(to.department, text=say("“{title}”（{number}）的“{name}”已取消，不需要再办理。")),),
    "task.waive": (
        line(
            to.department,
            to.department_head,
            to.owner,
            text=say("分管领导决定不再等待{department}的“{name}”，“{title}”（{number}）继续办理。"),
        ),
    ),
    "task.ask_supplement": (
        legal(
            to.company,
            text=say(
                "{department}办理“{title}”（{number}）需要补充：{question}。请在{answer_due_on}前答复。"
            ),
        ),
        line(
            to.owner,
            text=say(
                "{department}已要求企业补充“{title}”（{number}）的材料，企业应在{answer_due_on}前答复。"
            ),
        ),
    ),
    "task.pause": (
        line(
            to.company,
            to.owner,
            text=say("{department}因{pause_reason}中止“{title}”（{number}）的计时，结束后继续计算。"),
        ),
    ),
    "task.resume": (
        line(
            to.company,
            to.owner,
            text=say("{department}恢复“{title}”（{number}）的计时，承诺期限是{promise_due_on}。"),
        ),
    ),
    "task.remind": (
        line(
            to.at_work,
            to.department_head,
            text=say("催办：请{department}在{due_on}前完成“{title}”（{number}）的“{name}”{postscript}。"),
        ),
    ),
}

COMPANY_TELLS: dict[str, tuple[Tell, ...]] = {
    "member.added": (
        todo(
            to.named("member"),
            text=say("您可以以“{enterprise}”的名义办事了。请用收到本消息的手机号或邮箱，获取验证码登录。"),
        ),
    ),
    "member.removed": (
        line(to.named("member"), text=say("您不再以“{enterprise}”的名义办事。如有疑问，请联系企业管理员。")),
    ),
    "member.role_changed": (
        line(to.named("member"), text=say("您在“{enterprise}”的身份已更改，请到“企业”页面查看。")),
    ),
}

TELLS = {
    **CASE_TELLS,
    **HAND_OVERS,
    **EXPORT_TELLS,
    **TASK_TELLS,
    **COMPANY_TELLS,
    **POLICY_TELLS,
    **ACCOUNT_TELLS,
    **REMINDERS,
}
