"""Who may see what a company can get, and act on it: its own people, and nobody else."""

from __future__ import annotations

from qitong.accounts.actors import Actor
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say


def why_not(actor: Actor, enterprise_id: int) -> Sentence:
    """Why the actor may not ask, answer or apply for this company; empty when they may."""
    if enterprise_id in actor.enterprise_ids:
        return NOTHING
    return say("您不是这家企业的成员，不能代它查看或申请政策。")


def demand_member(actor: Actor, enterprise_id: int) -> None:
    if reason := why_not(actor, enterprise_id):
        raise Refused(reason, code="forbidden")
