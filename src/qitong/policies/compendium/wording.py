"""The sentences that the pages and the document share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from qitong.kernel.words import Named, Sentence, say
from qitong.policies.compendium.parts import Compendium

HEADS: Mapping[str, Sentence] = {
    "scope": say("适用范围"),
    "conditions": say("条件"),
    "scores": say("计分办法"),
    "excludes": say("不能同时享受"),
    "stacks": say("可以同时享受"),
    "materials": say("材料"),
    "way": say("怎样办理"),
}
ALL_OF = say("以下各项都要符合：")


def reflects(on: dt.date) -> Sentence:
    """The day it speaks of, as its first words."""
    return say("本汇编反映{day}的政策", day=on)


def counted(made: Compendium) -> Sentence:
    """How many policies are in it, and how many only in its appendix."""
    told = {"n": len(made.articles), "other": len(made.appendix)}
    if made.appendix:
        return say("施行中的政策：{n}项；附录另列不在施行中的：{other}项", **told)
    return say("施行中的政策：{n}项", **told)


def prevails() -> Sentence:
    """What to go by: the published text, which is Chinese."""
    return say("条件由规则自动写成，便于查阅；以主管部门公布的文件为准。")


def place_of(clause: Named) -> Sentence:
    """Where a condition stands in its document."""
    return say("（{clause}）", clause=clause)
