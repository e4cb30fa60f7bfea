"""The papers of a policy in words: from where one is there, who brings another, which are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from qitong.datashare.models import Origin
from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies.papers import Held, Paper, Standing
from qitong.web.common.dates import day_of, shown
from qitong.web.common.parts import Tone

_COUNTED = {
    Standing.HELD: say("已有{n}份"),
    Standing.MADE: say("平台生成{n}份"),
    Standing.SHARED: say("授权后由部门共享{n}份"),
    Standing.MISSING: say("还缺{n}份"),
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """``more``: from where it is; ``href``: the case that it was used in."""

    name: Named
    word: Sentence
    tone: Tone
    more: Sentence = NOTHING
    href: str = ""


def line(paper: Paper) -> PaperLine:
    name = Named(paper.spec.zh, paper.spec.en)
    if paper.held is not None:
        return PaperLine(name, say("已有，自动带上"), Tone.GREEN, _held(paper.held), _case(paper.held))
    if paper.standing is Standing.MADE:
        return PaperLine(name, say("平台生成，签署即可"), Tone.GREEN)
    if paper.standing is Standing.SHARED:
        more = say("授权后由{department}共享。", department=paper.department) if paper.department else NOTHING
        return PaperLine(name, say("部门已有，不用准备"), Tone.TIDE, more)
    return PaperLine(name, say("还没有"), Tone.PLAIN)


def counted(papers: Sequence[Paper]) -> Sentence:
    """How many there are of each sort; what there is none of is left out."""
    found = Counter(paper.standing for paper in papers)
    parts = [say(said.text, n=found[sort]) for sort, said in _COUNTED.items() if found[sort]]
    return say("材料共{n}份：{parts}", n=len(papers), parts=parts)


def _held(held: Held) -> Sentence:
    told = {"day": shown(day_of(held.on)), "number": held.number}
    if held.origin == Origin.FETCHED:
        return say("{day}由部门共享。", **told)
    if held.origin == Origin.CERTIFICATE:
        return say("{day}发给贵企业的证照。", **told)
    if held.number:
        return say("{day}上传，用于办件{number}。", **told)
    if held.case is not None:
        return say("{day}上传，在没有提交的草稿里。", **told)
    return say("{day}上传。", **told)


def _case(held: Held) -> str:
    if held.case is None:
        return ""
    return reverse("portal:case" if held.number else "portal:draft", args=[held.case])
