"""What people and other packages read of the published catalogue."""

from __future__ import annotations

import pytest

from qitong.catalogue import queries
from qitong.catalogue.logic.types import FactType
from qitong.kernel.errors import Refused
from tests.catalogue.test_publish import AT, load

pytestmark = pytest.mark.django_db

TODAY = AT.date()


def codes(words: str) -> list[str]:
    return [row.code for row in queries.guide_search(words, TODAY)]


def test_everyday_words_find_the_item() -> None:
    load()
    assert codes("开餐厅")[0] == "food_business_licence"
    assert codes("我想开餐厅") == ["food_business_licence"]
    assert codes("退税")[0] == "export_tax_refund"
    assert codes("Seal") == ["seal_filing"]
    assert codes("公司章程") == ["business_licence"]
    assert codes("环评 报告表") == ["eia_approval"]
    assert codes("登月") == []
    assert len(codes("  ")) == 28


def test_promises_come_from_the_data() -> None:
    load()
    found = queries.promises(TODAY)
    assert (found.request_contact, found.request_plan) == (1, 3)
    assert (found.resolution("simple"), found.resolution(), found.resolution("structural")) == (5, 15, 30)
    assert (found.application_contact, found.application_acceptance) == (1, 5)
    assert (found.reopen_window, found.auto_confirm, found.extension_max) == (10, 10, 10)
    assert (found.reroute, found.certificate) == (1, 10)


def test_intake_filters_say_where_to_go_instead() -> None:
    load()
    assert len(queries.intake_filters(TODAY)) == 6
    assert all(f.where.zh and f.where.en for f in queries.intake_filters(TODAY))
    assert [f.code for f in queries.intake_hints("此事法院已经判决", TODAY)] == ["before_court"]
    assert queries.intake_hints("道路积水影响出货", TODAY) == ()


def test_facts_are_declared_with_their_question() -> None:
    load()
    facts = {fact.code: fact for fact in queries.facts(TODAY)}
    assert next(iter(facts)) == "has_construction_project"
    assert len(facts) == 15
    choices = dict(facts["eia_category"].choices)
    assert list(choices) == ["report_book", "report_form", "registration_form", "exempt"]
    assert facts["eia_category"].type is FactType.CHOICE
    assert facts["eia_category"].otherwise == "exempt"
    assert facts["annual_power_mwh"].unit is not None


def test_departments_and_milestones_have_their_names() -> None:
    load()
    assert queries.department_names(TODAY)["scjg"].zh == "市场监督管理局"
    assert [m.code for m in queries.milestones(TODAY)] == ["M_START_BUILD", "M_BUILT", "M_START_PRODUCE"]


def test_before_the_first_version_there_are_no_promises() -> None:
    with pytest.raises(Refused) as refusal:
        queries.promises(TODAY)
    assert refusal.value.code == "no_catalogue"
