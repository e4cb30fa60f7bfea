"""Deferred acceptance (容缺受理): what may follow later, against what, and until when."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from qitong.casework.logic.terms import MaterialState
from qitong.kernel.words import NOTHING, Named, Sentence, say


@dataclass(frozen=True, slots=True)
class Paper:
    """A material as the rules of deferral see it."""

    key: str
    name: Named
    klass: str
    state: MaterialState
    authorised: bool = False
    """The company lets the department that holds it share it, and has not revoked that."""

    @property
    def is_in(self) -> bool:
        return self.state in (MaterialState.PROVIDED, MaterialState.VERIFIED)

    @property
    def is_coming(self) -> bool:
        """To be fetched from a department: missing, but not the company's to bring."""
        return self.authorised and self.state in (MaterialState.MISSING, MaterialState.REJECTED)


def must_have(papers: Sequence[Paper]) -> list[Paper]:
    """Core and red-line materials that are not there: nothing can stand in for them."""
    return [p for p in papers if p.klass != "deferrable" and not p.is_in]


def owed(papers: Sequence[Paper]) -> list[Paper]:
    """Everything not in, deferred or not: no certificate before this is empty."""
    return [p for p in papers if not p.is_in]


def not_told(papers: Sequence[Paper]) -> list[Paper]:
    """What still forbids acceptance: not in, and not covered by a commitment."""
    return [p for p in papers if not p.is_in and p.state is not MaterialState.DEFERRED]


def to_bring(papers: Sequence[Paper]) -> list[Paper]:
    """What a one-time notice has to name: of what is missing, that which no department supplies."""
    return [p for p in not_told(papers) if not p.is_coming]


def coming(papers: Sequence[Paper]) -> list[Paper]:
    """What a department is still to supply, under the company's consent."""
    return [p for p in papers if p.is_coming]


def why_not_defer(
    papers: Sequence[Paper],
    keys: Sequence[str],
    *,
    dishonest: bool,
    due_on: dt.date,
    today: dt.date,
    limit_on: dt.date,
) -> Sentence:
    """Why these materials may not follow later; empty when they may."""
    return (
        _why_not_these(papers, keys)
        or _why_not_yet(papers)
        or _why_not_date(dishonest=dishonest, due_on=due_on, today=today, limit_on=limit_on)
    )


def _why_not_these(papers: Sequence[Paper], keys: Sequence[str]) -> Sentence:
    by_key = {p.key: p for p in papers}
    if not keys:
        return say("请选择要容缺后补的材料。")
    for key in keys:
        if key not in by_key:
            return say("这个事项没有材料“{key}”。", key=key)
        if reason := _why_not_this(by_key[key]):
            return reason
    return NOTHING


def _why_not_this(paper: Paper) -> Sentence:
    if paper.klass == "red_line":
        return say("“{name}”涉及安全或环境，是红线材料，不能容缺。", name=paper.name)
    if paper.klass != "deferrable":
        return say("“{name}”是核心材料，不能容缺。", name=paper.name)
    if paper.is_in:
        return say("“{name}”已经提供，不需要容缺。", name=paper.name)
    return NOTHING


def _why_not_yet(papers: Sequence[Paper]) -> Sentence:
    lacking = must_have(papers)
    if lacking:
        return say("核心和红线材料齐全后才能容缺，还缺：{names}。", names=tuple(p.name for p in lacking))
    return NOTHING


def _why_not_date(*, dishonest: bool, due_on: dt.date, today: dt.date, limit_on: dt.date) -> Sentence:
    if dishonest:
        return say("企业有尚未修复的失信记录，不能容缺。修复后可以再申请。")
    if due_on <= today:
        return say("补齐日期应晚于今天。")
    if due_on > limit_on:
        return say("补齐日期不能晚于本事项的承诺办结日{limit}。", limit=limit_on)
    return NOTHING


def notice(
    *,
    company: str,
    item: str,
    names: Sequence[str],
    due_on: dt.date,
    signer: str,
    signed_on: dt.date,
) -> str:
    """The text that is signed: material, form, deadline and consequence, in Chinese as law asks.

    It is stored and hashed as it is, so it is not translated.
    """
    listed = "、".join(f"《{n}》" for n in names)
    return (
        f"容缺受理承诺书\n\n{company}申请办理“{item}”，核心材料和红线材料已经齐全。\n"
        f"一、容缺后补的材料：{listed}。\n"
        f"二、补齐形式：材料原件扫描件或电子证照，在本平台提交。\n"
        f"三、补齐期限：{due_on.year}年{due_on.month}月{due_on.day}日。\n"
        f"四、逾期后果：本次办理终止，并记入企业信用记录；材料补齐并核对无误前不发放证照。\n"
        f"本企业知晓以上内容，承诺所述真实，并按期补齐。\n\n"
        f"承诺人：{signer}\n{signed_on.year}年{signed_on.month}月{signed_on.day}日\n"
    )


def text_hash(text: str) -> str:
    """SHA-256 of the signed text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
