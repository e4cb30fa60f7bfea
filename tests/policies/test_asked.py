"""What a condition asks, in sentences that keep how it is joined."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from qitong.policies.check import packaged
from qitong.policies.logic.asked import Line, lines, phrase
from qitong.policies.logic.formulas import formula
from qitong.policies.logic.tree import Choose, leaves, walk
from qitong.policies.logic.units import Kind

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def told(policy: str, condition: str) -> list[str]:
    """The lines of a condition, each below another set in by a blank."""
    rule = packaged().entries[policy].rule
    node = next(one.node for one in rule.conditions if one.id == condition)
    return [*_told(lines(node, rule))]


def _told(found: tuple[Line, ...], depth: int = 0) -> list[str]:
    return [text for line in found for text in (" " * depth + str(line.says), *_told(line.below, depth + 1))]


def test_one_of_several_is_enough() -> None:
    assert told("tech_sme", "C4") == [
        "以下各项符合一项即可：",
        " 符合直接确认条件之一应为“是”。",
        " 以下各项同时符合：",
        "  总分应不低于60分。",
        "  科技人员应高于0分。",
    ]


def test_a_bound_that_depends_on_something_is_told_case_by_case() -> None:
    assert told("hi_tech_enterprise", "C5") == [
        "按情形：",
        " 上年度销售收入不超过5,000万元的，近三年研究开发费用总额 ÷ 近三年销售收入总额应不低于5%。",
        " 否则，上年度销售收入不超过20,000万元的，近三年研究开发费用总额 ÷ 近三年销售收入总额应不低于4%。",
        " 其他情形，近三年研究开发费用总额 ÷ 近三年销售收入总额应不低于3%。",
    ]


def test_conditions_that_differ_by_case_are_told_whole() -> None:
    found = told("little_giant_2022", "L4")
    assert found[0] == "按情形："
    assert [line for line in found if line.startswith(" ") and not line.startswith("  ")] == [
        " 上年度营业收入不低于10,000万元的：",
        " 否则，上年度营业收入不低于5,000万元的：",
        " 其他情形：",
    ]
    assert len([line for line in found if line.startswith("  ")]) == 7


def test_the_test_of_a_case_is_never_left_out() -> None:
    """Each leaf of each packaged rule is in the lines, the bounds' tests too."""
    for entry in packaged().entries.values():
        for condition in entry.rule.conditions:
            asked = str([*_told(lines(condition.node, entry.rule))])
            for leaf in leaves(condition.node):
                for name in (str(getattr(part, "name", "")) for part in walk(leaf)):
                    if name in entry.rule.fields:
                        assert entry.rule.fields[name].label.zh in asked, (
                            entry.policy.id,
                            condition.id,
                            name,
                        )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_rule_and_every_amount_can_be_said(language: str) -> None:
    for entry in packaged().entries.values():
        rule = entry.rule
        with translation.override(language):
            said = [text for one in rule.conditions for text in _told(lines(one.node, rule))]
            said += _told(lines(rule.applies, rule))
            said.append(str(formula(rule.benefit.node, rule, Kind.MONEY)))
            said += [str(formula(figure.node, rule, Kind.MONEY)) for figure in rule.figures]
            said += [str(formula(score.node, rule, Kind.POINTS)) for score in rule.scores]
            said += [
                str(phrase(part.test, rule))
                for tree in (rule.benefit.node, *(one.node for one in rule.conditions))
                for part in walk(tree)
                if isinstance(part, Choose)
            ]
        for text in said:
            assert "{" not in text
            assert language == "zh-hans" or not CHINESE.search(text), text


def test_what_is_wanted_the_other_way_round_is_said_that_way() -> None:
    rule = packaged().entries["tech_sme"].rule
    node = next(one.node for one in rule.conditions if one.id == "C4")
    assert _told(lines(node, rule, wanted=False)) == [
        "符合直接确认条件之一应为“否”。",
        "以下各项符合一项即可：",
        " 总分应低于60分。",
        " 科技人员应不超过0分。",
    ]


@pytest.mark.parametrize(
    ("policy", "zh", "en"),
    [
        (
            "hi_tech_enterprise",
            "年应纳税所得额 × （25% − 15%）（为负时按零计）",
            "Taxable income of the year × (25 % − 15 %) (zero when negative)",
        ),
        ("key_group_hiring_tax", "（招用人员累计工作月数 ÷ 12 × 7,800元、当年可扣减的应缴税费）中较小的", ""),
        (
            "rd_super_deduction",
            "（费用化研发费用 + 资本化研发当年摊销额） × 适用的企业所得税税率",
            "",
        ),
        ("green_food_rice_jinshan_2021", "（认证面积 × 120元、30万元）中较小的", ""),
        ("vat_small_scale_1pct", "适用3%征收率的不含税销售额 × 2%", ""),
    ],
)
def test_an_amount_is_written_with_its_units(policy: str, zh: str, en: str) -> None:
    rule = packaged().entries[policy].rule
    for language, wanted in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            text = str(formula(rule.benefit.node, rule, Kind.MONEY))
        assert not wanted or text == wanted
