"""Everyday words, as a clerk types them, find the right item in both languages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.logic.search import TRADITIONAL, Where, find
from qitong.catalogue.logic.types import ItemSpec


@pytest.fixture(scope="module")
def specs() -> Sequence[ItemSpec]:
    packaged, problems = check_path(PACKAGED)
    assert packaged is not None, problems
    return [ItemSpec.from_data(item.model_dump(mode="json", by_alias=True)) for item in packaged.items]


def codes(words: str, specs: Sequence[ItemSpec]) -> list[str]:
    return [hit.code for hit in find(words, specs)]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("开饭店", "food_business_licence"),
        ("我想开一家奶茶店", "food_business_licence"),
        ("想招人补贴", "talent_apartment"),
        ("招人", "social_insurance_account"),
        ("注册公司要什么材料", "business_licence"),
        ("怎么开发票", "tax_registration"),
        ("给员工交社保", "social_insurance_account"),
        ("建厂房", "construction_permit"),
        ("装光伏", "pv_grid_connection"),
        ("盖章", "seal_filing"),
        ("买地建厂", "land_use_planning_permit"),
        ("环评", "eia_approval"),
        ("消防图纸审查", "fire_design_review"),
        ("出口退税", "export_tax_refund"),
        ("员工宿舍", "talent_apartment"),
        ("上海户口", "residence_settlement"),
        ("高新企业补贴", "hi_tech_enterprise"),
        ("研发补贴", "rd_super_deduction"),
        ("卖酒精", "hazchem_licence"),
        ("厂房验收", "joint_acceptance"),
        ("办房产证", "real_estate_registration"),
        ("接下水道", "drainage_permit"),
        ("hire", "social_insurance_account"),
        ("Hiring people", "social_insurance_account"),
        ("open a restaurant", "food_business_licence"),
        ("I want to open a coffee shop", "food_business_licence"),
        ("start a company", "business_licence"),
        ("how do I register a company?", "business_licence"),
        ("solar panels", "pv_grid_connection"),
        ("building permit", "construction_permit"),
        ("buy land", "land_use_planning_permit"),
        ("invoices", "tax_registration"),
        ("staff housing", "talent_apartment"),
        ("export", "customs_filing"),
        ("R&D", "rd_super_deduction"),
        ("sell chemicals", "hazchem_licence"),
        ("low carbon", "green_factory"),
        ("title deed", "real_estate_registration"),
    ],
)
def test_everyday_words(words: str, code: str, specs: Sequence[ItemSpec]) -> None:
    assert code in codes(words, specs)[:3]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("营业执造", "business_licence"),
        ("食品许可正", "food_business_licence"),
        ("高新技术企也", "hi_tech_enterprise"),
        ("restuarant", "food_business_licence"),
        ("resturant", "food_business_licence"),
        ("licencce company stmap", "seal_filing"),
        ("dormitary", "talent_apartment"),
    ],
)
def test_one_wrong_character_is_forgiven(words: str, code: str, specs: Sequence[ItemSpec]) -> None:
    assert code in codes(words, specs)[:3]


@pytest.mark.parametrize(
    ("other", "usual"),
    [
        ("開餐廳", "开餐厅"),
        ("營業執照", "营业执照"),
        ("環評報告書", "环评报告书"),
        ("ｓｏｌａｒ　ｐａｎｅｌｓ", "solar panels"),
        ("Ｒ＆Ｄ", "r&d"),
        ("OPEN A RESTAURANT", "open a restaurant"),
        ("屋頂光伏發電", "屋顶光伏发电"),
    ],
)
def test_script_width_and_case_make_no_difference(other: str, usual: str, specs: Sequence[ItemSpec]) -> None:
    assert codes(other, specs) == codes(usual, specs) != []


def test_what_fits_exactly_is_not_mixed_with_what_nearly_does(specs: Sequence[ItemSpec]) -> None:
    assert codes("排水证", specs) == ["drainage_permit"]


@pytest.mark.parametrize("words", ["火星移民", "登月", "qwertyuiop", "？！", "the of", ""])
def test_nonsense_finds_nothing(words: str, specs: Sequence[ItemSpec]) -> None:
    assert codes(words, specs) == []


def test_a_result_says_why(specs: Sequence[ItemSpec]) -> None:
    first = find("我想开饭店", specs)[0]
    assert (first.because, first.where) == ("开饭店", Where.WORD)
    material = find("公司章程", specs)[0]
    assert (material.because, material.where) == ("公司章程", Where.MATERIAL)


def test_every_traditional_character_has_its_simple_one() -> None:
    assert len(TRADITIONAL) % 2 == 0
    assert all("\u3400" <= character <= "\u9fff" for character in TRADITIONAL)
