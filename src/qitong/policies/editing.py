"""Who may change policies: their editors, themselves, and a second one publishes what the first wrote."""

from __future__ import annotations

from enum import StrEnum

from qitong.accounts.actors import Actor, Role
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say


class PolicyDeed(StrEnum):
    READ = "read"
    BEGIN = "begin"
    WRITE = "write"
    PUBLISH = "publish"


def why_not(actor: Actor, deed: PolicyDeed, author_id: int | None = None) -> Sentence:
    """Why not; empty when they may. ``author_id``: who wrote the draft that it is about."""
    if deed is PolicyDeed.READ:
        return NOTHING if actor.is_officer else say("这一页供工作人员使用。")
    if not (actor.is_person and actor.has(Role.POLICY_EDITOR)):
        return say("政策由政策编辑修改和发布。")
    if deed is PolicyDeed.WRITE and actor.user_id != author_id:
        return say("草稿只由起草人修改；请起草人修改，或者作废后重新起草。")
    if deed is PolicyDeed.PUBLISH and actor.user_id == author_id:
        return say("自己起草的版本不能自己发布，请另一位政策编辑复核后发布。")
    return NOTHING


def demand(actor: Actor, deed: PolicyDeed, author_id: int | None = None) -> None:
    if reason := why_not(actor, deed, author_id):
        raise Refused(reason, code="forbidden")
