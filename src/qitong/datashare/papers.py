"""The papers the platform writes itself, as PDF (A4): forms, commitment letters, certificates, notices.

They are official Chinese papers whatever language the reader of the screen has chosen; dates and
times are those of Shanghai. Each function returns the bytes, to be kept with ``documents.store``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from qitong.datashare.sheet import HEIGHT, RED, TEXT, WIDTH, Sheet

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_QR = 34 * mm


@dataclass(frozen=True, slots=True)
class Promised:
    """A material that is missing, in which form it is due, and by when."""

    name: str
    form: str
    due: dt.date


def day(value: dt.date) -> str:
    """``2026年11月23日``"""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: dt.datetime) -> str:
    """``2026年11月23日 10:05``, in Shanghai."""
    local = value.astimezone(_SHANGHAI)
    return f"{day(local.date())} {local:%H:%M}"


def form(
    *,
    title: str,
    fields: Sequence[tuple[str, str]],
    signer: str,
    signed_at: dt.datetime,
    reference: str,
) -> bytes:
    """An application form: ``fields`` are (label, value) in the order shown."""
    sheet = _headed(title, reference)
    sheet.rows([(label, value or "—") for label, value in fields])
    sheet.space(8 * mm)
    sheet.paragraph("本单位确认以上填报内容真实、准确、完整，并对其真实性负责。")
    _sign(sheet, signer, signed_at)
    return sheet.finish()


def commitment_letter(
    *,
    to: str,
    enterprise: str,
    uscc: str,
    item: str,
    materials: Sequence[Promised],
    consequence: str,
    signer: str,
    signed_at: dt.datetime,
    reference: str,
) -> bytes:
    """The letter of deferred acceptance (容缺受理): each missing material, its form, its deadline, and
    what follows when it is missed."""
    sheet = _headed("容缺受理承诺书", reference)
    sheet.paragraph(f"{to}：", indent=False)
    sheet.paragraph(
        f"{enterprise}（统一社会信用代码：{uscc}）申请办理“{item}”。下列材料暂未齐备，现申请容缺受理："
    )
    sheet.space(5 * mm)
    for number, material in enumerate(materials, 1):
        name = f"{number}. {material.name}" if len(materials) > 1 else material.name
        sheet.rows(
            [
                ("暂缺材料", name),
                ("提交形式", material.form),
                ("补齐期限", f"{day(material.due)}前（含当日）"),
            ]
        )
        sheet.space(5 * mm)
    sheet.paragraph("本单位承诺：")
    sheet.paragraph("一、已提交的材料真实、合法、有效。")
    sheet.paragraph("二、在上述期限内按要求补齐全部暂缺材料。")
    sheet.paragraph(f"三、知悉并接受逾期未补齐的后果：{consequence}")
    _sign(sheet, signer, signed_at)
    return sheet.finish()


def certificate(
    *,
    title: str,
    number: str,
    holder: str,
    uscc: str,
    issuer: str,
    issued_on: dt.date,
    validity: str,
    body: Sequence[str],
    qr_text: str,
) -> bytes:
    """A certificate with a frame and a QR code; ``qr_text`` is the address at which it is verified.

    ``validity`` is the item's own wording (长期, 5年); ``body`` says what is permitted, one paragraph each.
    """
    sheet = Sheet(f"{title} {number}", margin=34 * mm, decorate=_frame)
    sheet.space(10 * mm)
    sheet.title(title, size=28, colour=RED)
    sheet.centred(f"编号：{number}")
    sheet.space(12 * mm)
    sheet.rows(
        [
            ("持有人", holder),
            ("统一社会信用代码", uscc),
            ("签发日期", day(issued_on)),
            ("有效期", validity or "长期"),
        ]
    )
    sheet.space(10 * mm)
    for paragraph in body:
        sheet.paragraph(paragraph)
    sheet.need(_QR + 16 * mm)
    _seal_block(sheet, issuer=issuer, issued_on=issued_on, qr_text=qr_text)
    return sheet.finish()


def notice(
    *,
    title: str,
    addressee: str,
    paragraphs: Sequence[str],
    issuer: str,
    issued_on: dt.date,
    reference: str,
) -> bytes:
    """A notice to an enterprise (correction, refusal, decision): what, why, and the way on."""
    sheet = _headed(title, reference)
    sheet.paragraph(f"{addressee}：", indent=False)
    for paragraph in paragraphs:
        sheet.paragraph(paragraph)
    sheet.space(16 * mm)
    sheet.right_aligned([issuer, day(issued_on)])
    return sheet.finish()


def _headed(title: str, reference: str) -> Sheet:
    sheet = Sheet(f"{title} {reference}", foot=f"编号：{reference}")
    sheet.title(title)
    sheet.centred(f"编号：{reference}", size=10.5)
    sheet.space(8 * mm)
    return sheet


def _sign(sheet: Sheet, signer: str, signed_at: dt.datetime) -> None:
    sheet.space(14 * mm)
    sheet.right_aligned([f"签署人：{signer}", f"签署时间：{moment(signed_at)}"])


def _seal_block(sheet: Sheet, *, issuer: str, issued_on: dt.date, qr_text: str) -> None:
    """At the foot of the last page: how to verify on the left, who issued on the right."""
    base = sheet.bottom + 8 * mm
    sheet.qr(qr_text, x=sheet.left, y=base, side=_QR)
    sheet.label("扫码核验证照真伪", x=sheet.left + _QR / 2, y=base - 3 * mm, size=9)
    sheet.y = base + TEXT * 4
    sheet.right_aligned([issuer, day(issued_on)])


def _frame(canvas: Canvas) -> None:
    canvas.setStrokeColorRGB(*RED)
    for inset, thickness in ((13 * mm, 2.0), (15.5 * mm, 0.6)):
        canvas.setLineWidth(thickness)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
