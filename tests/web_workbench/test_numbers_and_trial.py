"""Numbers in the editor are named by what they bound; a company to try on is found by part of its name."""

from __future__ import annotations

import pytest

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
