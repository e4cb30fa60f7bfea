"""Of policies that exclude each other pages say which to take, what each brings and what it excludes."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from qitong.demo.stage import Stage
from qitong.policies.logic.keeping import Given
from tests.policies.test_what_a_company_sees import HI_TECH, PASSES
from tests.web_portal.test_policies import at, known, stage, text_of

__all__ = ["stage"]
RATE = "small_low_profit_cit"
RETURNS: dict[str, Given] = {
    "taxable_income_wan": 100,
    "avg_headcount": 20,
    "avg_assets_wan": 500,
    "restricted_industry": False,
}


@pytest.fixture
def both(stage: Stage) -> Stage:
    """The company may have either the title's rate of tax or that of small companies."""
    known(stage, **{**PASSES, **RETURNS})
    return stage


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_list_says_which_to_take_and_why(both: Stage, lin: Client) -> None:
    page = plain(text_of(lin, at(both, "policies_of")))
    assert "选小型微利企业所得税优惠最合算，一年约20万元。" in page
    assert "选这一项 小型微利企业所得税优惠 一年约20万元" in page
    assert "不选 高新技术企业认定 一年约10万元；选了小型微利企业所得税优惠，就不能享受" in page


def test_what_is_left_out_says_for_what_and_is_no_longer_the_first_deed(both: Stage, lin: Client) -> None:
    left = text_of(lin, at(both, "policy", HI_TECH))
    assert "选了小型微利企业所得税优惠，就不能同时享受这一项。" in left
    assert "button primary" not in left
    taken = text_of(lin, at(both, "policy", RATE))
    assert "就不能同时享受这一项" not in taken
    assert "button primary" in taken


def test_an_unknown_amount_leaves_the_choice_open(stage: Stage, lin: Client) -> None:
    known(
        stage,
        on_ic_or_machine_tool_list=True,
        resident=True,
        audit_collection=True,
        excluded_income_ratio="0%",
        rd_expensed_wan=100,
        rd_capitalised_amort_wan=0,
    )
    page = plain(text_of(lin, at(stage, "policies_of")))
    assert "的金额还不清楚，现在比不出哪个更合算。" in page
    known(stage, cit_rate="25%")
    page = plain(text_of(lin, at(stage, "policies_of")))
    assert "选集成电路和工业母机企业研发费用加计扣除（120%）最合算，一年约30万元。" in page
