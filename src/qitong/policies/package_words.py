"""The lines of a package in words: what it is called, and why it is proposed, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from qitong.kernel.words import Named, Sentence, say
from qitong.policies.editions import Edition
from qitong.policies.logic import asked
from qitong.policies.logic.package import Answer, Stage, Thing, Why
from qitong.policies.models import PackageLine

THINGS: Mapping[Thing, Sentence] = {Thing.POLICY: say("优惠政策"), Thing.ITEM: say("事项")}
STAGES: Mapping[Stage, Sentence] = {
    Stage.PROPOSED: say("待发送"),
    Stage.SENT: say("已发送，企业还没有打开"),
    Stage.OPENED: say("企业正在答复"),
    Stage.SETTLED: say("企业已逐项答复"),
    Stage.WITHDRAWN: say("已撤下"),
}
ANSWERS: Mapping[str, Sentence] = {
    "": say("等企业答复"),
    Answer.ACCEPTED: say("企业要办"),
    Answer.UNSUITABLE: say("企业说不适合"),
}


def name_of(line: PackageLine, edition: Edition, items: Mapping[str, Named]) -> Named:
    """As it is called today; by its code when it is there no more."""
    if line.thing == Thing.ITEM:
        return items.get(line.code) or Named(line.code, line.code)
    entry = edition.library.entries.get(line.code)
    return Named(entry.policy.name.zh, entry.policy.name.en) if entry else Named(line.code, line.code)


def reason_of(line: PackageLine, edition: Edition) -> Sentence:
    """Why it is proposed: no figure of the company, so that officers and company read the same."""
    detail: Mapping[str, str] = line.detail
    match Why(line.why):
        case Why.MET:
            return say("按已知情况，条件全部符合。")
        case Why.JUDGED:
            return say("能核对的条件都符合，其余由主管部门判断。")
        case Why.NEAR:
            return _near(line, edition)
        case Why.ASK:
            return _ask(line, edition)
        case Why.PEERS:
            return say("同行业、规模相近的企业办这件事的比其他企业多，贵企业还没有办过。")
    return say("{why}。", why=Named(detail.get("zh", "").rstrip("。"), detail.get("en", "").rstrip(".。")))


def _near(line: PackageLine, edition: Edition) -> Sentence:
    entry = edition.library.entries.get(line.code)
    wanted = line.detail.get("condition")
    condition = next((c for c in entry.rule.conditions if c.id == wanted), None) if entry else None
    if entry is None or condition is None:
        return say("只差一项条件。")
    return say("只差一项条件：{asked}。", asked=asked.phrase(condition.node, entry.rule))


def _ask(line: PackageLine, edition: Edition) -> Sentence:
    spec = edition.library.fields.get(line.detail.get("fact", ""))
    if spec is None:
        return say("再回答一两个问题，就知道能不能享受。")
    return say("再回答“{fact}”，就知道能不能享受。", fact=spec.label)
