from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qitong.accounts.enterprises import mark
from qitong.accounts.models import MarkKind
from qitong.casework import deferral
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.web_portal.conftest import GREEN, LIN

OWED = frozenset({"premises"})


@pytest.fixture
def draft(stage: Stage) -> Case:
    return stage.apply(GREEN, "business_licence", LIN, leave=OWED)


def chosen(draft: Case) -> dict[str, str | list[str]]:
    return {"keys": ["premises"], "due_on": deferral.limit_on(draft, at=now()).isoformat()}


def test_the_letter_is_read_before_it_is_signed(lin: Client, draft: Case) -> None:
    where = f"/my/drafts/{draft.pk}/deferral"
    ask = lin.get(where).content.decode()
    assert "住所（经营场所）使用证明" in ask
    assert 'value="premises"' in ask
    assert 'value="articles"' not in ask
    assert "哪天以前补齐？" in lin.get(where, {"keys": ["premises"], "ask": "day"}).content.decode()
    letter = lin.get(where, chosen(draft)).content.decode()
    assert "容缺受理承诺书" in letter
    assert "逾期后果" in letter
    assert not draft.commitments.exists()
    unsigned = lin.post(where, {**chosen(draft), "signer_name": ""})
    assert unsigned.status_code == 422
    assert "请输入您的姓名。" in unsigned.content.decode()
    answer = lin.post(where, {**chosen(draft), "signer_name": "林小雨"})
    assert answer["Location"] == f"/my/drafts/{draft.pk}/check"
    assert draft.commitments.get().signer_name == "林小雨"
    assert "一次性告知：还缺" not in lin.get(answer["Location"]).content.decode()


def test_a_day_after_the_limit_is_refused_at_the_day(lin: Client, draft: Case) -> None:
    late = deferral.limit_on(draft, at=now()) + dt.timedelta(days=1)
    answer = lin.get(f"/my/drafts/{draft.pk}/deferral", {"keys": ["premises"], "due_on": late.isoformat()})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "补齐日期不能晚于" in page
    assert 'id="id_due_on_error"' in page


def test_without_all_core_materials_nothing_is_deferred(lin: Client, stage: Stage) -> None:
    draft = stage.apply(GREEN, "business_licence", LIN, leave=OWED | {"articles"})
    page = lin.get(f"/my/drafts/{draft.pk}/deferral").content.decode()
    assert "核心和红线材料齐全后才能容缺，还缺：公司章程" in page


def test_a_company_with_a_mark_learns_why_it_may_not(lin: Client, stage: Stage, draft: Case) -> None:
    mark(
        enterprise=draft.enterprise,
        kind=MarkKind.DISHONESTY,
        subject="x",
        note="x",
        by=stage.owner(stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)),
        at=stage.tick(),
    )
    assert "尚未修复的失信记录" in lin.get(f"/my/drafts/{draft.pk}/deferral").content.decode()


def test_what_was_promised_is_brought_later(lin: Client, stage: Stage, draft: Case) -> None:
    lin.post(f"/my/drafts/{draft.pk}/deferral", {**chosen(draft), "signer_name": "林小雨"})
    lin.post(f"/my/drafts/{draft.pk}/check")
    draft.refresh_from_db()
    assert "补齐承诺的容缺材料" in lin.get("/my").content.decode()
    where = f"/my/cases/{draft.number}/materials/premises"
    assert f'href="{where}"' in lin.get(f"/my/cases/{draft.number}").content.decode()
    assert lin.post(where).status_code == 422
    file = SimpleUploadedFile("premises.pdf", stage.paper("住所").read())
    assert lin.post(where, {"file": file}).status_code == 302
    assert draft.commitments.get().state == "fulfilled"
    assert "已补齐" in lin.get(f"/my/cases/{draft.number}").content.decode()
    assert lin.get(where).status_code == 302


def test_a_material_that_is_not_owed_leads_back_to_the_case(lin: Client, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    assert lin.get(f"/my/cases/{case.number}/materials/articles").status_code == 302
