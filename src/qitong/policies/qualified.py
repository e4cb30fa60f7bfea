"""The list of who can have a policy, as a table in XLSX: to pay without application, to make public."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, say
from qitong.ledger.record import record
from qitong.policies import editions, qualifying
from qitong.policies.editing import PolicyDeed, demand
from qitong.policies.library import Library
from qitong.policies.publish import STREAM
from qitong.policies.qualifying import Group, Line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 20_000
BATCH = 1000
COLUMNS = (
    (say("企业"), 36),
    (say("统一社会信用代码"), 22),
    (say("为什么"), 40),
    (say("全年金额"), 16),
    (say("备注"), 20),
)


def take(*, code: str, by: Actor, at: dt.datetime) -> BinaryIO:
    """The table from its beginning, in the language of the moment; that it was taken is in the ledger.

    Only companies of which the actor may read it. Refused: ``forbidden``, ``not_found``, ``too_large``.
    """
    demand(by, PolicyDeed.READ)
    on = day_of(at)
    library = editions.on_day(on).library
    if code not in library.entries:
        raise Refused(say("没有代码为{id}的政策。", id=code), code="not_found", field="policy")
    count = qualifying.met(code, qualifying.companies_of(by))[: MOST + 1].count()
    if count > MOST:
        raise Refused(say("超过{most}家，请用命令 qitong policies batch 导出。", most=MOST), code="too_large")
    name = library.entries[code].policy.name
    file = io.BytesIO()
    title = say("{name}（{day}）", name=Named(name.zh, name.en), day=on)
    rows = _write(file, str(title), _lines(code, library, on, by))
    file.seek(0)
    with transaction.atomic():
        record(STREAM, "policy.list_taken", by=by.ref, at=at, body={"policy": code, "rows": rows})
    return file


def _lines(code: str, library: Library, on: dt.date, by: Actor) -> Iterator[Line]:
    companies, after = qualifying.companies_of(by), 0
    while True:
        found = qualifying.page(code, Group.MET, companies, library, on, after=after, most=BATCH)
        yield from found.lines
        if found.next is None:
            return
        after = found.next


def _write(file: BinaryIO, title: str, lines: Iterator[Line]) -> int:
    """How many there were. All is text, which is never read as a formula."""
    from xlsxwriter import Workbook  # here, so that no process holds it that writes no table

    book = Workbook(file, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    sheet = book.add_worksheet(str(say("谁能享受")))
    head = book.add_format({"bold": True, "bottom": 1})
    sheet.write_string(0, 0, title)
    for column, (words, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, str(words), head)
    sheet.freeze_panes(2, 1)
    count = 0
    for count, line in enumerate(lines, 1):
        note = say("企业说过不适合") if line.declined else ""
        told = (qualifying.says(line.match, Group.MET), qualifying.amount(line.match), note)
        for column, value in enumerate((line.enterprise.name, line.enterprise.uscc, *told)):
            sheet.write_string(count + 1, column, str(value))
    book.close()
    return count
