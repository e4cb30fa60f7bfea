"""Instead of bringing a paper that a department holds, the company lets the department supply it."""

from __future__ import annotations

from django.test import Client

from qitong.casework import sharing
from qitong.datashare.models import Consent
from qitong.demo.stage import Stage
from tests.web_portal.test_applying import begin, fill, hand_in

IDS, PREMISES = "id_docs", "premises"
HELD = frozenset({IDS, PREMISES})


def test_a_shared_material_is_authorised_seen_and_revoked(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    where = f"/my/drafts/{case.pk}/materials/{IDS}"
    assert "这份材料由公安分局出具。授权后由首问负责人向该部门获取" in lin.get(where).content.decode()
    assert lin.post(where, {"deed": "authorise"})["Location"] == f"/my/drafts/{case.pk}/materials/{PREMISES}"
    page = lin.get(where).content.decode()
    assert "已授权公安分局共享这份材料" in page
    consent = Consent.objects.get()
    listed = lin.get("/my/consents").content.decode()
    assert consent.purpose in listed
    assert "公安分局" in listed
    answer = lin.post(f"/my/consents/{consent.pk}/revoke", {"next": where})
    assert answer["Location"] == where
    assert "授权部门共享" in lin.get(where).content.decode()
    assert "已撤销" in lin.get("/my/consents").content.decode()


def test_everything_shared_is_authorised_at_the_check_and_no_longer_missing(
    lin: Client, stage: Stage
) -> None:
    case = begin(lin)
    fill(lin, case, stage, leave=HELD)
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "一次性告知：还缺这些材料" in check
    assert "部门已有，可以授权共享" in check
    lin.post(f"/my/drafts/{case.pk}/authorise", {"keys": [IDS, PREMISES]})
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "还缺" not in check
    assert "由部门共享，正在获取" in check
    assert "材料不齐，仍要提交" not in check
    assert lin.get(f"/my/drafts/{case.pk}")["Location"] == f"/my/drafts/{case.pk}/check"
    receipt = lin.get(f"/my/cases/{hand_in(lin, case).number}/receipt").content.decode()
    assert "还缺的材料" not in receipt
    assert "由部门共享，正在获取" in receipt
    assert "由部门共享，正在获取" in lin.get(f"/my/cases/{case.number}").content.decode()


def test_a_refusal_is_said_on_the_check_page(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    answer = lin.post(f"/my/drafts/{case.pk}/authorise", {"keys": ["articles"]}, follow=True)
    assert "没有部门共享，请由企业提供" in answer.content.decode()


def test_a_stranger_neither_sees_nor_revokes_a_consent(lin: Client, he: Client, stage: Stage) -> None:
    case = begin(lin)
    sharing.authorise(case_id=case.pk, keys=[IDS], by=stage.who("13800000001"), at=stage.tick())
    consent = Consent.objects.get()
    assert consent.purpose not in he.get("/my/consents").content.decode()
    assert he.post(f"/my/consents/{consent.pk}/revoke").status_code == 404
    assert he.post(f"/my/drafts/{case.pk}/authorise", {"keys": [PREMISES]}).status_code == 404
