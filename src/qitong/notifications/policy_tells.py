"""What companies are told of policies, windows and packages sent to them; what officers hear of those."""

from __future__ import annotations

from qitong.kernel.words import say
from qitong.notifications import audience as to
from qitong.notifications.lines import Tell, line, todo
from qitong.notifications.logic.wishes import Group

WINDOW_TELLS: dict[str, tuple[Tell, ...]] = {
    "policy.window_opens": (
        todo(
            to.company_of_stream,
            text=say("“{title}”已开始申报，{closes_on}截止。{enterprise}符合条件，请在截止前提交申请。"),
        ),
    ),
    "policy.window_closes": (
        line(
            to.company_of_stream,
            text=say("提醒：“{title}”的申报{closes_on}截止，{enterprise}符合条件，还没有提交申请。"),
            group=Group.REMINDER,
        ),
    ),
}
POLICY_TELLS: dict[str, tuple[Tell, ...]] = {
    "policy.gained": (
        todo(
            to.company_but_giver,
            text=say("{cause}，{enterprise}现在符合“{title}”的条件{judged}{because}{way_on}。"),
        ),
    ),
    **WINDOW_TELLS,
    "package.sent": (
        todo(
            to.company_of_stream,
            text=say(
                "{officer}为{enterprise}准备了一份服务包，共{lines}项。请逐项答复：要办的可以直接开始，"
                "不适合的说一声，以后不再建议。"
            ),
        ),
    ),
    "package.answered": (
        line(
            to.officer_when_settled,
            text=say("{enterprise}已逐项答复服务包：要办{accepted}项，不适合{unsuitable}项。"),
        ),
    ),
    "package.officer": (
        todo(to.named("to"), text=say("{enterprise}的服务包由您接手，请查看后继续服务。")),
        line(to.company_when_sent, text=say("{enterprise}的服务专员已更换为{officer}。")),
    ),
}
