"""What companies are told of policies: who newly meets the conditions, which window opens or closes."""

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
}
