"""Who can have a policy, or which of all, as a table in XLSX: to pay without application, to make public."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
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
    (say("政策"), 40),
    (say("为什么"), 40),
    (say("全年金额"), 16),
    (say("备注"), 20),
)
POLICY = 2
"""The column that is left out where the title names the policy."""


def take(*, code: str, by: Actor, at: dt.datetime) -> BinaryIO:
    """Who can have one policy, from the beginning, in the language of the moment.

    Only companies of which the actor may read it; that it was taken is in the ledger. Refused:
    ``forbidden``, ``not_found``, ``too_large``.
    """
    demand(by, PolicyDeed.READ)
    library = editions.on_day(day_of(at)).library
    if code not in library.entries:
        raise Refused(say("没有代码为{id}的政策。", id=code), code="not_found", field="policy")
    name = library.entries[code].policy.name
    too_many = say("超过{most}家，请用命令 qitong policies batch 导出。", most=MOST)
    asked = _Asked([code], Named(name.zh, name.en), too_many, {"policy": code}, POLICY)
    return _taken(asked, library, by=by, at=at)


def take_all(*, by: Actor, at: dt.datetime) -> BinaryIO:
    """The same of all policies in force: a row for each company and policy it can have."""
    demand(by, PolicyDeed.READ)
    on = day_of(at)
    library = editions.on_day(on).library
    codes = qualifying.in_force(library, on)
    too_many = say("超过{most}行，请逐项政策下载，或用命令 qitong policies batch 导出。", most=MOST)
    title = say("施行中的政策{n}项", n=len(codes))
    return _taken(_Asked(codes, title, too_many, {"policies": codes}), library, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Asked:
    """``body``: how the ledger names the policies; ``without``: a column that says the same throughout."""

    codes: Collection[str]
    title: Named | Sentence
    too_many: Sentence
    body: dict[str, object]
    without: int | None = None


def _taken(asked: _Asked, library: Library, *, by: Actor, at: dt.datetime) -> BinaryIO:
    on, companies = day_of(at), qualifying.companies_of(by)
    there = qualifying.met(companies).filter(policy__in=asked.codes)
    if there[: MOST + 1].count() > MOST:
        raise Refused(asked.too_many, code="too_large")
    file = io.BytesIO()
    title = say("{name}（{day}）", name=asked.title, day=on)
    rows = _write(file, str(title), _rows(_lines(asked.codes, library, on, companies)), asked.without)
    file.seek(0)
    with transaction.atomic():
        record(STREAM, "policy.list_taken", by=by.ref, at=at, body={**asked.body, "rows": rows})
    return file


def _lines(
    codes: Collection[str], library: Library, on: dt.date, companies: QuerySet[Enterprise]
) -> Iterator[Line]:
    after = 0
    while True:
        found = qualifying.page(codes, Group.MET, companies, library, on, after=after, most=BATCH)
        yield from found.lines
        if found.next is None:
            return
        after = found.next


def _rows(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    """The cells of each row, by :data:`COLUMNS`."""
    for line in lines:
        for it in line.answers:
            told = (qualifying.says(it.match, Group.MET), qualifying.amount(it.match), qualifying.note(it))
            yield line.enterprise.name, line.enterprise.uscc, str(it.name), *map(str, told)


def _write(file: BinaryIO, title: str, rows: Iterable[tuple[str, ...]], without: int | None) -> int:
    """How many there were. All is text, which is never read as a formula."""
    from xlsxwriter import Workbook  # here, so that no process holds it that writes no table

    book = Workbook(file, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    sheet = book.add_worksheet(str(say("谁能享受")))
    head = book.add_format({"bold": True, "bottom": 1})
    sheet.write_string(0, 0, title)
    shown = [place for place in range(len(COLUMNS)) if place != without]
    for column, place in enumerate(shown):
        words, width = COLUMNS[place]
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, str(words), head)
    sheet.freeze_panes(2, 1)
    count = 0
    for count, cells in enumerate(rows, 1):
        for column, place in enumerate(shown):
            sheet.write_string(count + 1, column, cells[place])
    book.close()
    return count
