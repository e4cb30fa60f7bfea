"""Who may look at the figures, and make links to the wall."""

from __future__ import annotations

from qitong.accounts.actors import Actor, Role
from qitong.kernel.words import NOTHING, Sentence, say


def may_look(actor: Actor) -> bool:
    """Leaders and heads, who stands in for one today, and auditors."""
    return bool(actor.has(Role.AUDITOR) or actor.places_overseen() or actor.departments_overseen())


def why_not_look(actor: Actor) -> Sentence:
    """Why ``actor`` may not look at the figures; empty when they may."""
    if may_look(actor):
        return NOTHING
    return say(
        "看板供分管领导、部门负责人和审计管理员查看。您手上的工作在“办件”和“任务”里；"
        "如应当能看，请联系安全管理员授予相应角色。"
    )


def why_not_share(actor: Actor) -> Sentence:
    """Why ``actor`` may not make links to the wall page; empty when they may."""
    if actor.jurisdictions(Role.LEADER):
        return NOTHING
    return say("只有分管领导可以创建看板的只读链接。")
