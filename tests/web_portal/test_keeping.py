"""What was typed is never lost: not to another device, not to a login that ran out, not to an error."""

from __future__ import annotations

import pytest
from django.test import Client

from qitong.casework import drafts
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_portal.conftest import LIN, signed_in
from tests.web_portal.test_applying import begin
from tests.web_portal.test_telling import tell


@pytest.fixture
def need(lin: Client, stage: Stage) -> Case:
    return tell(lin, stage)


def kept(case: Case, field: str) -> str:
    return drafts.answer_of(Case.objects.get(pk=case.pk), field)


def test_a_field_changed_on_another_device_is_not_written_over_and_both_are_shown(
    lin: Client, need: Case
) -> None:
    where = f"/my/drafts/{need.pk}/q/description"
    typed = {"description": "乙写的", "was.description": kept(need, "description")}
    lin.post(f"/my/drafts/{need.pk}/save", {"field": "description", "value": "甲写的"})
    answer = lin.post(where, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这一项刚才在另一处改过" in page
    assert "甲写的" in page
    assert "乙写的" in page
    assert kept(need, "description") == "甲写的"
    again = lin.post(where, {"description": "乙写的", "was.description": "甲写的"})
    assert again.status_code == 302
    assert kept(need, "description") == "乙写的"


def test_what_one_did_not_touch_is_not_sent_back_to_how_it_was(lin: Client, need: Case) -> None:
    lin.post(f"/my/drafts/{need.pk}/save", {"field": "title", "value": "另一处改的标题"})
    typed = {"title": "公交班次太少", "was.title": "公交班次太少", "description": "新", "part": "need"}
    assert lin.post(f"/my/drafts/{need.pk}/q/description", typed).status_code == 302
    assert (kept(need, "title"), kept(need, "description")) == ("另一处改的标题", "新")


def test_of_several_fields_only_the_one_changed_elsewhere_waits(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    was = {f"was.{name}": kept(case, name) for name in ("contact_name", "contact_phone")}
    lin.post(f"/my/drafts/{case.pk}/save", {"field": "contact_name", "value": "甲"})
    typed = {"contact_name": "乙", "contact_phone": "021-1", "part": "contact", **was}
    assert lin.post(f"/my/drafts/{case.pk}/q/contact_name", typed).status_code == 422
    assert (kept(case, "contact_name"), kept(case, "contact_phone")) == ("甲", "021-1")


def test_saving_as_one_types_answers_with_the_other_text(lin: Client, need: Case) -> None:
    where = f"/my/drafts/{need.pk}/save"
    lin.post(where, {"field": "title", "value": "甲", "was": "公交班次太少"})
    answer = lin.post(where, {"field": "title", "value": "乙", "was": "公交班次太少"})
    assert answer.status_code == 409
    assert answer.json()["kept"] == "甲"
    assert lin.post(where, {"field": "title", "value": "甲", "was": "公交班次太少"}).status_code == 200


def test_line_ends_make_no_difference(lin: Client, need: Case) -> None:
    lin.post(f"/my/drafts/{need.pk}/save", {"field": "description", "value": "一\n二"})
    typed = {"description": "一\r\n二 ", "was.description": "一\r\n二"}
    assert lin.post(f"/my/drafts/{need.pk}/q/description", typed).status_code == 302
    assert kept(need, "description") == "一\n二"


def test_what_is_wrong_is_said_and_kept_all_the_same(lin: Client, need: Case) -> None:
    where = f"/my/drafts/{need.pk}/q/title"
    assert lin.post(where, {"title": "长" * 201}).status_code == 422
    assert lin.post(where, {"title": "", "description": "只改了这里", "part": "need"}).status_code == 422
    assert kept(need, "description") == "只改了这里"


def test_what_was_typed_when_the_login_ran_out_is_there_after_signing_in(stage: Stage, need: Case) -> None:
    visitor, where = Client(), f"/my/drafts/{need.pk}/q/description"
    who = str(stage.cast.user(LIN).pk)
    typed = {"description": "过期时写的", "was.description": kept(need, "description"), "who": who}
    answer = visitor.post(where, typed)
    assert answer["Location"] == f"/login?next={where}"
    visitor.force_login(stage.cast.user(LIN), backend="django.contrib.auth.backends.ModelBackend")
    page = visitor.get(where).content.decode()
    assert "过期时写的" in page
    assert "还没有保存" in page
    assert kept(need, "description") != "过期时写的"
    assert "过期时写的" not in visitor.get(where).content.decode()


def test_what_was_typed_is_not_shown_to_whoever_signs_in_next(stage: Stage, need: Case) -> None:
    visitor, where = Client(), "/my/tell"
    visitor.post(where, {"title": "别人的事", "who": str(stage.cast.user(LIN).pk)})
    other = stage.cast.user("13800000002")
    visitor.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert "别人的事" not in visitor.get(where).content.decode()


def test_a_phone_and_a_desk_see_the_same_questions_of_one_page(stage: Stage, need: Case) -> None:
    page = signed_in(stage, LIN).get(f"/my/drafts/{need.pk}/q/contact_name").content.decode()
    assert page.count('class="question at"') == 2  # the one asked, and the way to the check
    for key in ("title", "description", "contact_name", "contact_phone"):
        assert f'id="q-{key}"' in page
