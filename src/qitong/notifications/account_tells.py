"""What somebody is told of what was done about their account; as in ``tells.py``."""

from __future__ import annotations

from qitong.kernel.words import say
from qitong.notifications import audience as to
from qitong.notifications.lines import Tell, legal, line

MOVED = "user.address_changed"
"""Told where they were reached before: there sits whoever did not do it."""

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
    MOVED: (
        legal(
            to.of_stream,
            text=say(
                "您（{person}）的企通账号登记了新的手机号或邮箱，其他设备上的登录已退出。"
                "如不是您本人操作，请立即联系园区服务窗口。"
            ),
            even_doer=True,
        ),
    ),
    "second_factor.reset": (
        line(
            to.of_stream,
            text=say("安全管理员已重置您（{person}）的动态码，理由：{reason}。下次登录时请重新启用。"),
        ),
    ),
}
