"""Who may do what with documents and consents, as far as datashare can tell.

An officer's scope is that of the cases: casework decides it and calls ``documents.open`` afterwards.
"""

from __future__ import annotations

from typing import Literal

from qitong.accounts.actors import Actor
from qitong.datashare.models import Document, Origin
from qitong.kernel.words import NOTHING, Sentence, say

Deed = Literal["read", "withdraw"]


def why_not(actor: Actor, deed: Deed, document: Document) -> Sentence:
    """Why ``actor`` may not do this; empty when allowed."""
    if document.enterprise_id not in actor.enterprise_ids:
        return say("您不是这份文件所属企业的成员，无权查看或处理。")
    if deed == "withdraw" and document.origin == Origin.CERTIFICATE:
        return say("证照由签发部门管理，企业不能撤回。")
    return NOTHING


def why_not_for(actor: Actor, enterprise_id: int) -> Sentence:
    """Why ``actor`` may not give or revoke consents of the enterprise; empty when allowed."""
    if actor.user_id is None or enterprise_id not in actor.enterprise_ids:
        return say("只有企业的成员可以授权或撤销授权。")
    return NOTHING
