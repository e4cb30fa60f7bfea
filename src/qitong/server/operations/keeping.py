"""How long personal data is kept here, and what the last night's clearing took: for who runs the system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qitong.ledger.queries import latest
from qitong.privacy.logic.periods import LEAST, USUAL, Kept
from qitong.privacy.retention import STREAM
from qitong.web.common.parts import Text

WORDS: Mapping[Kept, Text] = {
    Kept.DRAFTS: _("从未提交的草稿"),
    Kept.WITHDRAWN: _("决定前撤回的办件"),
    Kept.CASES: _("已办结办件中的个人信息"),
    Kept.MESSAGES: _("站内消息、邮件和短信"),
    Kept.EXPORTS: _("导出的表格"),
    Kept.VISITS: _("安全管理员代看的记录"),
    Kept.FACTS: _("企业为匹配政策提供的情况"),
    Kept.PACKAGES: _("答复完或撤下的服务包"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """In days. ``least`` is what no setting may fall short of, None where anything may be set."""

    what: Text
    name: str
    days: int
    usual: int
    least: int | None
    taken: int
    """How many the last clearing took away."""


@dataclass(frozen=True, slots=True)
class Keeping:
    periods: list[Period]
    cleared_at: dt.datetime | None


def keeping() -> Keeping:
    """The periods in use and the last clearing that found something; one query."""
    last = next(iter(latest(STREAM, limit=1)), None)
    taken = last.facts if last else {}
    periods = [
        Period(
            WORDS[kind],
            kind.value,
            settings.RETENTION[kind].days,
            USUAL[kind].days,
            LEAST[kind].days if kind in LEAST else None,
            int(taken.get(kind.value, 0)),
        )
        for kind in Kept
    ]
    return Keeping(periods, last.at if last else None)
