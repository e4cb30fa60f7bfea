from __future__ import annotations

from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN

NEED = {"title": "公交班次太少", "description": "厂区门口早晚只有两班车，员工上下班不便。"}


def tell(client: Client, stage: Stage, key: str = "t1", **changes: str) -> Case:
    company = stage.cast.company(GREEN).pk
    need = {**NEED, **changes}
    begun = {"title": need["title"], "client_key": key, "enterprise": company}
    answer = client.post("/my/tell", begun)
    assert answer.status_code == 302, answer.content.decode()
    case = Case.objects.get(client_key=key)
    answer = client.post(f"/my/drafts/{case.pk}/q/description", {"description": need["description"]})
    assert answer.status_code == 302, answer.content.decode()
    return case


def test_a_need_in_ones_own_words_becomes_a_request(lin: Client, stage: Stage) -> None:
    case = tell(lin, stage)
    assert tell(lin, stage).pk == case.pk
    contact = {"contact_name": "林小雨", "contact_phone": "13800000001"}
    where = f"/my/drafts/{case.pk}/q/contact_phone"
    assert lin.post(where, contact)["Location"] == f"/my/drafts/{case.pk}/check"
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "公交班次太少" in check
    assert "答复怎样办理" in check
    lin.post(f"/my/drafts/{case.pk}/check")
    case.refresh_from_db()
    assert "答复怎样办理" in lin.get(f"/my/cases/{case.number}/receipt").content.decode()
    assert "厂区门口早晚只有两班车" in lin.get(f"/my/cases/{case.number}").content.decode()


def test_what_belongs_elsewhere_is_said_and_may_be_sent_all_the_same(lin: Client, stage: Stage) -> None:
    case = tell(lin, stage, description="合同纠纷已向法院起诉，请协调。")
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "请向正在办理的法院" in check
    assert "可以继续提交" in check
    assert lin.post(f"/my/drafts/{case.pk}/check").status_code == 302


def test_the_same_need_told_before_is_pointed_out(lin: Client, stage: Stage) -> None:
    first = tell(lin, stage)
    lin.post(f"/my/drafts/{first.pk}/check")
    first.refresh_from_db()
    second = tell(lin, stage, key="t2")
    page = lin.get(f"/my/drafts/{second.pk}/q/title").content.decode()
    assert "您可能已经提过同样的需求" in page
    assert str(first.number) in page


def test_an_empty_need_is_said_at_the_field_and_opens_nothing(lin: Client, stage: Stage) -> None:
    company = stage.cast.company(GREEN).pk
    answer = lin.post("/my/tell", {"title": "", "client_key": "t", "enterprise": company})
    assert answer.status_code == 422
    assert '<a href="#id_title">请用一句话说明需求。</a>' in answer.content.decode()
    assert not Case.objects.exists()


def test_a_draft_is_gone_on_with_where_it_was_left(lin: Client, stage: Stage) -> None:
    case = tell(lin, stage)
    lin.post(f"/my/drafts/{case.pk}/save", {"field": "description", "value": ""})
    assert lin.get(f"/my/drafts/{case.pk}")["Location"] == f"/my/drafts/{case.pk}/q/description#q-description"


def test_earlier_cases_are_shown_to_the_company(lin: Client, stage: Stage) -> None:
    first = tell(lin, stage)
    lin.post(f"/my/drafts/{first.pk}/check")
    first.refresh_from_db()
    second = tell(lin, stage, key="t2", title="另一件")
    page = lin.get(f"/my/drafts/{second.pk}/q/title").content.decode()
    assert f"/my/cases/{first.number}" in page
