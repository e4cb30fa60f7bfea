"""What somebody is told of what was done about their account; as in ``tells.py``."""

from __future__ import annotations

from qitong.kernel.words import say
from qitong.notifications import audience as to
from qitong.notifications.lines import Tell, line

ACCOUNT_TELLS: dict[str, tuple[Tell, ...]] = {
    "visit.started": (
        line(
            to.of_stream,
            text=say(
                "安全管理员{visitor}正在以您（{person}）的账号查看页面，只能看，最长30分钟。理由：{reason}。"
                "如有疑问，请联系审计管理员。"
            ),
        ),
    ),
    "second_factor.reset": (
        line(
            to.of_stream,
            text=say("安全管理员已重置您（{person}）的动态码，理由：{reason}。下次登录时请重新启用。"),
        ),
    ),
}
