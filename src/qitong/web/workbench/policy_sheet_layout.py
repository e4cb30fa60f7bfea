"""What the sheet of a policy asks for, section by section: the one list that all its parts follow.

Names are places in what is typed, which is nearly the policy's own data: ``valid.from``,
``documents.0.number``.
Mappings of the data (facts, choices, figures) are lists here, each row with its ``key``.
"""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_cells import Cell, Many, Section, Sort

ZH, EN = _("中文"), _("英文")
_IN = _("{what}（{language}）")


def _both(name: str, label: Text, sort: Sort = Sort.LINE, *, optional: bool = False) -> tuple[Cell, Cell]:
    """A text in both languages."""
    return (
        Cell(f"{name}.zh", format_lazy(_IN, what=label, language=ZH), sort, optional=optional),
        Cell(f"{name}.en", format_lazy(_IN, what=label, language=EN), sort, optional=optional),
    )


_RULE_HINT = _("写法如：销售额的代码 >= 500万元 and 员工数的代码 < 300。事实的代码列在“要问的事实”里。")

BASICS = Section(
    "basics",
    _("名称和范围"),
    (
        *_both("name", _("名称")),
        Cell("theme", _("主题"), Sort.CHOICE, "theme", width="medium"),
        Cell("level", _("层级"), Sort.TICKS, "level"),
        Cell("region", _("适用地区"), Sort.CHOICE, "region", width="medium"),
        Cell("department", _("主管部门"), Sort.CHOICE, "department", width="medium"),
        Cell("reach", _("可能符合的企业"), Sort.CHOICE, "reach", width="medium"),
        Cell("confidence", _("对规则的把握"), Sort.CHOICE, "confidence", width="medium"),
    ),
)
GROUNDS = Section(
    "grounds",
    _("依据和期限"),
    (
        Many(
            "documents",
            pgettext_lazy("of a policy", "文件"),
            pgettext_lazy("one", "文件"),
            (
                Cell(
                    "number",
                    _("文号"),
                    optional=True,
                    hint=_("状态为“待核实”的可以暂缺，写明标题。"),
                    width="full",
                ),
                *_both("title", _("标题"), optional=True),
                *_both("note", _("说明"), optional=True),
            ),
            first=True,
        ),
        *_both("basis", _("依据的条款")),
        Cell("valid.from", _("施行日期"), Sort.DAY, width="short"),
        Cell(
            "valid.to",
            _("有效期至"),
            Sort.DAY,
            optional=True,
            hint=_("当日仍有效；长期有效的留空。"),
            width="short",
        ),
        Cell("status", _("状态"), Sort.CHOICE, "status", width="medium"),
        Cell("superseded_by", _("由哪项政策取代"), Sort.CHOICE, "policy", optional=True, width="medium"),
        Many(
            "windows",
            _("申报窗口"),
            pgettext_lazy("one", "窗口"),
            (
                Cell("open", _("开始日期"), Sort.DAY, width="short"),
                Cell("close", _("截止日期"), Sort.DAY, width="short"),
                *_both("basis", _("依据")),
            ),
            inline=True,
        ),
    ),
    _("没有申报窗口的政策随时可以申请，或不用申请。"),
)
FACTS = Section(
    "facts",
    _("要问的事实"),
    (
        Many(
            "inputs",
            "",
            pgettext_lazy("one", "事实"),
            (
                *_both("name", _("名称")),
                *_both("question", _("问企业的话"), Sort.TEXT),
                Cell("unit", _("单位"), Sort.CHOICE, "unit", width="medium"),
                Cell("period", _("哪一时期"), Sort.CHOICE, "period", width="medium", start="now"),
                Many(
                    "choices",
                    _("选项（单位为“选项”时）"),
                    pgettext_lazy("one", "选项"),
                    (
                        Cell("zh", ZH),
                        Cell("en", EN),
                        Cell("key", _("代码"), optional=True, hint=_("留空时由英文生成。"), width="code"),
                    ),
                    inline=True,
                ),
                Cell("least", _("最小值"), Sort.NUMBER, optional=True, width="short"),
                Cell("most", _("最大值"), Sort.NUMBER, optional=True, width="short"),
                Cell("places", _("小数位数"), Sort.NUMBER, optional=True, width="short"),
                Cell("same_as", _("与哪项事实相同"), Sort.CHOICE, "known", optional=True, width="medium"),
                Cell("opposite_of", _("与哪项事实相反"), Sort.CHOICE, "known", optional=True, width="medium"),
                Cell("key", _("代码"), optional=True, hint=_("留空时由英文名生成。"), width="code"),
            ),
            folds=True,
        ),
    ),
    _("条件、金额和例子只能用这里列出的事实。别的政策已经在问的事实，请从清单里取，企业只答一次。"),
)
CONDITIONS = Section(
    "conditions",
    _("条件"),
    (
        Many(
            "conditions",
            "",
            pgettext_lazy("one", "条件"),
            (
                Cell("join", _("怎样算符合"), Sort.CHOICE, "join", width="medium", start="all"),
                Cell("count", _("至少几项"), Sort.NUMBER, optional=True, width="short"),
                Many(
                    "rows",
                    "",
                    pgettext_lazy("one", "条件行"),
                    (
                        Cell("term", _("事实"), Sort.CHOICE, "term", optional=True, width="medium"),
                        Cell("per", _("除以"), Sort.CHOICE, "per", optional=True, width="medium"),
                        Cell("relation", _("关系"), Sort.CHOICE, "relation", optional=True, width="medium"),
                        Cell(
                            "than",
                            _("或者，与哪项事实比"),
                            Sort.CHOICE,
                            "than",
                            optional=True,
                            width="medium",
                        ),
                        Cell("value", _("数值"), Sort.VALUE, optional=True, width="short"),
                    ),
                    first=True,
                    inline=True,
                ),
                Cell("rule", _("算式"), Sort.FORMULA, optional=True, hint=_RULE_HINT),
                Cell("kind", _("由谁判断"), Sort.CHOICE, "kind", width="medium", start="hard"),
                Cell("clause", _("文件的条款"), optional=True, width="medium"),
                Cell("id", _("编号"), optional=True, hint=_("留空时依次编号。"), width="short"),
                Cell("was", "", Sort.KEPT),
            ),
            first=True,
        ),
        Cell("applies_when", _("适用范围"), Sort.FORMULA, optional=True, hint=_RULE_HINT),
        Cell(
            "unlikely_when",
            _("几乎不会享受的情形"),
            Sort.FORMULA,
            optional=True,
            hint=_("这样的企业不再追问。"),
        ),
    ),
    _("每项条件写成几行；行写不出来的，在“怎样算符合”里选“写成算式”。改了事实或算法后按“更新”。"),
)
SCORES = Section(
    "scores",
    _("评分"),
    (
        Many(
            "scores",
            "",
            pgettext_lazy("one", "评分项"),
            (
                *_both("label", _("名称")),
                Cell("max", _("最高分"), Sort.NUMBER, width="short"),
                Cell("how", _("各部分怎样合计"), Sort.CHOICE, "how", width="medium", start="sum_of"),
                Many(
                    "parts",
                    "",
                    pgettext_lazy("one", "部分"),
                    (
                        *_both("label", _("名称")),
                        Cell(
                            "measure",
                            _("看什么"),
                            Sort.FORMULA,
                            optional=True,
                            hint=_("一项事实或算式，如 研发费用的代码 / 销售额的代码。"),
                        ),
                        Many(
                            "bands",
                            _("分档，从高到低；下限写成 5%、500万元、30"),
                            pgettext_lazy("one", "档"),
                            (
                                Cell("bound", _("下限（含）"), width="short"),
                                Cell("points", _("这一档的得分"), Sort.NUMBER, width="short"),
                            ),
                            inline=True,
                        ),
                        Cell("below", _("不足最低一档的得分"), Sort.NUMBER, optional=True, width="short"),
                        Cell("expr", _("或者按算式得分"), Sort.FORMULA, optional=True),
                    ),
                    first=True,
                ),
                Cell("name", _("代码"), optional=True, hint=_("留空时由英文名生成。"), width="code"),
            ),
        ),
    ),
    _("不评分的政策不用填。"),
)
BENEFIT = Section(
    "benefit",
    _("享受什么"),
    (
        Cell("benefit.type", _("种类"), Sort.CHOICE, "benefit", width="medium"),
        Cell(
            "benefit.amount",
            _("金额怎样算"),
            Sort.FORMULA,
            hint=_("如 10万元，或 投入额的代码 * 10%；不是钱的写 0元。"),
        ),
        Cell("benefit.ceiling", _("最高限额"), optional=True, hint=_("如 50万元"), width="short"),
        Cell("benefit.unit", _("例子里金额的单位"), Sort.CHOICE, "money", width="medium"),
        Cell("benefit.period", _("多久一次"), Sort.CHOICE, "often", width="medium"),
        *_both("benefit.note", _("说明"), optional=True),
        Many(
            "figures",
            _("另外要告诉企业的金额"),
            pgettext_lazy("one", "金额"),
            (
                *_both("label", _("名称")),
                Cell("amount", _("怎样算"), Sort.FORMULA),
                Cell("key", _("代码"), optional=True, hint=_("留空时由英文名生成。"), width="code"),
            ),
        ),
    ),
)
BESIDE = Section(
    "beside",
    _("申请、材料和其他政策"),
    (
        Cell("item", _("通过哪个事项申请"), Sort.CHOICE, "item", optional=True),
        Many(
            "materials",
            _("材料"),
            pgettext_lazy("one", "材料"),
            (
                *_both("text", _("名称")),
                Cell("key", _("事项里的哪份材料"), Sort.CHOICE, "material", optional=True, width="medium"),
            ),
            inline=True,
        ),
        Many(
            "exclusive_with",
            _("不能同时享受的政策"),
            pgettext_lazy("one", "政策"),
            (Cell("id", _("政策"), Sort.CHOICE, "policy"),),
            inline=True,
        ),
        Many(
            "exclusive_outside",
            _("不能同时享受、而这里没有的政策"),
            pgettext_lazy("one", "政策"),
            _both("text", _("名称")),
            inline=True,
        ),
        Many(
            "stackable_with",
            _("可以同时享受的政策"),
            pgettext_lazy("one", "政策"),
            (Cell("id", _("政策"), Sort.CHOICE, "policy"),),
            inline=True,
        ),
        *_both("notes", _("备注"), Sort.TEXT, optional=True),
    ),
)
EXAMPLES = Section(
    "examples",
    _("手工算过的例子"),
    (
        Many(
            "examples",
            "",
            pgettext_lazy("one", "例子"),
            (
                Cell("name", _("名称"), optional=True, hint=_("英文代码；留空时依次编号。"), width="code"),
                Cell("like", _("其余与哪个例子相同"), Sort.CHOICE, "like", optional=True, width="medium"),
                Many(
                    "facts",
                    "",
                    pgettext_lazy("one", "事实"),
                    (
                        Cell("fact", _("事实"), Sort.CHOICE, "fact", optional=True, width="medium"),
                        Cell(
                            "value",
                            _("数值"),
                            Sort.VALUE,
                            optional=True,
                            hint=_("留空表示不知道。"),
                            width="short",
                        ),
                    ),
                    first=True,
                    inline=True,
                ),
                Cell(
                    "on",
                    _("按哪天判断"),
                    Sort.DAY,
                    optional=True,
                    hint=_("只在规则要算距某日的时间时填写。"),
                    width="short",
                ),
                Cell("expect", _("应得的结果"), Sort.CHOICE, "outcome", width="medium"),
                Cell(
                    "benefit",
                    _("应得的金额"),
                    optional=True,
                    hint=_("不核对的留空；应算不出的写“不详”。"),
                    width="short",
                ),
                Cell("scores", _("应得的分"), Sort.AMOUNTS, "scores", optional=True, width="short"),
                Cell("figures", _("应得的其他金额"), Sort.AMOUNTS, "figures", optional=True, width="short"),
            ),
            folds=True,
        ),
    ),
    _("每个例子都按规则算一遍，结果不对的不能保存。每道门槛上下各写一个。"),
)
SECTIONS = (BASICS, GROUNDS, FACTS, CONDITIONS, SCORES, BENEFIT, BESIDE, EXAMPLES)
PARTS: tuple[Cell | Many, ...] = tuple(part for section in SECTIONS for part in section.parts)


def many_at(path: tuple[str, ...]) -> Many | None:
    """The list that a path leads to, its indexes passed over: ``("scores", "0", "parts")``."""
    parts, found = PARTS, None
    for step in path:
        if step.isdecimal():
            continue
        found = next((part for part in parts if isinstance(part, Many) and part.name == step), None)
        if found is None:
            return None
        parts = found.parts
    return found
