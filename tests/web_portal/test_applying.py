from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage

CODE = "business_licence"


def begin(client: Client, item: str = CODE, key: str = "k1") -> Case:
    page = client.get(f"/my/start?item={item}").content.decode()
    company = re.search(r'name="enterprise" value="(\d+)"', page)
    assert company, page
    answer = client.post("/my/start", {"item": item, "client_key": key, "enterprise": company[1]})
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(client_key=key)


def upload(client: Client, case: Case, key: str, stage: Stage) -> int:
    file = SimpleUploadedFile(f"{key}.pdf", stage.paper(key).read())
    where = f"/my/drafts/{case.pk}/materials/{key}"
    return client.post(where, {"deed": "upload", "file": file}).status_code


def fill(client: Client, case: Case, stage: Stage, leave: frozenset[str] = frozenset()) -> None:
    for row in case.materials.all():
        if row.key in leave or row.document_id:
            continue
        if row.source == "generated":
            where = f"/my/drafts/{case.pk}/materials/{row.key}"
            assert client.post(where, {"deed": "generate"}).status_code == 302
        else:
            assert upload(client, case, row.key, stage) == 302


def hand_in(client: Client, case: Case) -> Case:
    answer = client.post(f"/my/drafts/{case.pk}/check")
    assert answer.status_code == 302, answer.content.decode()
    case.refresh_from_db()
    return case


def test_from_the_item_to_the_receipt(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    assert lin.get(f"/my/drafts/{case.pk}")["Location"] == f"/my/drafts/{case.pk}/materials#q-materials"
    assert "联系人姓名" in lin.get(f"/my/drafts/{case.pk}/q/contact_name").content.decode()
    overview = lin.get(f"/my/drafts/{case.pk}/materials").content.decode()
    assert "登记申请书" in overview
    assert "下一份：" in overview
    fill(lin, case, stage)
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "还缺" not in check
    assert "林小雨" in check
    hand_in(lin, case)
    receipt = lin.get(f"/my/cases/{case.number}/receipt").content.decode()
    assert case.number is not None
    assert case.number in receipt
    assert case.owner is not None
    assert case.owner.name in receipt
    assert "021-59610000" in receipt
    assert "articles.pdf" in receipt
    assert "<svg" in receipt
    assert receipt.count("（周") >= 3
    page = lin.get(f"/my/cases/{case.number}").content.decode()
    assert "已提交，待受理" in page
    assert "现在不需要您做什么" in page
    assert "step-graph" in page
    assert "提交成功" in page


def test_the_form_sent_twice_makes_one_draft_and_one_case(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    assert begin(lin).pk == case.pk
    fill(lin, case, stage)
    first = lin.post(f"/my/drafts/{case.pk}/check")["Location"]
    assert lin.post(f"/my/drafts/{case.pk}/check")["Location"] == first
    assert Case.objects.count() == 1


def test_what_is_missing_is_told_in_full_before_and_may_be_sent_all_the_same(
    lin: Client, stage: Stage
) -> None:
    case = begin(lin)
    check = lin.get(f"/my/drafts/{case.pk}/check").content.decode()
    assert "一次性告知：还缺这些材料" in check
    for name in ("登记申请书", "公司章程", "股东及任职人员身份证明", "住所（经营场所）使用证明"):
        assert name in check
    assert "材料不齐，仍要提交" in check
    assert "还缺的材料" in lin.get(f"/my/cases/{hand_in(lin, case).number}/receipt").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"", "文件是空的"),
        ("a.exe", b"MZ\x90\x00", "不接受可执行程序"),
        ("a.png", b"%PDF-1.4 x", "请把名称改为"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_at_the_field(
    lin: Client, stage: Stage, name: str, content: bytes, words: str
) -> None:
    case = begin(lin)
    file = SimpleUploadedFile(name, content)
    answer = lin.post(f"/my/drafts/{case.pk}/materials/articles", {"deed": "upload", "file": file})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert '<a href="#id_file">' in page


def test_a_field_is_kept_as_it_is_typed_and_found_on_another_device(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    answer = lin.post(f"/my/drafts/{case.pk}/save", {"field": "contact_name", "value": "顾海"})
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["saved_at"])
    other_device = Client()
    other_device.force_login(stage.cast.user("13800000001"))
    assert 'value="顾海"' in other_device.get(f"/my/drafts/{case.pk}/q/contact_name").content.decode()


def test_an_unknown_field_is_not_kept(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    answer = lin.post(f"/my/drafts/{case.pk}/save", {"field": "owner_id", "value": "1"})
    assert answer.status_code == 422
    assert answer.json()["error"] == "没有这个填写项。"


def test_an_empty_field_is_said_at_the_field_and_the_rest_is_kept(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    typed = {"contact_name": "", "contact_phone": "021-1234"}
    answer = lin.post(f"/my/drafts/{case.pk}/q/contact_name", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_contact_name">请填写联系人姓名。</a>' in page
    assert 'value="021-1234"' in page


def test_nothing_is_handed_in_without_a_contact(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    lin.post(f"/my/drafts/{case.pk}/save", {"field": "contact_phone", "value": ""})
    answer = lin.post(f"/my/drafts/{case.pk}/check")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请填写联系电话。" in page
    assert f'<a href="/my/drafts/{case.pk}/q/contact_phone#q-contact_phone">联系电话</a>' in page


def test_a_draft_begun_is_offered_before_a_second_one(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    page = lin.get(f"/my/start?item={CODE}").content.decode()
    assert f"/my/drafts/{case.pk}" in page
    assert "您有没提交的草稿" in page


def test_a_draft_given_up_leaves_the_lists(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    assert lin.post(f"/my/drafts/{case.pk}/discard")["Location"] == "/my"
    assert "您有没提交的草稿" not in lin.get(f"/my/start?item={CODE}").content.decode()
    assert lin.get(f"/my/drafts/{case.pk}").status_code == 404


def test_what_the_company_handed_in_before_is_there_already(lin: Client, stage: Stage) -> None:
    first = begin(lin)
    fill(lin, first, stage)
    second = begin(lin, key="k2")
    row = second.materials.get(key="articles")
    assert row.document_id == first.materials.get(key="articles").document_id
    where = f"/my/drafts/{second.pk}/materials/articles"
    lin.post(where, {"deed": "remove"})
    assert "可以再用，不必重交" in lin.get(where).content.decode()
    assert lin.post(where, {"deed": "reuse"}).status_code == 302
    row.refresh_from_db()
    assert row.document_id is not None


def test_reuse_without_anything_kept_is_refused(lin: Client, stage: Stage) -> None:
    case = begin(lin)
    answer = lin.post(f"/my/drafts/{case.pk}/materials/articles", {"deed": "reuse"})
    assert answer.status_code == 422
    assert "没有可以再用的文件" in answer.content.decode()
