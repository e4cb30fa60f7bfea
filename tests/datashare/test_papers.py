"""The papers: real PDF pages, the same content always the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from qitong.datashare import papers
from qitong.datashare.logic.filetypes import PDF, identify
from qitong.datashare.sheet import FONT, measure

AT = dt.datetime(2026, 11, 22, 16, 5, tzinfo=dt.UTC)  # already the 23rd in Shanghai


def _certificate(**other: Any) -> bytes:
    facts: dict[str, Any] = {
        "title": "食品经营许可证",
        "number": "JY12301090012345",
        "holder": "晨光机械有限公司",
        "uscc": "91110000600037341L",
        "issuer": "市场监督管理局",
        "issued_on": AT.date(),
        "validity": "长期",
        "body": ["准予从事食品经营。"],
        "qr_text": "https://example.cn/v/1",
    }
    return papers.certificate(**(facts | other))


def _form(fields: list[tuple[str, str]]) -> bytes:
    return papers.form(title="申请表", fields=fields, signer="李明", signed_at=AT, reference="QT-1")


def _letter() -> bytes:
    return papers.commitment_letter(
        to="综合窗口",
        enterprise="晨光机械有限公司",
        uscc="91110000600037341L",
        item="施工许可",
        materials=[papers.Promised("中标通知书", "电子件", dt.date(2026, 12, 4))],
        consequence="办件终止。",
        signer="李明",
        signed_at=AT,
        reference="QT-1",
    )


def _notice(paragraphs: list[str]) -> bytes:
    return papers.notice(
        title="告知书",
        addressee="晨光机械有限公司",
        paragraphs=paragraphs,
        issuer="行政审批局",
        issued_on=AT.date(),
        reference="QT-1",
    )


def _pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


@pytest.mark.parametrize(
    "pdf", [_certificate(), _form([("名称", "晨光")]), _letter(), _notice(["请补正材料。"])]
)
def test_each_paper_is_one_page_of_pdf_that_storage_accepts(pdf: bytes) -> None:
    assert identify(io.BytesIO(pdf), "a.pdf") is PDF
    assert _pages(pdf) == 1


def test_the_same_content_gives_the_same_bytes_and_another_gives_others() -> None:
    assert _certificate() == _certificate()
    assert _certificate() != _certificate(number="JY2")


def test_what_does_not_fit_goes_to_the_next_page() -> None:
    assert _pages(_form([("项目", "内容" * 400), *[(f"第{i}项", "内容") for i in range(40)]])) > 2
    assert _pages(_certificate(body=["准予从事食品经营。" * 30] * 4)) == 2


def test_times_are_those_of_shanghai() -> None:
    assert papers.moment(AT) == "2026年11月23日 00:05"


def test_characters_the_typeface_lacks_are_marked_and_do_not_break_the_paper() -> None:
    assert _pages(_form([("姓名", "𠮷\x07田"), ("", "")])) == 1


def test_chinese_is_measured_as_square() -> None:
    assert measure("企通", 12) == stringWidth("企通", FONT, 12) == 24
