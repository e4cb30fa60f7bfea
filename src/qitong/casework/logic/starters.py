"""Sentences to begin with: what officers write daily, to be taken over and changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qitong.kernel.words import Sentence, say


class Use(StrEnum):
    """For which text a phrase is; named by the field of the form where it is written."""

    NOTICE = "text"
    GROUNDS = "grounds"
    QUESTION = "question"
    ASK = "ask"
    REASON = "reason"
    OPINION = "opinion"
    REMARK = "remark"
    NOTE = "note"


USE_WORDS: dict[Use, Sentence] = {
    Use.NOTICE: say("补正告知"),
    Use.GROUNDS: say("决定的理由或答复"),
    Use.QUESTION: say("补充要求"),
    Use.ASK: say("派给部门的事"),
    Use.REASON: say("退单、延期、协办的理由"),
    Use.OPINION: say("部门意见"),
    Use.REMARK: say("材料哪里不符合要求"),
    Use.NOTE: say("联系记录和催办"),
}


@dataclass(frozen=True, slots=True)
class Starter:
    name: Sentence
    text: Sentence
    uses: tuple[Use, ...]


def _text(text: str) -> Sentence:
    """A text whose places stay places: they are filled when it is used."""
    return say(text, company="{company}", number="{number}", item="{item}", due="{due}", missing="{missing}")


STARTERS: tuple[Starter, ...] = (
    Starter(
        say("电话联系企业"),
        _text("已电话联系{company}，核实了“{item}”（{number}）的情况，告知应于{due}前办结。"),
        (Use.NOTE,),
    ),
    Starter(
        say("补正：缺材料"),
        _text("{company}：“{item}”还缺{missing}。请一次补齐后重新提交，有疑问请随时与我联系。"),
        (Use.NOTICE,),
    ),
    Starter(
        say("补正：看不清"),
        _text("所附扫描件模糊，无法核对。请重新扫描原件（彩色，300 dpi 以上）后提交。"),
        (Use.NOTICE, Use.QUESTION, Use.REMARK),
    ),
    Starter(
        say("请部门协助"),
        _text("{company}的“{item}”（{number}）涉及贵部门职责，请核实情况并提出意见，承诺期限为{due}。"),
        (Use.ASK, Use.REASON),
    ),
    Starter(
        say("催办"),
        _text("“{item}”（{number}）应于{due}前办结，请今天反馈进展；如有困难请说明原因。"),
        (Use.NOTE,),
    ),
    Starter(
        say("不属本部门职责"),
        _text("经核，本事项不属于本部门职责，建议转由主管部门办理。"),
        (Use.REASON,),
    ),
    Starter(
        say("同意"),
        _text("经审查，{company}提交的材料齐全，符合规定，同意办理。"),
        (Use.OPINION, Use.GROUNDS),
    ),
    Starter(
        say("答复诉求"),
        _text(
            "{company}：您反映的“{item}”（{number}）已由相关部门核实并处理。如有不同意见，可以要求重新办理。"
        ),
        (Use.GROUNDS,),
    ),
)
