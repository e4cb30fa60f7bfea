"""A material beside what is required of it: seen, judged, and on to the next."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.casework import drafts
from qitong.casework.models import Case, CaseMaterial
from qitong.datashare.models import Scan
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk, refused


def _page(case: Case, key: str) -> str:
    return f"/desk/cases/{case.number}/materials/{key}"


@pytest.fixture
def papers(submitted: Case) -> list[CaseMaterial]:
    return list(submitted.materials.select_related("document"))


def test_the_document_stands_beside_what_the_item_requires(
    owner: Desk, submitted: Case, papers: list[CaseMaterial]
) -> None:
    first, second, *_ = papers
    page = owner.get(_page(submitted, second.key)).content.decode()
    assert second.document is not None
    assert f'data="/desk/documents/{second.document.public_id}#view=FitH' in page
    for words in ("事项要求", "类别", "来源", f"已核对0份，共{len(papers)}份", "提供文件"):
        assert words in page
    assert f'rel="prev" href="{_page(submitted, first.key)}"' in page


def test_only_the_document_itself_may_be_framed_and_only_here(
    owner: Desk, submitted: Case, papers: list[CaseMaterial]
) -> None:
    assert papers[0].document is not None
    sheet = owner.get(f"/desk/documents/{papers[0].document.public_id}")
    assert b"".join(sheet)
    assert sheet["X-Frame-Options"] == "SAMEORIGIN"
    assert sheet["Content-Type"] == "application/pdf"
    assert quote(papers[0].document.name) in sheet["Content-Disposition"]
    page = owner.get(_page(submitted, papers[0].key))
    assert page["X-Frame-Options"] == "DENY"
    assert page["Content-Security-Policy"].endswith("object-src 'self'; frame-src 'self'")


def test_a_judged_material_leads_to_the_next_that_nobody_judged(
    owner: Desk, submitted: Case, papers: list[CaseMaterial]
) -> None:
    keys = [row.key for row in papers]
    for key, following in pairwise(keys):
        answer = owner.do(submitted, "verify", key=key, correct="1", beside="1")
        assert answer["Location"] == _page(submitted, following)
    last = owner.do(submitted, "verify", key=keys[-1], correct="1", beside="1")
    assert last["Location"] == f"/desk/cases/{submitted.number}#materials"


def test_a_refused_judgement_stays_where_it_was_typed(
    owner: Desk, submitted: Case, papers: list[CaseMaterial]
) -> None:
    key = papers[0].key
    answer = owner.do(submitted, "verify", key=key, correct="0", remark=" ", beside="1")
    refused(answer, "请填写“哪里不符合要求”")
    page = answer.content.decode()
    assert f'href="#verify-{key}-remark"' in page
    assert "事项要求" in page
    owner.do(submitted, "verify", key=key, correct="0", remark="缺公章", beside="1")
    page = owner.get(_page(submitted, key)).content.decode()
    assert "不符合要求：缺公章" in page
    assert "上次核对意见" in page


def test_who_may_not_judge_reads_why_and_who_may_not_see_finds_nothing(stage: Stage, accepted: Case) -> None:
    key = accepted.materials.all()[0].key
    page = Desk(stage, "fgw.reviewer").get(_page(accepted, key)).content.decode()
    assert "由首问负责人或协办人办理" in page
    assert "核对无误</button>" not in page
    assert Desk(stage, "hg.reviewer").get(_page(accepted, key)).status_code == 404
    assert Desk(stage, "fgw.reviewer").get(_page(accepted, "nothing")).status_code == 404


def test_a_file_that_must_not_be_opened_says_why_instead(
    owner: Desk, submitted: Case, papers: list[CaseMaterial]
) -> None:
    document = next(p.document for p in papers if p.source != "generated" and p.document)
    document.scan = Scan.PENDING
    document.save()
    key = next(p.key for p in papers if p.document == document)
    page = owner.get(_page(submitted, key)).content.decode()
    assert "正在查毒" in page
    assert "<object" not in page


def test_the_page_of_a_material_asks_little(owner: Desk, submitted: Case, papers: list[CaseMaterial]) -> None:
    for row in papers[:2]:
        with CaptureQueriesContext(connection) as asked:
            assert owner.get(_page(submitted, row.key)).status_code == 200
        assert len(asked) <= 12


def test_the_companys_answers_are_shown_as_it_gave_them(stage: Stage, owner: Desk) -> None:
    case = stage.apply(GREEN, ITEM, CLERK)
    for name, value in (("has_construction_project", "true"), ("annual_power_mwh", "12000")):
        drafts.save_field(
            case_id=case.pk, field=f"fact.{name}", value=value, by=stage.who(CLERK), at=stage.tick()
        )
    page = owner.page(stage.submit(case, CLERK))
    assert ">是</dd>" in page
    assert ">true<" not in page
    assert "12,000" in page
