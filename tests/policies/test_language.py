"""The rule language: what reads to which tree, and what is said, where, about what does not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from qitong.policies.logic.calls import Declared
from qitong.policies.logic.parse import Names, amount, condition, measure
from qitong.policies.logic.rule import number_leaves
from qitong.policies.logic.tokens import Mistake
from qitong.policies.logic.tree import (
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Choose,
    Compare,
    Field,
    Holds,
    Is,
    Not,
    Num,
    Op,
    Prefix,
    Sum,
    digest,
    leaves,
    names,
)
from qitong.policies.logic.units import Kind

FACTS = {
    "sales": Declared(Kind.MONEY),
    "rd": Declared(Kind.MONEY),
    "staff": Declared(Kind.PERSONS),
    "age": Declared(Kind.MONTHS),
    "share": Declared(Kind.RATIO),
    "listed": Declared(Kind.BOOL),
    "small": Declared(Kind.BOOL),
    "size": Declared(Kind.CODE, frozenset({"large", "small", "micro"})),
    "industry": Declared(Kind.CODE),
    "titles": Declared(Kind.CODES, frozenset({"srdi", "giant"})),
    "founded": Declared(Kind.DATE),
}
NAMES = Names(FACTS, frozenset({"staff", "total"}))


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1元", 100),
        ("5000万元", 5_000_000_000),
        ("1.5亿元", 15_000_000_000),
        ("0.01元", 1),
        ("2 wan", 2_000_000),
    ],
)
def test_money_is_whole_fen(text: str, fen: int) -> None:
    assert amount(text, NAMES, Kind.MONEY) == Num(fen)


@pytest.mark.parametrize(
    ("text", "ratio"), [("5%", Fraction(1, 20)), ("0.05", Fraction(1, 20)), ("12.5%", Fraction(1, 8))]
)
def test_decimals_are_exact(text: str, ratio: Fraction) -> None:
    assert measure(text, NAMES)[0] == Num(ratio)


def test_a_share_of_money_is_a_ratio_and_its_bound_may_be_bare() -> None:
    share = Arith(Sum.DIV, Field("rd"), Field("sales"))
    expected = Compare(Op.AT_LEAST, share, Num(Fraction(3, 100)), Kind.RATIO)
    assert condition("rd / sales >= 3%", NAMES) == condition("rd/sales>=0.03", NAMES) == expected
    assert condition("rd / sales ≥ 3%", NAMES) == expected


def test_and_binds_tighter_than_or_and_if_is_loosest() -> None:
    tree = condition("listed or small and not listed if age >= 12 else False", NAMES)
    assert isinstance(tree, Choose)
    assert isinstance(tree.then, AnyOf)
    assert isinstance(tree.then.parts[1], AllOf)
    assert tree.then.parts[1].parts[1] == Not(Holds("listed"))


def test_yes_and_no_codes_and_sets_become_their_own_leaves() -> None:
    assert condition("listed == False", NAMES) == condition("not listed", NAMES) == Not(Holds("listed"))
    assert condition("size in ['small', 'micro']", NAMES) == Is("size", ("micro", "small"))
    assert (
        condition("size != 'large'", NAMES)
        == condition("size not in ['large']", NAMES)
        == Not(Is("size", ("large",)))
    )
    assert condition("starts(industry, 'C', '65')", NAMES) == Prefix("industry", ("65", "C"))
    assert isinstance(condition("at_least(2, listed, small, age >= 12个月)", NAMES), AtLeast)
    assert names(condition("has(titles, 'srdi') or founded < 2024-01-01", NAMES)) == ("titles", "founded")


def test_a_table_is_a_chain_of_choices() -> None:
    tree = amount("{'large': 1元, 'small': 2元, 'micro': 3元}[size]", NAMES, Kind.MONEY)
    assert tree == Choose(
        Is("size", ("large",)), Num(100), Choose(Is("size", ("small",)), Num(200), Num(300))
    )


def test_leaves_are_named_by_their_condition_and_know_their_place() -> None:
    tree = number_leaves(condition("listed and\n  rd / sales >= (5% if sales <= 1万元 else 3%)", NAMES), "C2")
    assert [(leaf.id, leaf.at.line, leaf.at.column) for leaf in leaves(tree)] == [
        ("C2.1", 1, 1),
        ("C2.2", 2, 3),
    ]
    single = number_leaves(condition("not listed", NAMES), "C1")
    assert [leaf.id for leaf in leaves(single)] == ["C1"]


def test_the_digest_is_that_of_the_meaning() -> None:
    one, same = condition("rd>=100万元", NAMES), condition("rd  >=  1000000元", NAMES)
    assert digest(one) == digest(same)
    assert digest(one) != digest(condition("rd > 100万元", NAMES))


WRONG = [
    ("sales >= 5000", 10, "金额应写明单位"),
    ("sales >= staff", 10, "金额与人数"),
    ("share >= 5万元", 10, "比率与金额"),
    ("sales * rd > 0", 9, "金额不能与金额相乘"),
    ("sales / staff >= 1", 9, "金额不能除以人数"),
    ("share / 0 > 1", 9, "不能除以零"),
    ("salez >= 1元", 1, "是否应为sales"),
    ("sales", 1, "此处应为条件"),
    ("listed >= 1", 8, "True 或 False"),
    ("listed == 'yes'", 1, "选项类"),
    ("size == 'medium'", 9, "可选：large, micro, small"),
    ("size > 'large'", 6, "是否相等"),
    ("size in []", 10, "带引号"),
    ("0 < share < 1", 11, "不能连写"),
    ("1 < 2", 1, "没有意义"),
    ("rd >=", 6, "没有写完"),
    ("(rd >= 1元", 10, "缺少“)”"),
    ("rd >= 1元 元", 10, "紧跟在数字"),
    ("rd >= 1块", 8, "不认识“块”"),
    ("rd >= 1e5", 8, "数字写成"),
    ("rd >= 1元; x", 9, "不能使用“;”"),
    ("founded >= 12", 12, "日期"),
    ("founded >= 2026-02-30", 12, "没有2026-02-30这一天"),
    ("max(rd) > 0元", 1, "至少比较两个"),
    ("sum(rd, sales) > 0元", 1, "没有sum这个函数"),
    ("at_least(3, listed, small)", 10, "先写个数"),
    ("has(titles, 'x')", 13, "没有选项“x”"),
    ("starts(size)", 1, "starts 写成"),
    ("months_since(age) > 1", 1, "日期类"),
    ("{'large': 1}[size] > 0", 1, "应各写一次"),
    ("score_rd >= 60", 1, "没有声明过score_rd"),
    ("__import__('os')", 1, "没有__import__"),
    ("listed.real", 7, "不能使用“.”"),
    ("(" * 50 + "listed", 41, "层级过深"),
    ("-" * 1500 + "staff", 41, "层级过深"),
    ("not " * 480 + "True", 161, "层级过深"),
    ("staff" + "+1" * 800 + " > 1", 104, "层级过深"),
    ("share * " * 100 + "share > 1", 399, "层级过深"),
    ("share if listed else " * 60 + "1 > 0", 841, "层级过深"),
]


@pytest.mark.parametrize(("text", "column", "says"), WRONG, ids=[wrong[0][:24] for wrong in WRONG])
def test_what_does_not_read_is_told_with_its_place(text: str, column: int, says: str) -> None:
    with pytest.raises(Mistake) as caught:
        condition(text, NAMES)
    assert says in str(caught.value)
    assert (caught.value.at.line, caught.value.at.column) == (1, column)


def test_a_benefit_is_money() -> None:
    with pytest.raises(Mistake, match="不能放在一起"):
        amount("share * 2", NAMES, Kind.MONEY)
    assert amount("staff * 1500元", NAMES, Kind.MONEY) == Arith(Sum.MUL, Field("staff"), Num(150_000))
