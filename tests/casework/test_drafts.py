"""A draft is kept field by field, and nobody is asked for what is already known."""

from __future__ import annotations

from typing import Any

import pytest

from qitong.accounts import enterprises
from qitong.accounts.people import NewPerson
from qitong.casework import drafts, queries
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK, TIDE, TIDE_CLERK
from tests.casework.said import delivered, doing, handed_in, kinds, refused


@pytest.fixture
def draft(stage: Stage) -> Case:
    return drafts.start_request(enterprise_id=stage.cast.company(GREEN).pk, **doing(stage, GREEN_CLERK))


def test_what_one_member_typed_another_member_finds(stage: Stage, draft: Case) -> None:
    company = stage.cast.company(GREEN)
    who = doing(stage, GREEN_CLERK)
    drafts.save_field(case_id=draft.pk, field="title", value="道路积水", **who)
    drafts.save_field(case_id=draft.pk, field="description", value="雨后", **who)
    colleague = enterprises.add_member(
        enterprise=company,
        person=NewPerson(login="13800000009", name="顾小满", password="Correct-horse-7"),
        **who,
    ).user
    stage.cast.users["13800000009"] = colleague
    found = queries.find(stage.who("13800000009"), pk=draft.pk)
    assert found is not None
    assert (found.form["title"], found.form["description"]) == ("道路积水", "雨后")
    drafts.save_field(case_id=draft.pk, field="title", value="门前道路积水", **doing(stage, "13800000009"))
    draft.refresh_from_db()
    assert draft.title == "门前道路积水"


def test_half_a_word_is_kept_as_it_is(stage: Stage, draft: Case) -> None:
    drafts.save_field(case_id=draft.pk, field="contact_phone", value=" 138-", **doing(stage, GREEN_CLERK))
    draft.refresh_from_db()
    assert draft.form["contact_phone"] == " 138-"


def test_an_unknown_field_or_one_too_long_is_refused(stage: Stage, draft: Case) -> None:
    who = doing(stage, GREEN_CLERK)
    with refused("unknown_field"):
        drafts.save_field(case_id=draft.pk, field="state", value="closed", **who)
    with refused("too_long"):
        drafts.save_field(case_id=draft.pk, field="description", value="长" * 5001, **who)
    with refused("too_long"):
        drafts.save_field(case_id=draft.pk, field="title", value="长" * 201, **who)


def test_another_company_neither_opens_nor_sees_nor_writes_it(stage: Stage, draft: Case) -> None:
    stranger = stage.who(TIDE_CLERK)
    with refused("not_allowed"):
        drafts.start_request(enterprise_id=stage.cast.company(GREEN).pk, by=stranger, at=stage.tick())
    with refused("not_allowed"):
        drafts.save_field(case_id=draft.pk, field="title", value="他人", by=stranger, at=stage.tick())
    assert queries.find(stranger, pk=draft.pk) is None


def test_a_double_click_opens_one_draft(stage: Stage) -> None:
    facts: dict[str, Any] = {
        "enterprise_id": stage.cast.company(GREEN).pk,
        "item_code": "business_licence",
        "client_key": "0f8fad5b-d9cb-469f-a165-70867728950e",
        **doing(stage, GREEN_CLERK),
    }
    assert drafts.start_application(**facts) == drafts.start_application(**facts)
    assert Case.objects.count() == 1
    with refused("not_allowed"):
        drafts.start_application(
            **{**facts, "by": stage.who(TIDE_CLERK), "enterprise_id": stage.cast.company(TIDE).pk}
        )


def test_contact_and_known_materials_are_filled_in(stage: Stage) -> None:
    licence = delivered(stage, "business_licence")
    case = drafts.start_application(
        enterprise_id=licence.enterprise_id,
        item_code="tax_registration",
        by=stage.who(GREEN_CLERK),
        at=stage.tick(),
    )
    assert case.form["contact_name"] == "林小雨"
    assert case.form["contact_phone"] == GREEN_CLERK
    assert case.materials.get(key="licence").document == licence.certificates.get().document
    assert case.materials.get(key="fin_rep").state == "missing"


def test_a_form_is_generated_only_where_the_item_says_so(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    form = case.materials.get(key="app_form").document
    assert form is not None
    assert form.origin == "generated"
    with refused("not_generated"):
        drafts.generate(case_id=case.pk, key="articles", **doing(stage, GREEN_CLERK))


def test_a_material_taken_off_is_missing_again(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    drafts.detach(case_id=case.pk, key="articles", **doing(stage, GREEN_CLERK))
    material = case.materials.get(key="articles")
    assert (material.state, material.document) == ("missing", None)
    with refused("not_found"):
        drafts.detach(case_id=case.pk, key="passport", **doing(stage, GREEN_CLERK))


def test_a_draft_given_up_binds_nobody(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK, leave=frozenset({"premises"}))
    stage.commit(case, GREEN_CLERK, ["premises"], within=2)
    drafts.discard(case_id=case.pk, **doing(stage, GREEN_CLERK))
    assert case.commitments.get().state == "void"
    assert kinds(case)[-1] == "case.discard"


def test_a_submitted_case_is_no_longer_written(stage: Stage) -> None:
    case = handed_in(stage)
    who = doing(stage, GREEN_CLERK)
    with refused("not_allowed"):
        drafts.save_field(case_id=case.pk, field="contact_name", value="别人", **who)
    with refused("not_allowed"):
        stage.attach(case, GREEN_CLERK, "articles", "公司章程")
    with refused("not_allowed"):
        drafts.discard(case_id=case.pk, **who)


def test_an_item_that_is_not_in_force_is_refused(stage: Stage) -> None:
    with refused("not_found"):
        stage.apply(GREEN, "fishing_licence", GREEN_CLERK)
