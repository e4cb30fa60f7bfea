"""Numbers in the editor are named by what they bound; a company to try on is found by part of its name."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from qitong.policies import drafting
from qitong.policies.check import packaged
from qitong.web.workbench.policy_numbers import NumbersForm
from qitong.web.workbench.policy_trial import tried
from tests.policies.desk import AT, CODE, company, editors, library, loaded


def test_a_number_is_named_by_what_it_bounds_with_its_unit() -> None:
    giant = packaged().entries["little_giant_2026"]
    named = [str(f.label) for f in NumbersForm(giant.policy.canonical(), giant.rule, "x").fields.values()]
    assert "上年度营业收入不低于（万元）" in named
    assert "已应用的Ⅰ类知识产权不低于（项）" in named


def labels(code: str) -> dict[str, str]:
    entry = packaged().entries[code]
    fields = NumbersForm(entry.policy.canonical(), entry.rule, "x").fields
    return {key: str(field.label) for key, field in fields.items()}


def test_a_number_of_an_amount_is_named_by_what_it_does() -> None:
    award = labels("district_srdi_award_pudong")
    assert award["benefit.1"] == "上年度研发费用加计扣除额 × 的比例（%）"
    capped = "时的上年度研发费用加计扣除额 × 10%的上限（万元）"
    assert award["benefit.2"] == f"获得的称号为专精特新“小巨人”{capped}"
    assert award["benefit.3"] == f"获得的称号为专精特新中小企业{capped}"
    with translation.override("en"):
        share = labels("district_srdi_award_pudong")["benefit.1"]
        taken = labels("tech_transfer_cit")["benefit.3"]
    assert share == "Share of R&D super-deduction of last year (%)"
    assert taken == "What is taken from Income from technology transfer (10,000 yuan)"


def test_a_bound_that_depends_on_a_case_is_named_with_its_case() -> None:
    share = "近三年研究开发费用总额 ÷ 近三年销售收入总额不低于（%）"
    found = labels("hi_tech_enterprise")
    assert [found[f"C5.{n}"] for n in (1, 3, 5)] == [
        f"上年度销售收入不超过5,000万元时的{share}",
        f"上年度销售收入不超过20,000万元时的{share}",
        f"上年度销售收入高于20,000万元时的{share}",
    ]
    assert [found[f"C5.{n}"] for n in (2, 4)] == [
        "上年度销售收入不超过，符合时为5%（万元）",
        "上年度销售收入不超过，符合时为4%（万元）",
    ]
    degree = labels("residence_points_sh")
    assert degree["degree.1.6"] == "学历学位为博士时的可得的分（分）"
    assert (
        labels("vat_small_scale_exempt_2026")["C2.3"] == "增值税纳税期限为按次时的本期不含税销售额低于（元）"
    )


def test_of_the_packaged_policies_no_number_is_only_counted() -> None:
    for code, entry in packaged().entries.items():
        for group in NumbersForm(entry.policy.canonical(), entry.rule, "x").groups:
            found = [str(bound.label) for bound in group.fields]
            assert all(label and "数值" not in label for label in found), code
            assert len(set(found)) == len(found), (code, found)


def test_numbers_that_are_there_for_the_same_are_told_apart_by_what_they_decide() -> None:
    """Not one of the packaged policies has numbers that could only be counted."""
    for code in packaged().entries:
        assert not [text for text in labels(code).values() if re.search(r"：第\d+个", text)], code
    taken = labels("small_low_profit_cit")
    assert taken["benefit.1"] == "减去之前：年应纳税所得额 × 的比例（%）"
    assert taken["benefit.2"] == "减去的部分：年应纳税所得额 × 的比例（%）"
    assert taken["benefit.3"] == "减去的部分：再乘：年应纳税所得额 × 的比例（%）"
    assert labels("tech_sme")["ip.1.8"] == "第4种情形：有效Ⅱ类知识产权等于（项）"
    with translation.override("en"):
        assert labels("little_giant_2022")["L4.6"] == "case 2: Revenue of last year: at least (10,000 yuan)"


@pytest.mark.django_db
def test_a_company_is_found_by_part_of_its_name() -> None:
    made = company(1, 60).enterprise
    loaded()
    draft = drafting.begin(code=CODE, by=editors()[0], at=AT)
    for asked in (made.name[1:4], made.name, made.uscc.lower()):
        found = tried(asked, draft, library().entries[CODE])
        assert found is not None
        assert found.company == made
    assert tried("没有这家", draft, library().entries[CODE]) is None
    assert tried(" ", draft, library().entries[CODE]) is None
