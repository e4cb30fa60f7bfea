"""The compendium of a day: every policy of its themes, and what is no longer in force, said plainly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from qitong.datashare.docx.package import write
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.policies.check import packaged
from qitong.policies.compendium.as_docx import document
from qitong.policies.compendium.assemble import FILES, Around, assemble
from qitong.policies.compendium.finding import find
from qitong.policies.compendium.parts import Compendium
from qitong.policies.compendium.reading import of_files
from qitong.policies.compendium.themes import BENEFITS, LEVELS, PERIODS, THEMES, Theme, theme_of
from qitong.policies.library import Library
from qitong.policies.logic.rule import Period
from qitong.policies.schema import BenefitType, Bilingual, Level, Policy
from tests.datashare.docx_reading import Word, complaints, read
from tests.datashare.test_docx import TEXTS

ON = dt.date(2026, 11, 23)
LANGUAGES = {"zh-hans": "zh-CN", "en": "en-GB"}


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def made(theme: Theme | None = None, on: dt.date = ON) -> Compendium:
    return of_files(packaged(), on, theme=theme)


def word(of: Compendium, language: str = "zh-hans") -> Word:
    with translation.override(language):
        return read(write(document(of, language=LANGUAGES[language], site="https://park.cn")))


def test_every_word_that_a_policy_file_may_use_has_a_name() -> None:
    assert set(Theme) == set(get_args(Policy.model_fields["theme"].annotation)) == set(THEMES)
    assert set(LEVELS) == set(get_args(Level))
    assert set(BENEFITS) == set(get_args(BenefitType))
    assert set(PERIODS) == {period.value for period in Period}


def test_all_policies_are_in_it_once_and_those_in_force_in_their_chapters() -> None:
    whole = made()
    ended = {one.code for one in whole.appendix}
    codes = [one.code for one in whole.articles]
    assert sorted([*codes, *ended]) == sorted(packaged().entries)
    assert set(codes) == {entry.policy.id for entry in packaged().in_force(ON)}
    assert [chapter.theme for chapter in whole.chapters] == list(Theme)
    for chapter in whole.chapters:
        assert {packaged().entries[one.code].policy.theme for one in chapter.articles} == {
            chapter.theme.value
        }


def test_a_theme_is_only_that_theme() -> None:
    for theme in Theme:
        found = made(theme)
        assert [chapter.theme for chapter in found.chapters] == [theme]
        assert {one.theme for one in (*found.articles, *found.appendix)} == {theme}


def test_what_is_over_says_how_it_ended() -> None:
    said = {one.code: str(one.state) for one in made().appendix}
    assert said["srdi_sme_2022"].startswith("已被“")
    assert said["cold_store_2022_sh"] == "有效期到2022年12月31日（周六）为止，已经过期。"
    assert said["patent_grant_subsidy"] == "已经废止。"


def test_another_day_is_another_compendium() -> None:
    then = made(on=dt.date(2022, 9, 1))
    assert "cold_store_2022_sh" in {one.code for one in then.articles}
    assert str(next(one for one in then.appendix if one.code == "srdi_sme_2026").state).startswith(
        "尚未施行，自"
    )
    assert made(on=dt.date(1990, 1, 1)).articles == ()


def test_what_still_has_to_be_verified_says_so() -> None:
    one = next(one for one in made().articles if one.code == "district_srdi_award_pudong")
    assert "还在核实" in str(one.state)
    assert one.numbers == ()
    assert "文号待核实" in word(made(Theme.TRADE_AND_LOCAL)).text


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("theme", [*Theme, None])
def test_the_document_is_whole_and_has_every_policy_with_its_numbers(
    theme: Theme | None, language: str
) -> None:
    compendium = made(theme)
    found = word(compendium, language)
    assert complaints(found) == []
    headings = [text for level, text in found.headings if level == 2]
    with translation.override(language):
        names = [str(one.name) for one in compendium.articles]
    assert [heading.partition(" ")[2] for heading in headings] == names
    for one in (*compendium.articles, *compendium.appendix):
        for number in one.numbers:
            assert number in found.text
        with translation.override(language):
            assert str(one.name) in found.text
            assert str(one.state) in found.text


def test_the_document_leads_to_where_one_applies() -> None:
    links = word(made(Theme.RECOGNITION)).parts["word/_rels/document.xml.rels"]
    assert "https://park.cn/items/hi_tech_enterprise" in {item.get("Target") for item in links}


def test_the_day_and_the_place_stand_on_the_cover() -> None:
    text = word(made()).text.splitlines()
    assert text[0] == "崇明示范园区惠企政策汇编"
    assert text[1] == "本汇编反映2026年11月23日（周一）的政策"


def test_how_points_come_together_is_said() -> None:
    one = next(one for one in made().articles if one.code == "tech_sme")
    assert [str(score.joins) for score in one.scores] == ["", "取得分最高的一项", ""]
    assert "取得分最高的一项" in word(made(Theme.RECOGNITION)).text


def test_english_says_what_there_is_in_chinese_only() -> None:
    assert "the documents themselves exist in Chinese only" in word(made(), "en").text


def test_a_day_without_policies_is_a_document_that_says_so() -> None:
    found = word(made(on=dt.date(1990, 1, 1)))
    assert complaints(found) == []
    assert "这一天没有已发布并施行的政策" in found.text


@settings(deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(list(LANGUAGES)))
def test_whatever_a_policy_is_called_the_document_is_whole(zh: str, en: str, language: str) -> None:
    text = Bilingual.model_construct(zh=zh, en=en)
    entry = packaged().entries["hi_tech_enterprise"]
    hostile = {"name": text, "notes": text, "basis": text, "materials": [text], "exclusive_outside": [text]}
    one = replace(entry, policy=entry.policy.model_copy(update=hostile))
    around = Around(place=Named(zh, en), source=FILES)
    found = word(assemble(Library({"hi_tech_enterprise": one}, None), ON, around), language)
    assert complaints(found) == []
    assert "国科发火〔2016〕32号" in found.text


def test_a_theme_is_known_by_its_code_and_by_its_names() -> None:
    assert theme_of("recognition") is theme_of("资质认定") is theme_of(" Titles and certification ")
    assert theme_of("认定") is Theme.RECOGNITION  # only one name holds it
    with pytest.raises(Refused) as refused:
        theme_of("recognitions")
    for theme in Theme:
        assert theme.value in str(refused.value)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("研发费用", "rd_super_deduction"),
        ("高新", "hi_tech_enterprise"),
        ("国科发火〔2016〕32号", "hi_tech_enterprise"),
        ("稳岗", "job_stabilisation_2026"),
        ("green factory", "green_factory"),
        ("专利", "patent_grant_subsidy"),
    ],
)
def test_everyday_words_find_a_policy(words: str, code: str) -> None:
    assert code in [hit.code for hit in find(words, packaged().entries.values())][:5]


def test_nonsense_finds_nothing() -> None:
    assert find("火星移民签证", packaged().entries.values()) == []
