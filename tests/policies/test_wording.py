"""Every reason can be said, in both languages, for every worked example."""

from __future__ import annotations

import re
from fractions import Fraction

from django.utils import translation

from qitong.kernel.words import Named
from qitong.policies.check import packaged
from qitong.policies.examples import facts, given
from qitong.policies.logic.roles import Role
from qitong.policies.logic.units import Kind
from qitong.policies.logic.wording import amount

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def test_reasons_are_whole_sentences_in_chinese_and_english() -> None:
    for entry in packaged().entries.values():
        for example in entry.policy.examples[:12]:
            found = entry.matcher.explain(facts(entry.rule, given(entry.policy, example)))
            for finding in (each for told in found.results for each in told.findings):
                with translation.override("zh-hans"):
                    chinese = str(finding.says)
                with translation.override("en"):
                    english = str(finding.says)
                assert chinese.endswith(("。", "）"))
                assert not CHINESE.search(english), english
                assert "{" not in chinese + english
                assert "None" not in chinese + english


def test_what_is_lacking_reads_as_a_person_would_say_it() -> None:
    entry = packaged().entries["hi_tech_enterprise"]
    known = {"rd_3y": 441_000_000, "sales_3y": 10_500_000_000, "sales_last": 1}
    told = next(each for each in entry.matcher.explain(known).results if each.condition.id == "C5")
    assert told.leading.role is Role.FAILED
    with translation.override("zh-hans"):
        assert str(told.leading.says) == (
            "近三年研究开发费用总额 ÷ 近三年销售收入总额为4.2%，应不低于5%；"
            "近三年研究开发费用总额还差84万元。"
        )
    with translation.override("en"):
        assert str(told.leading.says) == (
            "R&D spending over three years ÷ Sales over three years: 4.2 %; must be at least 5 %. "
            "R&D spending over three years: 840,000 yuan more needed."
        )


def test_digits_that_never_end_are_cut_and_marked_never_rounded_up_to_the_bound() -> None:
    entry = packaged().entries["hi_tech_enterprise"]
    known = {"rd_3y": 1_499_999_999, "sales_3y": 30_000_000_001, "sales_last": 1}
    told = next(each for each in entry.matcher.explain(known).results if each.condition.id == "C5")
    with translation.override("en"):
        assert ": ≈4.9999 %; must be at least 5 %" in str(told.leading.says)


def test_further_from_the_bound_two_places_say_enough() -> None:
    entry = packaged().entries["hi_tech_enterprise"]
    told = next(
        each
        for each in entry.matcher.explain({"rd_3y": 13, "sales_3y": 59, "sales_last": 1}).results
        if each.condition.id == "C5"
    )
    with translation.override("en"):
        assert ": ≈22.03 %; must be at least 5 %." in str(told.leading.says)
    assert amount(Fraction(-1, 3), Kind.MONTHS).en == "≈-0.33 months"
    assert amount(Fraction(1_000_000_000, 3), Kind.MONEY) == Named("≈333.3333万元", "≈3,333,333.33 yuan")


def test_many_of_something_are_no_one() -> None:
    """A name of several (“rights”) with “is” would read as a mistake."""
    for entry in packaged().entries.values():
        for example in entry.policy.examples[:3]:
            found = entry.matcher.explain(facts(entry.rule, given(entry.policy, example)))
            with translation.override("en"):
                said = [str(finding.says) for told in found.results for finding in told.findings]
            assert not [text for text in said if re.search(r" is (≈|\d)", text)]
